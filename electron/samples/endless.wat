;; Hostile: a loop that never ends. Only the time limit, or you, can stop it.
(module
  (func (export "spin")
    (loop $forever
      (br $forever))))

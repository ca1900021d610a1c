;; Wants 4 GiB before it even begins.
(module
  (memory 65536)
  (func (export "go")))

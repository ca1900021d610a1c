;; A loop that never ends.
(module
  (func (export "go") (loop $again (br $again))))

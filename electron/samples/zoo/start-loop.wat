;; Never gets past its own start section.
(module
  (func $forever (loop $again (br $again)))
  (start $forever)
  (func (export "go")))

;; Calls itself without end.
(module
  (func $down (export "go") (param i64) (result i64)
    (i64.add (i64.const 1) (call $down (local.get 0)))))

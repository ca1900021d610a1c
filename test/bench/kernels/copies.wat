;; Moves many short records with memory.copy.
(module
  (memory 16)
  (func (export "run") (param $n i32) (result i32) (local $i i32)
    (loop $records
      (memory.copy
        (i32.and (i32.mul (local.get $i) (i32.const 1664525)) (i32.const 0x7ffc0))
        (i32.and (i32.mul (local.get $i) (i32.const 22695477)) (i32.const 0x7ffc0))
        (i32.add (i32.const 32) (i32.and (local.get $i) (i32.const 63))))
      (i32.store (i32.const 64) (local.get $i))
      (br_if $records (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.load (i32.const 4096))))

;; Edit distance of two strings of n bytes by rows: minima through a small function with two ways out.
(module
  (memory 2)
  (func $min (param i32 i32) (result i32)
    (if (i32.lt_u (local.get 0) (local.get 1)) (then (return (local.get 0))))
    (local.get 1))
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $diagonal i32) (local $above i32) (local $left i32)
    (loop $fill
      (i32.store8 (local.get $i) (i32.and (i32.mul (local.get $i) (i32.const 7)) (i32.const 15)))
      (i32.store8 offset=8192 (local.get $i) (i32.and (i32.mul (local.get $i) (i32.const 11)) (i32.const 15)))
      (i32.store offset=16384 (i32.shl (local.get $i) (i32.const 2)) (local.get $i))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $rows
      (local.set $diagonal (local.get $i))
      (local.set $left (i32.add (local.get $i) (i32.const 1)))
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $above (i32.load offset=16384 (i32.shl (local.get $j) (i32.const 2))))
        (local.set $left (call $min
          (i32.add (call $min (local.get $above) (local.get $left)) (i32.const 1))
          (i32.add (local.get $diagonal) (i32.ne (i32.load8_u (local.get $i)) (i32.load8_u offset=8192 (local.get $j))))))
        (local.set $diagonal (local.get $above))
        (i32.store offset=16384 (i32.shl (local.get $j) (i32.const 2)) (local.get $left))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $left)))

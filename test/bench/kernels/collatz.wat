;; Longest Collatz chain below n: unpredictable branches on 64-bit integers.
(module
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $x i64) (local $steps i32) (local $best i32)
    (local.set $i (i32.const 1))
    (loop $starts
      (local.set $x (i64.extend_i32_u (local.get $i)))
      (local.set $steps (i32.const 0))
      (block $one
        (loop $chain
          (br_if $one (i64.eq (local.get $x) (i64.const 1)))
          (if (i64.eqz (i64.and (local.get $x) (i64.const 1)))
            (then (local.set $x (i64.shr_u (local.get $x) (i64.const 1))))
            (else (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 3)) (i64.const 1)))))
          (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
          (br $chain)))
      (if (i32.gt_u (local.get $steps) (local.get $best)) (then (local.set $best (local.get $steps))))
      (br_if $starts (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $best)))

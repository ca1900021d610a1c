;; Escape times of n by n points, doubles in registers.
(module
  (func (export "run") (param $n i32) (result i32)
    (local $x i32) (local $y i32) (local $i i32) (local $total i32)
    (local $cr f64) (local $ci f64) (local $zr f64) (local $zi f64) (local $rr f64) (local $ii f64)
    (loop $rows
      (local.set $ci (f64.sub (f64.div (f64.mul (f64.const 2) (f64.convert_i32_u (local.get $y)))
        (f64.convert_i32_u (local.get $n))) (f64.const 1)))
      (local.set $x (i32.const 0))
      (loop $columns
        (local.set $cr (f64.sub (f64.div (f64.mul (f64.const 3) (f64.convert_i32_u (local.get $x)))
          (f64.convert_i32_u (local.get $n))) (f64.const 2)))
        (local.set $zr (f64.const 0)) (local.set $zi (f64.const 0))
        (local.set $rr (f64.const 0)) (local.set $ii (f64.const 0))
        (local.set $i (i32.const 0))
        (block $escaped
          (loop $iterate
            (local.set $zi (f64.add (f64.mul (f64.mul (f64.const 2) (local.get $zr)) (local.get $zi)) (local.get $ci)))
            (local.set $zr (f64.add (f64.sub (local.get $rr) (local.get $ii)) (local.get $cr)))
            (local.set $rr (f64.mul (local.get $zr) (local.get $zr)))
            (local.set $ii (f64.mul (local.get $zi) (local.get $zi)))
            (br_if $escaped (f64.gt (f64.add (local.get $rr) (local.get $ii)) (f64.const 4)))
            (br_if $iterate (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100)))))
        (local.set $total (i32.add (local.get $total) (local.get $i)))
        (br_if $columns (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 1))) (local.get $n))))
    (local.get $total)))

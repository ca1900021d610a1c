;; Product of two n by n matrices of doubles, three nested loops.
(module
  (memory 64)
  (func (export "run") (param $n i32) (result i32)
    (local $i i32) (local $j i32) (local $k i32) (local $a i32) (local $b i32) (local $sum f64) (local $row i32)
    (local.set $row (i32.shl (local.get $n) (i32.const 3)))
    (loop $fill
      (f64.store (i32.shl (local.get $i) (i32.const 3)) (f64.convert_i32_u (i32.and (local.get $i) (i32.const 7))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (i32.mul (i32.const 2) (i32.mul (local.get $n) (local.get $n))))))
    (local.set $i (i32.const 0))
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $sum (f64.const 0))
        (local.set $k (i32.const 0))
        (local.set $a (i32.mul (local.get $i) (local.get $row)))
        (local.set $b (i32.add (i32.mul (local.get $n) (local.get $row)) (i32.shl (local.get $j) (i32.const 3))))
        (loop $inner
          (local.set $sum (f64.add (local.get $sum) (f64.mul (f64.load (local.get $a)) (f64.load (local.get $b)))))
          (local.set $a (i32.add (local.get $a) (i32.const 8)))
          (local.set $b (i32.add (local.get $b) (local.get $row)))
          (br_if $inner (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
        (f64.store
          (i32.add (i32.mul (i32.const 2) (i32.mul (local.get $n) (local.get $row)))
            (i32.add (i32.mul (local.get $i) (local.get $row)) (i32.shl (local.get $j) (i32.const 3))))
          (local.get $sum))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.trunc_sat_f64_s (local.get $sum))))

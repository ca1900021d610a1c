;; Spectral norm: a small function in the innermost loop, divisions of doubles.
(module
  (memory 4)
  (func $entry (param $i i32) (param $j i32) (result f64)
    (f64.div (f64.const 1) (f64.convert_i32_u (i32.add (i32.add
      (i32.shr_u (i32.mul (i32.add (local.get $i) (local.get $j)) (i32.add (i32.add (local.get $i) (local.get $j)) (i32.const 1))) (i32.const 1))
      (local.get $i)) (i32.const 1)))))
  (func $multiply (param $n i32) (param $from i32) (param $to i32) (param $transposed i32) (local $i i32) (local $j i32) (local $sum f64)
    (loop $rows
      (local.set $sum (f64.const 0)) (local.set $j (i32.const 0))
      (loop $columns
        (local.set $sum (f64.add (local.get $sum) (f64.mul
          (call $entry
            (select (local.get $j) (local.get $i) (local.get $transposed))
            (select (local.get $i) (local.get $j) (local.get $transposed)))
          (f64.load (i32.add (local.get $from) (i32.shl (local.get $j) (i32.const 3)))))))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (f64.store (i32.add (local.get $to) (i32.shl (local.get $i) (i32.const 3))) (local.get $sum))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))))
  (func (export "run") (param $n i32) (result i32) (local $i i32)
    (loop $fill
      (f64.store (i32.shl (local.get $i) (i32.const 3)) (f64.const 1))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $rounds
      (call $multiply (local.get $n) (i32.const 0) (i32.const 65536) (i32.const 0))
      (call $multiply (local.get $n) (i32.const 65536) (i32.const 0) (i32.const 1))
      (br_if $rounds (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4))))
    (i32.trunc_sat_f64_s (f64.mul (f64.load (i32.const 0)) (f64.const 1000)))))

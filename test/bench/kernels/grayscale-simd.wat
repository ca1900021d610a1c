;; Weighted sums of bytes in sixteen lanes with widening multiplications.
(module
  (memory 8)
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $x v128) (local $sum v128)
    (loop $fill
      (i32.store8 (local.get $i) (i32.mul (local.get $i) (i32.const 37)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 262144))))
    (loop $rounds
      (local.set $i (i32.const 0))
      (loop $pixels
        (local.set $x (v128.load (local.get $i)))
        (local.set $sum (i32x4.add (local.get $sum) (i32x4.extadd_pairwise_i16x8_u (i16x8.add
          (i16x8.extmul_low_i8x16_u (local.get $x) (i8x16.splat (i32.const 77)))
          (i16x8.extmul_high_i8x16_u (local.get $x) (i8x16.splat (i32.const 29)))))))
        (v128.store (local.get $i) (i8x16.avgr_u (local.get $x) (v128.load offset=16 (local.get $i))))
        (br_if $pixels (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 262128))))
      (br_if $rounds (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32x4.extract_lane 0 (local.get $sum))))

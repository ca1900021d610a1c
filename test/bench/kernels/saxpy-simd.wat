;; y += a * x over vectors of floats, four lanes at a time.
(module
  (memory 4)
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $a v128)
    (local.set $a (f32x4.splat (f32.const 0.999)))
    (loop $fill
      (f32.store (local.get $i) (f32.convert_i32_u (i32.and (local.get $i) (i32.const 255))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 131072))))
    (loop $rounds
      (local.set $i (i32.const 0))
      (loop $vector
        (v128.store offset=65536 (local.get $i) (f32x4.add (v128.load offset=65536 (local.get $i))
          (f32x4.mul (local.get $a) (v128.load (local.get $i)))))
        (br_if $vector (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 65536))))
      (br_if $rounds (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.trunc_sat_f32_s (f32.load (i32.const 70000)))))

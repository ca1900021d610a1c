;; A generator of random numbers in one 64-bit register: the tightest loop there is.
(module
  (func (export "run") (param $n i32) (result i32) (local $x i64)
    (local.set $x (i64.const 88172645463325252))
    (loop $each
      (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
      (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
      (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
      (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.wrap_i64 (local.get $x))))

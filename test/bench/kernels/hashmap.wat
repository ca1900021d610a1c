;; Counts n keys in an open-addressed table through small functions, as compiled containers do.
(module
  (memory 64)
  (func $hash (param $key i32) (result i32)
    (local.set $key (i32.mul (i32.xor (local.get $key) (i32.shr_u (local.get $key) (i32.const 16))) (i32.const 0x45d9f3b)))
    (i32.xor (local.get $key) (i32.shr_u (local.get $key) (i32.const 16))))
  (func $slot (param $key i32) (result i32) (local $at i32)
    (local.set $at (i32.shl (i32.and (call $hash (local.get $key)) (i32.const 0x3ffff)) (i32.const 3)))
    (block $found
      (loop $probe
        (br_if $found (i32.eqz (i32.load (local.get $at))))
        (br_if $found (i32.eq (i32.load (local.get $at)) (local.get $key)))
        (local.set $at (i32.and (i32.add (local.get $at) (i32.const 8)) (i32.const 0x1fffff)))
        (br $probe)))
    (local.get $at))
  (func $count (param $key i32) (local $at i32)
    (local.set $at (call $slot (local.get $key)))
    (i32.store (local.get $at) (local.get $key))
    (i32.store offset=4 (local.get $at) (i32.add (i32.load offset=4 (local.get $at)) (i32.const 1))))
  (func (export "run") (param $n i32) (result i32) (local $x i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 0x200000))
    (local.set $x (i32.const 1))
    (loop $keys
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (call $count (i32.add (i32.and (i32.shr_u (local.get $x) (i32.const 9)) (i32.const 0xffff)) (i32.const 1)))
      (br_if $keys (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.load offset=4 (call $slot (i32.const 77)))))

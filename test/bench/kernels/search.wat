;; Looks for a short needle in n bytes by comparing at every place: short inner loops.
(module
  (memory 32)
  (data (i32.const 0) "abacabad")
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $k i32) (local $found i32) (local $x i32)
    (local.set $x (i32.const 1))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store8 offset=16 (local.get $i) (i32.add (i32.const 97) (i32.and (i32.shr_u (local.get $x) (i32.const 24)) (i32.const 1))))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $places
      (local.set $k (i32.const 0))
      (block $differs
        (loop $match
          (br_if $differs (i32.ne (i32.load8_u (local.get $k)) (i32.load8_u offset=16 (i32.add (local.get $i) (local.get $k)))))
          (br_if $match (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 8))))
        (local.set $found (i32.add (local.get $found) (i32.const 1))))
      (local.set $found (i32.add (local.get $found) (local.get $k)))
      (br_if $places (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.sub (local.get $n) (i32.const 8)))))
    (local.get $found)))

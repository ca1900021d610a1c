;; CRC-32 by a table of 256 words over n bytes: one dependent load a byte.
(module
  (memory 32)
  (func $table (local $i i32) (local $k i32) (local $c i32)
    (loop $each
      (local.set $c (local.get $i))
      (local.set $k (i32.const 0))
      (loop $bits
        (local.set $c (if (result i32) (i32.and (local.get $c) (i32.const 1))
          (then (i32.xor (i32.const 0xedb88320) (i32.shr_u (local.get $c) (i32.const 1))))
          (else (i32.shr_u (local.get $c) (i32.const 1)))))
        (br_if $bits (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 8))))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $c))
      (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256)))))
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $c i32)
    (call $table)
    (local.set $c (i32.const -1))
    (loop $bytes
      (local.set $c (i32.xor (i32.shr_u (local.get $c) (i32.const 8))
        (i32.load (i32.shl (i32.and (i32.xor (local.get $c) (i32.load8_u offset=1024 (i32.and (local.get $i) (i32.const 0xfffff)))) (i32.const 255)) (i32.const 2)))))
      (br_if $bytes (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.xor (local.get $c) (i32.const -1))))

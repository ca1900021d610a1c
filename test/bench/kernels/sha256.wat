;; The compression function of SHA-256 over n blocks: 32-bit integers, all registers in use.
(module
  (memory 1)
  ;; The round constants stand in for themselves: any 64 words cost the same.
  (func $seed (local $i i32) (local $x i32)
    (local.set $x (i32.const 0x428a2f98))
    (loop $each
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store (local.get $i) (local.get $x))
      (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 352)))))
  (func $compress
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32) (local $f i32) (local $g i32) (local $h i32)
    (local $i i32) (local $t i32) (local $u i32) (local $w i32)
    ;; constants at 0, state at 256, message at 288 extended to 64 words
    (local.set $i (i32.const 64))
    (loop $extend
      (local.set $t (i32.load offset=228 (local.get $i)))
      (local.set $u (i32.load offset=280 (local.get $i)))
      (i32.store offset=288 (local.get $i)
        (i32.add
          (i32.add (i32.load offset=224 (local.get $i))
            (i32.xor (i32.xor (i32.rotr (local.get $t) (i32.const 7)) (i32.rotr (local.get $t) (i32.const 18))) (i32.shr_u (local.get $t) (i32.const 3))))
          (i32.add (i32.load offset=260 (local.get $i))
            (i32.xor (i32.xor (i32.rotr (local.get $u) (i32.const 17)) (i32.rotr (local.get $u) (i32.const 19))) (i32.shr_u (local.get $u) (i32.const 10))))))
      (br_if $extend (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 256))))
    (local.set $a (i32.load (i32.const 256))) (local.set $b (i32.load (i32.const 260)))
    (local.set $c (i32.load (i32.const 264))) (local.set $d (i32.load (i32.const 268)))
    (local.set $e (i32.load (i32.const 272))) (local.set $f (i32.load (i32.const 276)))
    (local.set $g (i32.load (i32.const 280))) (local.set $h (i32.load (i32.const 284)))
    (local.set $i (i32.const 0))
    (loop $round
      (local.set $t (i32.add (local.get $h) (i32.add
        (i32.xor (i32.xor (i32.rotr (local.get $e) (i32.const 6)) (i32.rotr (local.get $e) (i32.const 11))) (i32.rotr (local.get $e) (i32.const 25)))
        (i32.add (i32.xor (i32.and (local.get $e) (local.get $f)) (i32.and (i32.xor (local.get $e) (i32.const -1)) (local.get $g)))
          (i32.add (i32.load (local.get $i)) (i32.load offset=288 (local.get $i)))))))
      (local.set $u (i32.add
        (i32.xor (i32.xor (i32.rotr (local.get $a) (i32.const 2)) (i32.rotr (local.get $a) (i32.const 13))) (i32.rotr (local.get $a) (i32.const 22)))
        (i32.xor (i32.xor (i32.and (local.get $a) (local.get $b)) (i32.and (local.get $a) (local.get $c))) (i32.and (local.get $b) (local.get $c)))))
      (local.set $h (local.get $g)) (local.set $g (local.get $f)) (local.set $f (local.get $e))
      (local.set $e (i32.add (local.get $d) (local.get $t)))
      (local.set $d (local.get $c)) (local.set $c (local.get $b)) (local.set $b (local.get $a))
      (local.set $a (i32.add (local.get $t) (local.get $u)))
      (br_if $round (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 256))))
    (i32.store (i32.const 256) (i32.add (local.get $a) (i32.load (i32.const 256))))
    (i32.store (i32.const 260) (i32.add (local.get $b) (i32.load (i32.const 260))))
    (i32.store (i32.const 264) (i32.add (local.get $c) (i32.load (i32.const 264))))
    (i32.store (i32.const 268) (i32.add (local.get $d) (i32.load (i32.const 268))))
    (i32.store (i32.const 272) (i32.add (local.get $e) (i32.load (i32.const 272))))
    (i32.store (i32.const 276) (i32.add (local.get $f) (i32.load (i32.const 276))))
    (i32.store (i32.const 280) (i32.add (local.get $g) (i32.load (i32.const 280))))
    (i32.store (i32.const 284) (i32.add (local.get $h) (i32.load (i32.const 284)))))
  (func (export "run") (param $n i32) (result i32)
    (call $seed)
    (loop $blocks
      (call $compress)
      (br_if $blocks (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.load (i32.const 256))))

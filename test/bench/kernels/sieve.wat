;; Primes below n by marking bytes of memory.
(module
  (memory 32)
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $count i32) (local $round i32)
    (loop $rounds
      (memory.fill (i32.const 0) (i32.const 1) (local.get $n))
      (local.set $count (i32.const 0))
      (local.set $i (i32.const 2))
      (block $done
        (loop $next
          (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
          (if (i32.load8_u (local.get $i))
            (then
              (local.set $count (i32.add (local.get $count) (i32.const 1)))
              (local.set $j (i32.shl (local.get $i) (i32.const 1)))
              (block $marked
                (loop $mark
                  (br_if $marked (i32.ge_u (local.get $j) (local.get $n)))
                  (i32.store8 (local.get $j) (i32.const 0))
                  (local.set $j (i32.add (local.get $j) (local.get $i)))
                  (br $mark)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next)))
      (br_if $rounds (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 12))))
    (local.get $count)))

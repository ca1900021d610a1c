;; A bytecode interpreter: a loop around a branch table, one short case for each opcode.
(module
  (memory 1)
  ;; 0 push next, 1 add, 2 decrement, 3 duplicate, 4 multiply, 5 jump to 0 unless the counter is zero, 6 halt
  (data (i32.const 0) "\00\07\00\05\01\00\03\04\03\01\02\02\05\06")
  (func (export "run") (param $n i32) (result i32) (local $pc i32) (local $acc i32) (local $top i32)
    (block $halt
      (loop $next
        (block $default (block $jump (block $multiply (block $duplicate (block $decrement (block $add (block $push
          (br_table $push $add $decrement $duplicate $multiply $jump $halt $default (i32.load8_u (local.get $pc))))
          (local.set $acc (i32.add (local.get $acc) (local.get $top)))
          (local.set $top (i32.load8_u offset=1 (local.get $pc)))
          (local.set $pc (i32.add (local.get $pc) (i32.const 2)))
          (br $next))
          (local.set $top (i32.add (local.get $top) (local.get $acc)))
          (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
          (br $next))
          (local.set $top (i32.sub (local.get $top) (i32.const 1)))
          (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
          (br $next))
          (local.set $acc (local.get $top))
          (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
          (br $next))
          (local.set $top (i32.mul (local.get $top) (local.get $acc)))
          (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
          (br $next))
          (if (local.tee $n (i32.sub (local.get $n) (i32.const 1)))
            (then (local.set $pc (i32.const 0)))
            (else (local.set $pc (i32.add (local.get $pc) (i32.const 1)))))
          (br $next))
        unreachable))
    (local.get $top)))

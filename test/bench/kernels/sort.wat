;; Quicksort of n integers with an indirect call for every comparison.
(module
  (type $compare (func (param i32 i32) (result i32)))
  (memory 16)
  (table 2 funcref)
  (elem (i32.const 0) $ascending $descending)
  (func $ascending (param i32 i32) (result i32) (i32.lt_s (local.get 0) (local.get 1)))
  (func $descending (param i32 i32) (result i32) (i32.gt_s (local.get 0) (local.get 1)))
  (func $sort (param $low i32) (param $high i32) (param $order i32) (local $i i32) (local $j i32) (local $pivot i32) (local $t i32)
    (local.set $i (local.get $low)) (local.set $j (local.get $high))
    (local.set $pivot (i32.load (i32.and (i32.shr_u (i32.add (local.get $low) (local.get $high)) (i32.const 1)) (i32.const -4))))
    (block $parted
      (loop $part
        (block $left (loop $up
          (br_if $left (i32.eqz (call_indirect (type $compare) (i32.load (local.get $i)) (local.get $pivot) (local.get $order))))
          (local.set $i (i32.add (local.get $i) (i32.const 4)))
          (br $up)))
        (block $right (loop $down
          (br_if $right (i32.eqz (call_indirect (type $compare) (local.get $pivot) (i32.load (local.get $j)) (local.get $order))))
          (local.set $j (i32.sub (local.get $j) (i32.const 4)))
          (br $down)))
        (br_if $parted (i32.gt_s (local.get $i) (local.get $j)))
        (local.set $t (i32.load (local.get $i)))
        (i32.store (local.get $i) (i32.load (local.get $j)))
        (i32.store (local.get $j) (local.get $t))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (local.set $j (i32.sub (local.get $j) (i32.const 4)))
        (br_if $part (i32.le_s (local.get $i) (local.get $j)))))
    (if (i32.lt_s (local.get $low) (local.get $j)) (then (call $sort (local.get $low) (local.get $j) (local.get $order))))
    (if (i32.lt_s (local.get $i) (local.get $high)) (then (call $sort (local.get $i) (local.get $high) (local.get $order)))))
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $x i32)
    (local.set $x (i32.const 12345))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1103515245)) (i32.const 12345)))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (i32.shr_u (local.get $x) (i32.const 8)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (call $sort (i32.const 0) (i32.shl (i32.sub (local.get $n) (i32.const 1)) (i32.const 2)) (i32.const 0))
    (call $sort (i32.const 0) (i32.shl (i32.sub (local.get $n) (i32.const 1)) (i32.const 2)) (i32.const 1))
    (i32.load (i32.const 0))))

;; Takes table elements until it gets no more, and says how many it has then.
(module
  (table $t 1 funcref)
  (func (export "go") (result i32)
    (loop $more
      (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 100000)) (i32.const -1))))
    (table.size $t)))

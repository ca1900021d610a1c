;; Takes memory until it gets no more, and says how many pages it has then.
(module
  (memory 1)
  (func (export "go") (result i32)
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    (memory.size)))

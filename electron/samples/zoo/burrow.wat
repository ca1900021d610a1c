;; Opens /etc/passwd through every descriptor that it could have been given, and says how often that worked.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "../../../../../../../../etc/passwd")
  (func (export "go") (result i32)
    (local $fd i32)
    (local $opened i32)
    (loop $next
      (if (i32.eqz (call $path_open
            (local.get $fd) (i32.const 1) (i32.const 0) (i32.const 34)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))
        (then (local.set $opened (i32.add (local.get $opened) (i32.const 1)))))
      (local.set $fd (i32.add (local.get $fd) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $fd) (i32.const 64))))
    (local.get $opened)))

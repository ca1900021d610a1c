;; Prints: a WASI preview 1 command that writes one line to its standard output and ends with status 0.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit"
    (func $proc_exit (param i32)))

  (memory (export "memory") 1)
  ;; One entry of an io vector: where the text begins, and its length.
  (data (i32.const 0) "\10\00\00\00\22\00\00\00")
  (data (i32.const 16) "Hello from the inside of the box.\n")

  (func (export "_start")
    ;; fd 1, one vector at 0, bytes written go to 8
    (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))
      (then (call $proc_exit (i32.const 1))))))

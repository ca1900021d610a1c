import type { Capability } from './capability.ts';

/** `params` has one letter for each: `i` an i32, `I` an i64. */
type Entry = { readonly params: string; readonly capability: Capability };

/**
 * All 46 functions of `wasi_snapshot_preview1`, with what the policy must grant for a call to succeed.
 * Every function but `proc_exit` returns an i32 error number.
 */
export const wasiFunctions = {
  args_get: { params: 'ii', capability: 'args' },
  args_sizes_get: { params: 'ii', capability: 'args' },
  environ_get: { params: 'ii', capability: 'env' },
  environ_sizes_get: { params: 'ii', capability: 'env' },
  clock_res_get: { params: 'ii', capability: 'clock' },
  clock_time_get: { params: 'iIi', capability: 'clock' },
  fd_advise: { params: 'iIIi', capability: 'wasi' },
  fd_allocate: { params: 'iII', capability: 'wasi' },
  fd_close: { params: 'i', capability: 'wasi' },
  fd_datasync: { params: 'i', capability: 'wasi' },
  fd_fdstat_get: { params: 'ii', capability: 'wasi' },
  fd_fdstat_set_flags: { params: 'ii', capability: 'wasi' },
  fd_fdstat_set_rights: { params: 'iII', capability: 'wasi' },
  fd_filestat_get: { params: 'ii', capability: 'wasi' },
  fd_filestat_set_size: { params: 'iI', capability: 'wasi' },
  fd_filestat_set_times: { params: 'iIIi', capability: 'wasi' },
  fd_pread: { params: 'iiiIi', capability: 'wasi' },
  fd_prestat_get: { params: 'ii', capability: 'wasi' },
  fd_prestat_dir_name: { params: 'iii', capability: 'wasi' },
  fd_pwrite: { params: 'iiiIi', capability: 'wasi' },
  fd_read: { params: 'iiii', capability: 'stdin' },
  fd_readdir: { params: 'iiiIi', capability: 'wasi' },
  fd_renumber: { params: 'ii', capability: 'wasi' },
  fd_seek: { params: 'iIii', capability: 'wasi' },
  fd_sync: { params: 'i', capability: 'wasi' },
  fd_tell: { params: 'ii', capability: 'wasi' },
  fd_write: { params: 'iiii', capability: 'wasi' },
  path_create_directory: { params: 'iii', capability: 'files' },
  path_filestat_get: { params: 'iiiii', capability: 'files' },
  path_filestat_set_times: { params: 'iiiiIIi', capability: 'files' },
  path_link: { params: 'iiiiiii', capability: 'files' },
  path_open: { params: 'iiiiiIIii', capability: 'files' },
  path_readlink: { params: 'iiiiii', capability: 'files' },
  path_remove_directory: { params: 'iii', capability: 'files' },
  path_rename: { params: 'iiiiii', capability: 'files' },
  path_symlink: { params: 'iiiii', capability: 'files' },
  path_unlink_file: { params: 'iii', capability: 'files' },
  poll_oneoff: { params: 'iiii', capability: 'clock' },
  proc_exit: { params: 'i', capability: 'wasi' },
  proc_raise: { params: 'i', capability: 'wasi' },
  random_get: { params: 'ii', capability: 'random' },
  sched_yield: { params: '', capability: 'wasi' },
  sock_accept: { params: 'iii', capability: 'wasi' },
  sock_recv: { params: 'iiiiii', capability: 'wasi' },
  sock_send: { params: 'iiiii', capability: 'wasi' },
  sock_shutdown: { params: 'ii', capability: 'wasi' },
} as const satisfies Record<string, Entry>;

export type WasiFunctionName = keyof typeof wasiFunctions;

/** The import module of WASI preview 1. */
export const wasiModuleName = 'wasi_snapshot_preview1';

/** All function names, in the order of the specification. */
export const wasiFunctionNames = Object.keys(wasiFunctions) as WasiFunctionName[];

/** Whether an import of `wasi_snapshot_preview1` is one of its functions. */
export function isWasiFunction(name: string): name is WasiFunctionName {
  return Object.hasOwn(wasiFunctions, name);
}

/** Parameters and results as value types; undefined for a name that is no WASI function. */
export function signatureOf(name: string): { params: ('i32' | 'i64')[]; results: 'i32'[] } | undefined {
  if (!isWasiFunction(name)) return undefined;
  const params = [...wasiFunctions[name].params].map((letter) => (letter === 'I' ? 'i64' : 'i32'));
  return { params, results: name === 'proc_exit' ? [] : ['i32'] };
}

/**
 * What a module that imports this function could ask for; undefined for a name that is no WASI function.
 * `fd_read` counts as `stdin` (files come through `path_open`), `poll_oneoff` as `clock`; both ask only when called on one.
 */
export function capabilityOf(name: string): Capability | undefined {
  return isWasiFunction(name) ? wasiFunctions[name].capability : undefined;
}

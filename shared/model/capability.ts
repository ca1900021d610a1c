import * as z from 'zod/mini';

/**
 * What a policy can grant a guest beyond computing. WASI preview 1 functions that need none of them (fd_fdstat_get,
 * proc_exit, sched_yield, stdout and stderr) come with `wasi` itself.
 */
export const capability = z.enum(['wasi', 'args', 'env', 'stdin', 'clock', 'random', 'files']);
export type Capability = z.infer<typeof capability>;
export const allCapabilities: readonly Capability[] = capability.options;

/** What a stub the user chose does for an import that is not WASI. Never the host's own powers. */
export const importStub = z.strictObject({
  module: z.string(),
  name: z.string(),
  /** `return` gives zeros or `value` in every result; `log` does the same and writes the arguments to the run's stderr */
  action: z.enum(['return', 'trap', 'log']),
  value: z.optional(z.string()),
});
export type ImportStub = z.infer<typeof importStub>;

import type { EntryPoint, RunItem, RunRequest } from '../../shared/model/run.ts';
import { type Framed, frame } from './frame.ts';

/** What a run was given, as far as a guest can see it. */
export type RunInput = Pick<RunRequest, 'wasi' | 'stubs' | 'determinism' | 'batch'> & { readonly entry: EntryPoint };

/** The bytes that a receipt's input commitment is over. */
export function inputBytes(input: RunInput): Uint8Array {
  const { entry, wasi, stubs, determinism, batch } = input;
  return frame({
    args: entry.kind === 'export' ? entry.args : null,
    wasi: wasi && {
      args: wasi.args,
      env: wasi.env,
      stdin: wasi.stdin,
      folders: wasi.folders.map(({ path, isWritable }): Framed => ({ path, isWritable })),
      files: wasi.files.map(({ path, content }): Framed => ({ path, content })),
    },
    stubs: stubs?.map(({ module, name, action, value }): Framed => ({ module, name, action, value })),
    seed: determinism?.seed,
    batch: batch?.map(({ args, stdin }): Framed => ({ args, stdin })),
  });
}

/** The bytes that a receipt's output commitment is over: results, streams and files of every instance in order. */
export function outputBytes(items: readonly RunItem[]): Uint8Array {
  return frame(
    items.map(
      ({ results, stdout, stderr, files }): Framed => ({
        results: results.map(({ type, value }): Framed => ({ type, value })),
        stdout,
        stderr,
        files: files.map(({ path, content }): Framed => ({ path, content })),
      }),
    ),
  );
}

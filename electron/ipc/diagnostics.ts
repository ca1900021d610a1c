import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { MiB } from '../../shared/units.ts';

/** Where broken invariants are written down: on this machine only, never sent anywhere. */
export type Diagnostics = {
  /** Writes one line about an error that no code foresaw; returns the id that the caller is told. */
  report(where: string, error: unknown): string;
  /** Resolves when everything reported so far has been written, or could not be. */
  flush(): Promise<void>;
};

const MAX_FILE_BYTES = 4 * MiB;

/**
 * Opens `diagnostics.log` in `folder`; one older file is kept. Lines carry the error's name, message and stack: code
 * that throws keeps secrets out of its messages.
 */
export function openDiagnostics(folder: string, clock: () => number = Date.now): Diagnostics {
  const file = path.join(folder, 'diagnostics.log');
  let tail: Promise<void> = Promise.resolve();
  return {
    report(where, error) {
      const correlationId = randomUUID();
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      const line = JSON.stringify({ ts: new Date(clock()).toISOString(), correlationId, where, name, message, stack });
      tail = tail.then(() => write(file, `${line}\n`)).catch(() => undefined);
      return correlationId;
    },
    flush: () => tail,
  };
}

async function write(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_FILE_BYTES) await rename(file, `${file}.1`);
  await appendFile(file, line, { mode: 0o600 });
}

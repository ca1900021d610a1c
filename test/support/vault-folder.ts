import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder for one test, removed when it ends, and how to change a file in it by hand. */
export async function useTestFolder(): Promise<{
  dir: string;
  edit(name: string, change: (text: string) => string): Promise<void>;
}> {
  const dir = await mkdtemp(path.join(tmpdir(), 'vault-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return {
    dir,
    async edit(name, change) {
      const file = path.join(dir, name);
      const before = await readFile(file, 'utf8');
      const after = change(before);
      if (after === before) throw new Error(`nothing was changed in ${name}`);
      await writeFile(file, after);
    },
  };
}

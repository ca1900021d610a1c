import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import loadWabt from 'wabt';

/** Compiles every `.wat` beside this file and in `zoo/` into `folder`, in the same order; returns how many. */
export async function buildSamples(folder: string): Promise<number> {
  const wabt = await loadWabt();
  let built = 0;
  for (const part of ['', 'zoo']) {
    const from = path.join(import.meta.dirname, part);
    const to = path.join(folder, part);
    await mkdir(to, { recursive: true });
    for (const file of (await readdir(from)).filter((name) => name.endsWith('.wat'))) {
      const module = wabt.parseWat(file, await readFile(path.join(from, file), 'utf8'));
      module.validate();
      await writeFile(path.join(to, file.replace(/\.wat$/, '.wasm')), module.toBinary({}).buffer);
      module.destroy();
      built += 1;
    }
  }
  return built;
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import loadWabt from 'wabt';
import { samples } from './index.ts';

/** Compiles the sample sources beside this file into `folder`; returns how many. */
export async function buildSamples(folder: string): Promise<number> {
  const wabt = await loadWabt();
  await mkdir(folder, { recursive: true });
  for (const { name } of samples) {
    const source = await readFile(path.join(import.meta.dirname, `${name}.wat`), 'utf8');
    const module = wabt.parseWat(`${name}.wat`, source);
    module.validate();
    await writeFile(path.join(folder, `${name}.wasm`), module.toBinary({}).buffer);
    module.destroy();
  }
  return samples.length;
}

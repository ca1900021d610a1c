import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const CLI = join(import.meta.dirname, '../../out/headless/cli.js');

export type ServedWindow = { readonly url: string; stop(): Promise<void> };

/** The built `glovebox serve` over an empty data folder, and the address that opens its window once. */
export async function startServedWindow(): Promise<ServedWindow> {
  const data = await mkdtemp(join(tmpdir(), 'glovebox-window-'));
  const child = spawn(process.execPath, [CLI, 'serve', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const url = await Promise.race([
    firstMatch(lines, /(http:\/\/\S+)/),
    exited.then(() => Promise.reject(new Error('glovebox serve ended before it told its address'))),
  ]);
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      await exited;
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function firstMatch(lines: AsyncIterable<string>, pattern: RegExp): Promise<string> {
  for await (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error('expected a line with an address');
}

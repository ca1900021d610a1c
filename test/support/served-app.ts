import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** The built command line; `npm test` builds it first. */
export const cliScript = path.join(root, 'out/headless/cli.js');
export const isBuilt = existsSync(cliScript) && existsSync(path.join(root, 'out/renderer/index.html'));

export type ServedApp = {
  readonly dataFolder: string;
  readonly process: ChildProcess;
  /** opens the window once */
  windowUrl(): string;
  readonly origin: string;
  /** Ends it as Ctrl-C does; resolves with the exit status. */
  stop(): Promise<number | null>;
  remove(): Promise<void>;
};

/** Starts `glovebox serve` over a data folder, by default a fresh one, and waits until it says where. */
export async function serveApp(options: { dataFolder?: string; args?: readonly string[] } = {}): Promise<ServedApp> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'glovebox-served-')));
  const child = spawn(process.execPath, [cliScript, 'serve', '--data', dataFolder, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await firstUrl(child);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    dataFolder,
    process: child,
    windowUrl: () => url,
    origin: new URL(url).origin,
    stop() {
      child.kill('SIGINT');
      return exited;
    },
    async remove() {
      child.kill('SIGKILL');
      await exited;
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const match = /http:\/\/\S+/.exec(said);
      if (match) resolve(match[0]);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`serve ended with ${code} before it listened: ${said}`)));
  });
}

import { spawn } from 'node:child_process';
import { cliScript } from './served-app.ts';

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built command line over a data folder and waits for its end. */
export function glovebox(dataFolder: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliScript, '--data', dataFolder, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      said.stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said.stderr += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

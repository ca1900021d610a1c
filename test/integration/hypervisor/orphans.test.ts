import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildGuest } from '../../support/guest-bundle.ts';
import { descendantsOf, isAlive } from '../../support/process-tree.ts';

const host = path.resolve(import.meta.dirname, '../../fixtures/hypervisor-host.ts');

async function startHost(processScript: URL): Promise<ChildProcess> {
  const child = spawn(process.execPath, [host, processScript.href], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}`)));
  });
  return child;
}

async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test.skipIf(process.platform !== 'linux').each(['SIGKILL', 'SIGTERM'] as const)(
  'no guest process outlives an app that ends by %s, whatever its guests do',
  async (signal) => {
    const guest = await buildGuest();
    const child = await startHost(guest.processScript);
    const guests = descendantsOf(child.pid!);
    expect(guests.length).toBeGreaterThanOrEqual(3);
    child.kill(signal);
    await allGone([child.pid!, ...guests]);
    await guest.remove();
  },
);

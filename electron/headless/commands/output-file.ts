import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Shell } from '../command.ts';

/** Where a command's answer goes, piece by piece: standard output, or a file that appears when it is whole. */
export type Output = { write(text: string): Promise<void>; finish(): Promise<void> };

/** Opens the file that `-o` names, or standard output without one. An unfinished file is not left under its name. */
export async function openOutput(shell: Shell, target: string | undefined): Promise<Output> {
  if (target === undefined) {
    return { write: async (text) => shell.terminal.pass('stdout', Buffer.from(text)), finish: async () => {} };
  }
  const whole = path.resolve(shell.workingFolder, target);
  const part = `${whole}.part`;
  const file = await open(part, 'w', 0o600);
  return {
    async write(text) {
      try {
        await file.write(text);
      } catch (error) {
        await file.close();
        await rm(part, { force: true });
        throw error;
      }
    },
    async finish() {
      await file.sync();
      await file.close();
      await rename(part, whole);
    },
  };
}

import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureDir, readFileIfThere, syncFolder, writeFileAtomic } from '../disk/index.ts';

/** What the vault needs of a disk; tests pass one that fails. */
export type VaultDisk = {
  /** All or nothing, durable when it resolves, readable by the owner only. */
  writeFileAtomic(path: string, bytes: Uint8Array): Promise<void>;
  readFileIfThere(path: string): Promise<Uint8Array | undefined>;
  ensureDir(path: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  moveFile(from: string, to: string): Promise<void>;
};

/** The real disk. */
export const localDisk: VaultDisk = {
  writeFileAtomic,
  readFileIfThere,
  ensureDir,
  async removeFile(path) {
    await rm(path, { force: true });
  },
  async moveFile(from, to) {
    await rename(from, to);
    await syncFolder(dirname(to));
  },
};

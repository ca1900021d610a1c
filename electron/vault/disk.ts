import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the vault needs of a disk. */
export type Disk = {
  /** All or nothing, durable when it resolves, readable by the owner only. */
  writeFileAtomic(path: string, bytes: Uint8Array): Promise<void>;
  readFileIfThere(path: string): Promise<Uint8Array | undefined>;
  ensureDir(path: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  moveFile(from: string, to: string): Promise<void>;
};

export const localDisk: Disk = {
  async writeFileAtomic(path, bytes) {
    const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  },
  async readFileIfThere(path) {
    try {
      return new Uint8Array(await readFile(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  async ensureDir(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  async removeFile(path) {
    await rm(path, { force: true });
  },
  moveFile: rename,
};

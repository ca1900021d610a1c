import { closeSync, openSync, writeSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureDir, FILE_MODE, syncFolder, writeFileAtomic, writeFileLoose } from './files.ts';

/** A file that only grows. A write that resolves has written all of its bytes; durable after `datasync`. */
export type AppendFile = {
  readonly sizeBytes: number;
  write(bytes: Uint8Array): Promise<void>;
  datasync(): Promise<void>;
  /** Cuts the file; for recovery only. */
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
};

/** A small file that is overwritten in place, always with the same number of bytes, without a sync. */
export type Slot = { write(bytes: Uint8Array): void; close(): void };

/** Everything a store does to the disk that can fail; tests pass one that does. */
export type Disk = {
  openAppend(path: string): Promise<AppendFile>;
  openSlot(path: string): Slot;
  writeFileAtomic(path: string, content: Uint8Array | string): Promise<void>;
  /** Whole or not at all, but not durable: for what can be made again. */
  writeFileLoose(path: string, content: Uint8Array | string): Promise<void>;
  ensureDir(path: string): Promise<void>;
  /** Makes a file durable that was written without. */
  sync(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
};

/** The real disk. */
export const nodeDisk: Disk = {
  openAppend: openAppendFile,
  openSlot(path) {
    const descriptor = openSync(path, 'a+', FILE_MODE);
    closeSync(descriptor);
    const slot = openSync(path, 'r+');
    return { write: (bytes) => void writeSync(slot, bytes, 0, bytes.length, 0), close: () => closeSync(slot) };
  },
  writeFileAtomic,
  writeFileLoose,
  ensureDir,
  async sync(path) {
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  },
  async remove(path) {
    await rm(path, { force: true });
    await syncFolder(dirname(path));
  },
  removeFolder: (path) => rm(path, { recursive: true, force: true }),
};

async function openAppendFile(path: string): Promise<AppendFile> {
  const file = await open(path, 'a', FILE_MODE);
  let sizeBytes = (await file.stat()).size;
  if (sizeBytes === 0) await syncFolder(dirname(path));
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
        done += bytesWritten;
        sizeBytes += bytesWritten;
      }
    },
    datasync: () => file.datasync(),
    async truncate(size) {
      await file.truncate(size);
      await file.sync();
      sizeBytes = size;
    },
    close: () => file.close(),
  };
}

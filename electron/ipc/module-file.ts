import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../shared/result.ts';
import { formatBytes } from '../../shared/units.ts';

/**
 * Reads a module file named by the user. A pipe or a device is refused before a byte of it is read, and so is a file
 * above `maxBytes`. Messages name no folder.
 * @throws Refusal `module.unreadable`, `module.too-large`
 */
export async function readModuleFile(file: string, maxBytes: number): Promise<Uint8Array> {
  const name = path.basename(file);
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (found.isDirectory()) throw new Refusal('module.unreadable', `${name} is a folder, expected a file`);
      if (!found.isFile()) throw new Refusal('module.unreadable', `${name} is not a regular file`);
      checkSize(name, found.size, maxBytes);
      const bytes = await handle.readFile();
      checkSize(name, bytes.length, maxBytes);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('module.unreadable', `${name} ${describe(error)}`);
  }
}

/** @throws Refusal `module.too-large` naming both sizes */
export function checkSize(name: string, sizeBytes: number, maxBytes: number): void {
  if (sizeBytes <= maxBytes) return;
  const message = `${name} has ${formatBytes(sizeBytes)} (${sizeBytes} bytes), expected at most ${formatBytes(maxBytes)}, the module size limit`;
  throw new Refusal('module.too-large', message, { sizeBytes, limitBytes: maxBytes });
}

const REASONS: Record<string, string> = {
  ENOENT: 'does not exist, or no longer does',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder, expected a file',
  ENOTDIR: 'does not exist: a part of its path is a file',
  ELOOP: 'is a link that leads in a circle',
  ENAMETOOLONG: 'has a name longer than the system allows',
  EIO: 'could not be read from the disk',
  EMFILE: 'could not be opened: too many files are open',
  ENFILE: 'could not be opened: too many files are open',
};

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? 'could not be read';
}

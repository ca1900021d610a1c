import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Files are the user's own, folders too; nobody else reads what the app keeps. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/**
 * Replaces `path` by `content`, whole or not at all: writes a new file beside it, syncs it, renames it over `path` and
 * syncs the folder. After it resolves the content survives a power cut.
 * @throws the system's error; the old file then stands as it was
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  await replaceFile(path, content, true);
  await syncFolder(dirname(path));
}

/**
 * The same without the syncs: after a power cut the file may be the old one, or empty. For what can be made again.
 * @throws the system's error; the old file then stands as it was
 */
export async function writeFileLoose(path: string, content: Uint8Array | string): Promise<void> {
  await replaceFile(path, content, false);
}

async function replaceFile(path: string, content: Uint8Array | string, isSynced: boolean): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', FILE_MODE);
    try {
      await file.writeFile(content);
      if (isSynced) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The bytes of a file, or undefined when there is none. @throws every other error of the system */
export async function readFileIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Makes a folder and its parents; one that is there already is closed to other users. */
export async function ensureDir(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  if (made === undefined) await chmod(path, FOLDER_MODE);
  else await syncFolder(dirname(path));
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

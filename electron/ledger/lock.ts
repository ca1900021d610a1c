import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { FILE_MODE } from '../disk/index.ts';

/**
 * One writer for a folder, without the operating system's locks, which Node does not offer.
 *
 * The lock is the file `lock.N` with the highest N; it says who holds it. To take over from an owner that has let go or
 * has died is to create `lock.N+1`: creating a file that must not exist succeeds for exactly one of many. N only grows, so a
 * slow taker that still believes in `lock.N` finds `lock.N+1` there, or a higher one after creating its own, and gives way.
 */
export type Lock = { release(): Promise<void> };

/** Who holds a lock that could not be had. */
export type LockOwner = { readonly pid: number; readonly host: string };

const NAME = /^lock\.(\d{1,15})$/;
const content = z.strictObject({
  pid: z.int(),
  host: z.string(),
  /** tells a process from a later one with the same number; empty where the system does not say */
  born: z.string(),
  isReleased: z.boolean(),
});
type Content = z.infer<typeof content>;

/** Takes the lock of a folder, from a dead owner too. @returns who holds it when it could not be had */
export async function takeLock(folder: string): Promise<Lock | LockOwner> {
  for (;;) {
    const numbers = await lockNumbers(folder);
    const newest = numbers.at(-1);
    if (newest !== undefined) {
      const owner = await readLock(folder, newest);
      if (owner !== undefined && isHeld(owner)) return { pid: owner.pid, host: owner.host };
    }
    const mine = (newest ?? 0) + 1;
    if (!(await createLock(folder, mine))) continue;
    const after = await lockNumbers(folder);
    if (after.at(-1) !== mine) {
      await rm(lockPath(folder, mine), { force: true });
      continue;
    }
    for (const older of after) if (older < mine) await rm(lockPath(folder, older), { force: true });
    return { release: () => releaseLock(folder, mine) };
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  const numbers = names.map((name) => NAME.exec(name)?.[1]).filter((text) => text !== undefined);
  return numbers.map(Number).sort((a, b) => a - b);
}

/** Undefined when the file went away or says nothing: its maker died while making it. */
async function readLock(folder: string, number: number): Promise<Content | undefined> {
  try {
    const parsed = content.safeParse(JSON.parse(await readFile(lockPath(folder, number), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(owner: Content): boolean {
  if (owner.isReleased) return false;
  // Another machine cannot be asked; taking over from it could give a shared folder two writers.
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  return owner.born === '' || owner.born === birthOf(owner.pid);
}

async function createLock(folder: string, number: number): Promise<boolean> {
  const temporary = join(folder, `.lock.${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(temporary, encode(false), { mode: FILE_MODE, flag: 'wx' });
  try {
    // A link appears whole: nobody can read a lock that does not say yet whose it is.
    await link(temporary, lockPath(folder, number));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // FAT and some network folders have no links.
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP')) throw error;
    return await createExclusively(lockPath(folder, number));
  } finally {
    await rm(temporary, { force: true });
  }
}

async function createExclusively(path: string): Promise<boolean> {
  try {
    await writeFile(path, encode(false), { mode: FILE_MODE, flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

async function releaseLock(folder: string, number: number): Promise<void> {
  await writeFile(lockPath(folder, number), encode(true), { mode: FILE_MODE });
}

function encode(isReleased: boolean): string {
  const own: Content = { pid: process.pid, host: hostname(), born: birthOf(process.pid), isReleased };
  return JSON.stringify(own);
}

/** Start time of a process in clock ticks with the boot it belongs to, from proc(5); empty elsewhere. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name in parentheses may hold anything; field 22 is the 20th after it.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${boot}/${started}`;
  } catch {
    return '';
  }
}

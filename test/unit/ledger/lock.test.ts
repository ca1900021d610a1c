import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Lock, takeLock } from '../../../electron/ledger/lock.ts';
import { temporaryFolder } from '../../support/folder.ts';

const isLock = (taken: Awaited<ReturnType<typeof takeLock>>): taken is Lock => 'release' in taken;
const lockFiles = async (folder: string) => (await readdir(folder)).filter((name) => !name.startsWith('.'));

/** A process that has ended, so that nobody has its number. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('one of many takers gets the lock, the others learn who has it', async () => {
  const folder = await temporaryFolder();
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder)));
  expect(taken.filter(isLock)).toHaveLength(1);
  expect(taken.filter((one) => !isLock(one))).toEqual(
    Array.from({ length: 19 }, () => ({ pid: process.pid, host: hostname() })),
  );
  expect(await lockFiles(folder)).toHaveLength(1);
});

test('a released lock is had again, and its number only grows', async () => {
  const folder = await temporaryFolder();
  for (let i = 0; i < 3; i++) {
    const lock = await takeLock(folder);
    expect(isLock(lock)).toBe(true);
    if (isLock(lock)) await lock.release();
  }
  expect(await lockFiles(folder)).toEqual(['lock.3']);
});

test('one of many takers takes over from a dead owner', async () => {
  const folder = await temporaryFolder();
  const owner = { pid: deadProcess(), host: hostname(), born: 'boot/1', isReleased: false };
  await writeFile(join(folder, 'lock.7'), JSON.stringify(owner));
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder)));
  expect(taken.filter(isLock)).toHaveLength(1);
  expect(await lockFiles(folder)).toEqual(['lock.8']);
});

test('a process that has the number of a dead owner is not taken for it', async () => {
  const folder = await temporaryFolder();
  const owner = { pid: process.pid, host: hostname(), born: 'another boot/1', isReleased: false };
  await writeFile(join(folder, 'lock.1'), JSON.stringify(owner));
  expect(isLock(await takeLock(folder))).toBe(true);
});

test('an owner on another machine is never taken over, whatever its number', async () => {
  const folder = await temporaryFolder();
  const owner = { pid: deadProcess(), host: 'elsewhere', born: '', isReleased: false };
  await writeFile(join(folder, 'lock.1'), JSON.stringify(owner));
  expect(await takeLock(folder)).toEqual({ pid: owner.pid, host: 'elsewhere' });
});

test('a lock that says nothing was left by someone who died while making it', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'lock.1'), '{"pid":');
  const lock = await takeLock(folder);
  expect(isLock(lock)).toBe(true);
  expect(JSON.parse(await readFile(join(folder, 'lock.2'), 'utf8'))).toMatchObject({
    pid: process.pid,
    isReleased: false,
  });
});

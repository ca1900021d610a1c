import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureDir, nodeDisk, readFileIfThere, writeFileAtomic } from '../../../electron/disk/index.ts';
import { temporaryFolder } from '../../support/folder.ts';

const isPosix = process.platform !== 'win32';

test('a file is replaced whole and is readable by its owner only', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'settings.json');
  await writeFileAtomic(path, 'old');
  await writeFileAtomic(path, new Uint8Array([1, 2, 3]));
  expect(await readFile(path)).toEqual(Buffer.from([1, 2, 3]));
  expect(await readdir(folder)).toEqual(['settings.json']);
  if (isPosix) expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a replacement that fails leaves the old content and no litter', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'taken');
  await mkdir(path);
  await writeFile(join(path, 'inside'), 'kept');
  await expect(writeFileAtomic(path, 'new')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
  expect(await readFile(join(path, 'inside'), 'utf8')).toBe('kept');
});

test('an absent file reads as undefined, an unreadable one throws', async () => {
  const folder = await temporaryFolder();
  expect(await readFileIfThere(join(folder, 'none'))).toBeUndefined();
  await expect(readFileIfThere(folder)).rejects.toThrow();
});

test.runIf(isPosix)('a folder is closed to other users, also one that was open', async () => {
  const folder = await temporaryFolder();
  const open = join(folder, 'open');
  await mkdir(open);
  await chmod(open, 0o755);
  await ensureDir(open);
  await ensureDir(join(folder, 'a', 'b'));
  expect((await stat(open)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, 'a', 'b'))).mode & 0o777).toBe(0o700);
});

test('an append file knows its size over reopening and cutting', async () => {
  const path = join(await temporaryFolder(), 'log');
  const first = await nodeDisk.openAppend(path);
  await first.write(Buffer.from('hello\n'));
  await first.datasync();
  await first.close();
  const second = await nodeDisk.openAppend(path);
  expect(second.sizeBytes).toBe(6);
  await second.truncate(3);
  await second.write(Buffer.from('p'));
  expect(second.sizeBytes).toBe(4);
  await second.close();
  expect(await readFile(path, 'utf8')).toBe('help');
});

test('a slot is overwritten in place', async () => {
  const path = join(await temporaryFolder(), 'head');
  const slot = nodeDisk.openSlot(path);
  slot.write(Buffer.from('first'));
  slot.write(Buffer.from('again'));
  slot.close();
  expect(await readFile(path, 'utf8')).toBe('again');
});

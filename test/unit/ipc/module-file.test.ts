import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readModuleFile } from '../../../electron/ipc/module-file.ts';
import { MiB } from '../../../shared/units.ts';
import { temporaryFolder } from '../../support/folder.ts';

async function refusalOf(file: string, maxBytes = MiB): Promise<unknown> {
  return readModuleFile(file, maxBytes).then(
    () => 'was read',
    ({ code, message }: { code: string; message: string }) => [code, message],
  );
}

test('a file within the limit is read whole', async () => {
  const file = path.join(await temporaryFolder(), 'a.wasm');
  await writeFile(file, new Uint8Array([1, 2, 3]));
  expect(await readModuleFile(file, 3)).toEqual(new Uint8Array([1, 2, 3]));
});

test('a file above the limit is refused with both sizes, before it is read', async () => {
  const file = path.join(await temporaryFolder(), 'big.wasm');
  await writeFile(file, '');
  await truncate(file, 500 * MiB);
  expect(await refusalOf(file, 128 * MiB)).toEqual([
    'module.too-large',
    'big.wasm has 500 MiB (524288000 bytes), expected at most 128 MiB, the module size limit',
  ]);
});

test('what is not a file is refused by its kind', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'folder.wasm'));
  execFileSync('mkfifo', [path.join(folder, 'pipe.wasm')]);
  await symlink('loop.wasm', path.join(folder, 'loop.wasm'));
  expect(
    await Promise.all(['folder', 'pipe', 'loop', 'gone'].map((name) => refusalOf(path.join(folder, `${name}.wasm`)))),
  ).toEqual([
    ['module.unreadable', 'folder.wasm is a folder, expected a file'],
    ['module.unreadable', 'pipe.wasm is not a regular file'],
    ['module.unreadable', 'loop.wasm is a link that leads in a circle'],
    ['module.unreadable', 'gone.wasm does not exist, or no longer does'],
  ]);
});

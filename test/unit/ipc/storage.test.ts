import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { measureStorage } from '../../../electron/ipc/storage.ts';
import { temporaryFolder } from '../../support/folder.ts';

test('every file counts to the room whose folder it is in, however deep, and to no other', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'ledger/entries'), { recursive: true });
  await mkdir(path.join(folder, 'vault'));
  await writeFile(path.join(folder, 'ledger/checkpoint'), 'x'.repeat(10));
  await writeFile(path.join(folder, 'ledger/entries/2026-11.ndjson'), 'x'.repeat(1000));
  await writeFile(path.join(folder, 'vault/store'), 'x'.repeat(7));
  await writeFile(path.join(folder, 'policies.json'), 'x'.repeat(3));
  const parts = await measureStorage(folder);
  expect(parts.filter(({ files }) => files > 0)).toEqual([
    { part: 'ledger', files: 2, sizeBytes: 1010 },
    { part: 'vault', files: 1, sizeBytes: 7 },
    { part: 'other', files: 1, sizeBytes: 3 },
  ]);
  expect(parts).toHaveLength(7);
});

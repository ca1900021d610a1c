import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MiB } from '../../../shared/units.ts';
import { glovebox } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { isBuilt } from '../../support/served-app.ts';
import { assemble } from '../../support/wat.ts';

const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const adder = '(module (func (export "add") (param i32 i64) (result i64) (i64.extend_i32_s (local.get 0))))';

/** What is put into the file, how it is run, and what has to come of it. */
type Case = {
  readonly title: string;
  readonly content: Uint8Array | string | number[];
  readonly args: readonly string[];
  readonly status: number;
  readonly says: RegExp;
};

const cases: readonly Case[] = [
  {
    title: 'text',
    content: [...Buffer.from('#!/bin/sh\n')],
    args: [],
    status: 126,
    says: /magic bytes 00 61 73 6d.*byte 0/,
  },
  { title: 'a truncated header', content: magic.slice(0, 6), args: [], status: 126, says: /at byte 4|at byte 6/ },
  {
    title: 'a section cut short',
    content: [...magic, 1, 5],
    args: [],
    status: 126,
    says: /expected 5 bytes in the section, found 0, at byte 10/,
  },
  {
    title: 'a LEB128 number that never ends',
    content: [...magic, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
    args: [],
    status: 126,
    says: /byte (9|1\d)/,
  },
  { title: 'an unknown section', content: [...magic, 99, 0], args: [], status: 126, says: /section.*99|99.*section/ },
  {
    title: 'a body of the wrong type',
    content: [...magic, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0, 10, 4, 1, 2, 0, 0x0b],
    args: ['--invoke', 'f'],
    status: 126,
    says: /denied/,
  },
  {
    title: 'an export that is not there',
    content: adder,
    args: ['--invoke', 'sub'],
    status: 2,
    says: /no export named sub/,
  },
  { title: 'too few arguments', content: adder, args: ['--invoke', 'add', '1'], status: 2, says: /2|two/ },
  {
    title: 'an argument of the wrong type',
    content: adder,
    args: ['--invoke', 'add', '1', 'x'],
    status: 2,
    says: /argument 1 \(i64\)/,
  },
  {
    title: 'a limit out of its range',
    content: adder,
    args: ['--invoke', 'add', '1', '2', '--memory', '1KiB'],
    status: 2,
    says: /memory limit must be 65536/,
  },
  {
    title: 'an import that nothing grants',
    content: '(module (import "env" "system" (func (param i32))) (func (export "f")))',
    args: ['--invoke', 'f'],
    status: 126,
    says: /denied.*env.*system/,
  },
  {
    title: 'a minimum of memory above the limit',
    content: '(module (memory 2000) (func (export "f")))',
    args: ['--invoke', 'f'],
    status: 126,
    says: /memory/,
  },
];

describe.skipIf(!isBuilt)('bad input on the command line', () => {
  test.for(cases)('$title: one message, the right status, and an entry', async ({ content, args, status, says }) => {
    const folder = await temporaryFolder();
    const data = path.join(folder, 'data');
    const file = path.join(folder, 'm.wasm');
    await writeFile(file, typeof content === 'string' ? assemble(content) : new Uint8Array(content));
    const ended = await glovebox(data, 'run', file, ...args);
    expect({ status: ended.status, stdout: ended.stdout, says: says.test(ended.stderr) ? true : ended.stderr }).toEqual(
      {
        status,
        stdout: '',
        says: true,
      },
    );
    expect(
      ended.stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('glovebox: ')),
    ).toHaveLength(1);
    const log = await glovebox(data, 'audit', 'list', '--json');
    expect(log.stdout).toMatch(/"outcome":"(refused|denied)"/);
  });

  test('a folder, a file of 500 MB and one that vanished are refused by what they are', async () => {
    const folder = await temporaryFolder();
    const data = path.join(folder, 'data');
    await mkdir(path.join(folder, 'folder.wasm'));
    await writeFile(path.join(folder, 'huge.wasm'), new Uint8Array(magic));
    await truncate(path.join(folder, 'huge.wasm'), 500 * MiB);
    await writeFile(path.join(folder, 'gone.wasm'), '');
    await rm(path.join(folder, 'gone.wasm'));
    const said: Record<string, unknown> = {};
    for (const name of ['folder', 'huge', 'gone']) {
      const { status, stderr } = await glovebox(data, 'inspect', path.join(folder, `${name}.wasm`));
      said[name] = [status, stderr.trim()];
    }
    expect(said).toEqual({
      folder: [2, 'glovebox: folder.wasm is a folder, expected a file'],
      huge: [126, 'glovebox: huge.wasm has 500 MiB (524288000 bytes), expected at most 128 MiB, the module size limit'],
      gone: [2, 'glovebox: gone.wasm does not exist, or no longer does'],
    });
    const log = await glovebox(data, 'audit', 'list', 'kind:module.refused', '--json');
    expect(log.stdout.trim().split('\n')).toHaveLength(3);
  });
});

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { zoo } from '../../../electron/samples/zoo.ts';
import { glovebox } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { isBuilt } from '../../support/served-app.ts';

const sample = (name: string) => path.resolve(import.meta.dirname, `../../../out/samples/${name}.wasm`);

describe.skipIf(!isBuilt)('the built command line', () => {
  test('doctor finds that every limit of the box holds', async () => {
    const { status, stdout } = await glovebox(await temporaryFolder(), 'doctor', '--json');
    const { findings } = JSON.parse(stdout) as {
      findings: { check: string; isGood: boolean | null; message: string }[];
    };
    expect(findings.filter(({ isGood }) => isGood === false)).toEqual([]);
    expect(findings.slice(-zoo.length).map(({ check, isGood }) => [check, isGood])).toEqual(
      zoo.map(({ holds }) => [holds, true]),
    );
    expect(status).toBe(0);
  });

  test('meter writes a module that counts its fuel in plain JavaScript', async () => {
    const folder = await temporaryFolder();
    const to = path.join(folder, 'metered.wasm');
    const ended = await glovebox(folder, 'meter', sample('fibonacci'), '-o', to);
    expect(ended.status).toBe(0);
    const { instance } = await WebAssembly.instantiate(await readFile(to));
    const { fibonacci, ...added } = instance.exports as Record<string, WebAssembly.Global & ((n: number) => bigint)>;
    added['glovebox.fuel']!.value = 1_000_000n;
    expect(fibonacci!(90)).toBe(2880067194370816120n);
    expect(added['glovebox.fuel']!.value).toBeLessThan(1_000_000n);
  });

  test('meter refuses to overwrite its input, and what it cannot read', async () => {
    const folder = await temporaryFolder();
    const same = await glovebox(folder, 'meter', sample('hello'), '-o', sample('hello'));
    const text = await glovebox(
      folder,
      'meter',
      path.resolve(import.meta.dirname, 'doctor.test.ts'),
      '-o',
      path.join(folder, 'x'),
    );
    expect([same.status, text.status]).toEqual([2, 126]);
    expect(text.stderr).toMatch(/magic bytes.*at byte 0/);
  });
});

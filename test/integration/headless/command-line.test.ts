import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { glovebox } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { isBuilt } from '../../support/served-app.ts';
import { assemble } from '../../support/wat.ts';

const sample = (name: string) => path.resolve(import.meta.dirname, `../../../out/samples/${name}.wasm`);
const memoryHog = `(module (memory 1)
  (func (export "grow") (result i32) (memory.grow (i32.const 60000)))
  (func (export "trap") (unreachable)))`;

describe.skipIf(!isBuilt)('glovebox run', () => {
  test('prints what a function returns, one value a line', async () => {
    const ended = await glovebox(await temporaryFolder(), 'run', sample('fibonacci'), '--invoke', 'fibonacci', '90');
    expect(ended).toEqual({ status: 0, stdout: '2880067194370816120\n', stderr: '' });
  });

  test("passes a program's output through and ends with its status", async () => {
    const ended = await glovebox(await temporaryFolder(), 'run', sample('hello'));
    expect(ended).toEqual({ status: 0, stdout: 'Hello from the inside of the box.\n', stderr: '' });
  });

  test('prints one object with --json', async () => {
    const { status, stdout } = await glovebox(await temporaryFolder(), 'run', sample('hello'), '--json');
    const printed = JSON.parse(stdout) as Record<string, unknown>;
    expect(status).toBe(0);
    expect(Object.keys(printed).sort()).toEqual(
      [
        'exitCode',
        'fuel',
        'memory',
        'module',
        'outcome',
        'receipt',
        'results',
        'runId',
        'stderr',
        'stdout',
        'timing',
      ].sort(),
    );
    expect({ ...printed, runId: 0, fuel: 0, timing: 0, module: 0, receipt: 0 }).toEqual({
      runId: 0,
      module: 0,
      outcome: { kind: 'exited' },
      results: [],
      exitCode: 0,
      stdout: 'Hello from the inside of the box.\n',
      stderr: '',
      fuel: 0,
      memory: { peakBytes: 65_536, limitBytes: 67_108_864 },
      timing: 0,
      receipt: 0,
    });
  });

  test('an endless loop ends at its deadline with 124, and so does one in the start section', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'start.wasm');
    await writeFile(file, assemble('(module (func $f (loop (br 0))) (start $f) (func (export "g")))'));
    const data = path.join(folder, 'data');
    const loop = await glovebox(data, 'run', sample('endless'), '--invoke', 'spin', '--time', '200ms');
    const start = await glovebox(data, 'run', file, '--invoke', 'g', '--time', '200ms');
    expect([loop.status, start.status]).toEqual([124, 124]);
    expect([loop.stderr, start.stderr].map((text) => /time limit 200 ms/.test(text))).toEqual([true, true]);
  });

  test('fuel runs out with 152, a trap is 134 and names its kind, memory.grow beyond the limit fails', async () => {
    const folder = await temporaryFolder();
    const data = path.join(folder, 'data');
    const file = path.join(folder, 'hog.wasm');
    await writeFile(file, assemble(memoryHog));
    const fuel = await glovebox(data, 'run', sample('endless'), '--invoke', 'spin', '--fuel', '1000000');
    const trap = await glovebox(data, 'run', file, '--invoke', 'trap');
    const grow = await glovebox(data, 'run', file, '--invoke', 'grow');
    expect([fuel.status, trap.status, grow.status, grow.stdout]).toEqual([152, 134, 0, '-1\n']);
    expect(trap.stderr).toMatch(/unreachable/);
  });

  test('the log has every run with its end, in a chain', async () => {
    const data = await temporaryFolder();
    await glovebox(data, 'run', sample('fibonacci'), '--invoke', 'fibonacci', '5');
    const { stdout } = await glovebox(data, 'audit', 'list', '--json', '--last', '0');
    const entries = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { op: string; seq: number; data: { outcome?: string } });
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i));
    const own = entries.filter(({ op }) => /^(module|run)\./.test(op)).map(({ op, data }) => [op, data.outcome]);
    expect(own).toEqual([
      ['module.loaded', 'ok'],
      ['run.started', undefined],
      ['run.finished', 'finished'],
    ]);
    expect(await readFile(path.join(data, 'ledger/log.json'), 'utf8')).toContain('origin');
  });

  test('wrong usage is explained and ends with 2', async () => {
    const data = await temporaryFolder();
    const statuses = [];
    for (const args of [
      ['run'],
      ['run', 'x.wasm', '--nothing'],
      ['nothing'],
      ['run', sample('fibonacci')],
      ['serve', '--port', 'x'],
    ]) {
      statuses.push((await glovebox(data, ...args)).status);
    }
    expect(statuses).toEqual([2, 2, 2, 2, 2]);
  });
});

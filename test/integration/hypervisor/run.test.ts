import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHypervisor, forkGuest, type Hypervisor } from '../../../electron/hypervisor/index.ts';
import { buildGuest } from '../../support/guest-bundle.ts';
import { createRunner, type Runner } from '../../support/runner.ts';

let guest: Awaited<ReturnType<typeof buildGuest>>;
let hypervisor: Hypervisor;
let runner: Runner;

beforeAll(async () => {
  guest = await buildGuest();
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript) });
  runner = createRunner(hypervisor);
});
afterAll(async () => {
  await hypervisor.shutdown();
  await guest.remove();
});

const add =
  '(module (func (export "add") (param i32 i64 f64) (result i64 f64) local.get 1 local.get 0 i64.extend_i32_s i64.add local.get 2))';

test('an export runs with typed arguments and gives typed results', async () => {
  const { outcome, results } = await runner.run(add, { name: 'add', args: ['0x10', '-3', 'inf'] });
  expect({ outcome, results }).toEqual({
    outcome: { kind: 'finished' },
    results: [
      { type: 'i64', value: '13' },
      { type: 'f64', value: 'inf' },
    ],
  });
});

const loop = '(module (func (export "spin") (loop br 0)))';

test('an endless loop is stopped at its deadline and the next run works', async () => {
  const spun = await runner.run(loop, { name: 'spin', limits: { timeMs: 100 } });
  expect(spun.outcome).toMatchObject({ kind: 'timed-out', limit: { name: 'time', value: '100 ms' } });
  expect((await runner.run(add, { name: 'add', args: ['1', '2', '3'] })).outcome.kind).toBe('finished');
});

test('an endless loop in the start section is stopped at its deadline', async () => {
  const starting = '(module (func $spin (loop br 0)) (start $spin) (func (export "f")))';
  const { outcome } = await runner.run(starting, { name: 'f', limits: { timeMs: 100 } });
  expect(outcome.kind).toBe('timed-out');
});

test('a running guest is stopped when it is cancelled', async () => {
  const handle = await runner.start(loop, { name: 'spin' });
  const running = Promise.withResolvers<void>();
  handle.on((event) => event.type === 'state' && event.state === 'running' && running.resolve());
  await running.promise;
  expect(handle.cancel().ok).toBe(true);
  expect((await handle.done).outcome.kind).toBe('stopped');
  expect(handle.cancel()).toMatchObject({ ok: false, error: { code: 'run.not-running' } });
});

test('an import that nothing grants is named and nothing runs', async () => {
  const wanting =
    '(module (import "env" "constructor" (func)) (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32))) (func (export "f")))';
  const { outcome } = await runner.run(wanting, { name: 'f' });
  expect(outcome).toMatchObject({
    kind: 'denied',
    missing: [
      { module: 'env', name: 'constructor', capability: null },
      { module: 'wasi_snapshot_preview1', name: 'random_get', capability: 'random' },
    ],
  });
});

const clockReader = `(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "leave") (result i32) (i32.const 7))
  (func (export "read") (result i32) (call $clock (i32.const 0) (i64.const 1) (i32.const 0))))`;

test('an import of WASI that is never called needs no grant of its own', async () => {
  const { outcome, results } = await runner.run(clockReader, { name: 'leave', grants: ['wasi'] });
  expect([outcome.kind, results]).toEqual(['finished', [{ type: 'i32', value: '7' }]]);
});

test('a WASI function that nothing grants ends the run as denied when it is called, and is named', async () => {
  const denied = await runner.run(clockReader, { name: 'read', grants: ['wasi'] });
  expect(denied.outcome).toMatchObject({
    kind: 'denied',
    missing: [{ module: 'wasi_snapshot_preview1', name: 'clock_time_get', capability: 'clock' }],
  });
  const granted = await runner.run(clockReader, { name: 'read', grants: ['wasi', 'clock'] });
  expect([granted.outcome.kind, granted.results]).toEqual(['finished', [{ type: 'i32', value: '0' }]]);
});

const hello = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "hello\\n") (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (call $exit (i32.const 3))))`;

test('a WASI command prints and exits with its own status', async () => {
  const { outcome, items } = await runner.run(hello, { grants: ['wasi'] });
  expect(outcome).toEqual({ kind: 'exited', exitCode: 3 });
  expect(new TextDecoder().decode(items[0]?.stdout)).toBe('hello\n');
});

test('a trap is named with the place where it happened', async () => {
  const dividing =
    '(module (func $d (param i32) (result i32) i32.const 1 local.get 0 i32.div_s) (export "d" (func $d)))';
  const { outcome } = await runner.run(dividing, { name: 'd', args: ['0'] });
  expect(outcome).toMatchObject({
    kind: 'trapped',
    trap: { kind: 'division-by-zero', frames: [{ functionIndex: 0 }] },
  });
});

test('a call that cannot be made is refused before anything runs', async () => {
  await expect(runner.run(add, { name: 'sub' })).rejects.toThrow('run.no-such-export');
  await expect(runner.run(add, { name: 'add', args: ['1'] })).rejects.toThrow(
    'expected 3 arguments (i32, i64, f64), got 1',
  );
  await expect(runner.run(add, { name: 'add', args: ['1', 'x', '1'] })).rejects.toThrow(
    'argument 1 (i64) must be an integer',
  );
});

test('bytes that are no module are refused with the place', async () => {
  await expect(runner.run(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 9]), { name: 'f' })).rejects.toThrow(
    'module.malformed',
  );
});

test('one bad input of a batch does not spoil the others', async () => {
  const inputs = [['0'], ['x'], ['5']].map((args) => ({ args }));
  const inverse = '(module (func (export "f") (param i32) (result i32) i32.const 10 local.get 0 i32.div_s))';
  const { items } = await runner.run(inverse, { name: 'f', args: ['1'], batch: inputs });
  expect(items.map(({ outcome, results }) => [outcome.kind, results[0]?.value])).toEqual([
    ['trapped', undefined],
    ['denied', undefined],
    ['finished', '2'],
  ]);
});

test('an input of a batch that never ends does not spoil the others', async () => {
  const module =
    '(module (func (export "f") (param i32) (result i32) (loop (br_if 0 (i32.eqz (local.get 0)))) local.get 0))';
  const batch = Array.from({ length: 20 }, (_, i) => ({ args: [String(i)] }));
  const { items, outcome } = await runner.run(module, { name: 'f', args: ['1'], batch, limits: { timeMs: 3_000 } });
  expect(items.map((item) => item.outcome.kind)).toEqual(['timed-out', ...batch.slice(1).map(() => 'finished')]);
  expect(outcome.kind).toBe('timed-out');
});

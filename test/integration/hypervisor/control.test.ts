import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHypervisor, forkGuest, type Hypervisor, type RunHandle } from '../../../electron/hypervisor/index.ts';
import type { RunGauge, RunState } from '../../../shared/model/run.ts';
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

/** Resolves when the run comes to a state, or has it. */
function reach(run: RunHandle, state: RunState): Promise<void> {
  if (run.state === state) return Promise.resolve();
  return new Promise((resolve) => run.on((event) => event.type === 'state' && event.state === state && resolve()));
}

function nextGauge(run: RunHandle, isWanted: (gauge: RunGauge) => boolean = () => true): Promise<RunGauge> {
  return new Promise((resolve) => {
    const stop = run.on((event) => {
      if (event.type !== 'gauge' || !isWanted(event.gauge)) return;
      stop();
      resolve(event.gauge);
    });
  });
}

const loop = '(module (memory 3) (func (export "f") (loop (br 0))))';
/** Counts down from its argument; ten instructions a turn, more or less. */
const countdown = `(module (func (export "f") (param i32)
  (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;

test('fuel is counted exactly, and the same every time', async () => {
  const used = async (turns: string) => (await runner.run(countdown, { name: 'f', args: [turns] })).usage.fuelUsed;
  const [one, two, many, again] = [await used('1'), await used('2'), await used('1000001'), await used('1000001')];
  const turn = Number(two) - Number(one);
  expect(Number(one)).toBeLessThan(20);
  expect(Number(many)).toBe(Number(one) + 1_000_000 * turn);
  expect(again).toBe(many);
});

test('a run may use exactly its fuel, and not one less', async () => {
  const { usage } = await runner.run(countdown, { name: 'f', args: ['5000'] });
  const fuel = BigInt(usage.fuelUsed ?? 0);
  const run = (limit: bigint) => runner.run(countdown, { name: 'f', args: ['5000'], limits: { fuel: String(limit) } });
  expect([(await run(fuel)).outcome.kind, (await run(fuel - 1n)).outcome.kind]).toEqual(['finished', 'out-of-fuel']);
});

test('a guest that runs out of fuel stops at the same place every time', async () => {
  const limits = { fuel: '2500000' };
  const runs = await Promise.all([1, 2, 3].map(() => runner.run(loop, { name: 'f', limits })));
  expect(new Set(runs.map(({ usage }) => usage.fuelUsed)).size).toBe(1);
});

test('fuel and memory show while a guest runs', async () => {
  const run = await runner.start(loop, { name: 'f' });
  const first = await nextGauge(run, ({ fuelUsed }) => fuelUsed !== null);
  const later = await nextGauge(run, ({ fuelUsed }) => Number(fuelUsed) > Number(first.fuelUsed));
  expect(later).toMatchObject({ runId: run.runId, state: 'running', memoryBytes: 3 * 65536, outputBytes: 0 });
  run.cancel();
  await run.done;
});

test('a paused guest uses no fuel, goes on when resumed and can then be stopped', async () => {
  const run = await runner.start(loop, { name: 'f' });
  await reach(run, 'running');
  expect(run.pause().ok).toBe(true);
  await reach(run, 'paused');
  const held = await nextGauge(run);
  const still = await nextGauge(run);
  expect(still.fuelUsed).toBe(held.fuelUsed);
  expect(run.resume().ok).toBe(true);
  await nextGauge(run, ({ fuelUsed }) => Number(fuelUsed) > Number(held.fuelUsed));
  run.cancel();
  expect((await run.done).outcome.kind).toBe('stopped');
});

test('a paused guest does not run into its deadline, and a paused one can be stopped', async () => {
  const run = await runner.start(loop, { name: 'f', limits: { timeMs: 5_000 } });
  await reach(run, 'running');
  run.pause();
  await reach(run, 'paused');
  await nextGauge(run, ({ elapsedMs }) => elapsedMs > 5_500);
  expect(run.state).toBe('paused');
  run.cancel();
  expect((await run.done).outcome).toMatchObject({ kind: 'stopped', stage: 'cooperative' });
});

test('what a guest prints can be read while it runs and is kept when it is stopped', async () => {
  const printing = `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 16) "hi\\n")
    (func (export "f") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (loop (br 0))))`;
  const run = await runner.start(printing, { name: 'f', grants: ['wasi'] });
  await new Promise<void>((resolve) => run.on((event) => event.type === 'printed' && resolve()));
  expect(run.readOutput('stdout', 1, 10)).toEqual({
    bytes: new TextEncoder().encode('i\n'),
    totalBytes: 3,
    isComplete: false,
  });
  run.cancel();
  const { items } = await run.done;
  expect(new TextDecoder().decode(items[0]?.stdout)).toBe('hi\n');
});

test('a guest that sleeps in the host is stopped at once', async () => {
  const sleeping = `(module
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "f") (i32.store (i32.const 16) (i32.const 1)) (i64.store (i32.const 24) (i64.const 1000000000000000))
      (drop (call $poll (i32.const 0) (i32.const 256) (i32.const 1) (i32.const 512)))))`;
  const run = await runner.start(sleeping, { name: 'f', grants: ['wasi', 'clock'] });
  await reach(run, 'running');
  run.cancel();
  expect((await run.done).outcome.kind).toBe('stopped');
});

test('deterministic runs give the same output and fuel for a seed, and others for another', async () => {
  const random = `(module
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "f") (result i64) (drop (call $random (i32.const 0) (i32.const 8)))
      (drop (call $time (i32.const 0) (i64.const 1) (i32.const 8))) (i64.xor (i64.load (i32.const 0)) (i64.load (i32.const 8)))))`;
  const run = async (digit: string) => {
    const { results, usage } = await runner.run(random, {
      name: 'f',
      grants: ['wasi', 'random', 'clock'],
      determinism: { seed: digit.repeat(64) },
    });
    return [results[0]?.value, usage.fuelUsed];
  };
  const [first, second, other] = [await run('1'), await run('1'), await run('2')];
  expect(second).toEqual(first);
  expect(other?.[0]).not.toBe(first?.[0]);
});

test('the peak of memory is known of a module that exports none', async () => {
  const growing = '(module (memory 1) (func (export "f") (drop (memory.grow (i32.const 9)))))';
  const { usage } = await runner.run(growing, { name: 'f' });
  expect(usage.memoryPeakBytes).toBe(10 * 65536);
});

test('the stack of a guest is as deep as its limit says', async () => {
  const recursive = `(module (func $r (export "r") (param i32)
    (if (local.get 0) (then (call $r (i32.sub (local.get 0) (i32.const 1))) (nop)))))`;
  const run = async (depth: number, stackBytes: number) => {
    const { outcome } = await runner.run(recursive, { name: 'r', args: [String(depth)], limits: { stackBytes } });
    return outcome.trap?.kind ?? outcome.kind;
  };
  expect([
    await run(1_000, 256 * 1024),
    await run(50_000, 256 * 1024),
    await run(50_000, 8 * 1024 * 1024),
    await run(10_000_000, 8 * 1024 * 1024),
  ]).toEqual(['finished', 'stack-overflow', 'finished', 'stack-overflow']);
});

test('a v128 goes in and comes out as text', async () => {
  const module = `(module (func (export "f") (param i32 v128) (result v128 i32)
    (i32x4.add (local.get 1) (i32x4.splat (local.get 0))) (i32x4.extract_lane 3 (local.get 1))))`;
  const { results } = await runner.run(module, { name: 'f', args: ['1', 'i32x4:1,2,3,4'] });
  expect(results).toEqual([
    { type: 'v128', value: '02000000030000000400000005000000' },
    { type: 'i32', value: '4' },
  ]);
});

test('imports that a stub fills are bounded and log what they are given', async () => {
  const module = `(module (import "env" "log" (func $log (param i32 f64) (result i64)))
    (import "env" "memory" (memory 1)) (import "env" "table" (table 1 funcref)) (import "env" "base" (global i32))
    (func (export "f") (result i64 i32 i32)
      (call $log (i32.const 7) (f64.const 0.5)) (memory.grow (i32.const 2000)) (global.get 0)))`;
  const stub = (name: string, value?: string) => ({
    module: 'env',
    name,
    action: 'log' as const,
    ...(value === undefined ? {} : { value }),
  });
  const { outcome, results, items } = await runner.run(module, {
    name: 'f',
    stubs: [stub('log', '42'), stub('memory'), stub('table'), stub('base', '1024')],
  });
  expect(outcome).toEqual({ kind: 'finished' });
  expect(results.map(({ value }) => value)).toEqual(['42', '-1', '1024']);
  expect(new TextDecoder().decode(items[0]?.stderr)).toBe('env.log(7, 0.5)\n');
});

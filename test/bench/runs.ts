import { setTimeout as delay } from 'node:timers/promises';
import {
  createHypervisor,
  forkGuest,
  type Hypervisor,
  type InspectedModule,
  type RunHandle,
} from '../../electron/hypervisor/index.ts';
import { defaultLimits, type Limits } from '../../shared/model/limits.ts';
import { MiB } from '../../shared/units.ts';
import { buildGuest } from '../support/guest-bundle.ts';
import { descendantsOf, sharedBytesOf } from '../support/process-tree.ts';
import { assemble } from '../support/wat.ts';
import { table, writeSection } from './report.ts';

/** One line of the table: what was measured, the goal, the number reached. */
type RunMeasure = { readonly what: string; readonly goal: string; readonly reached: string };

const WARM_RUNS = 2000;
const COLD_RUNS = 30;
const STOPS = 20;

type Loaded = InspectedModule & { readonly bytes: Uint8Array };

/**
 * Measures runs through the real supervisor and real guest processes: warm, cold, deadline, cancel, a hundred at once.
 * Writes the numbers down only when all of them were taken.
 */
export async function benchRuns(only?: RegExp): Promise<void> {
  const measures = await measureRuns(only);
  console.table(measures);
  if (only !== undefined) return;
  const body = table(
    ['', 'goal', 'reached'],
    measures.map(({ what, goal, reached }) => [what, goal, reached]),
  );
  writeSection('runs', 'Runs through the supervisor', 'npm run bench -- runs', body);
}

async function measureRuns(only: RegExp | undefined): Promise<RunMeasure[]> {
  const guest = await buildGuest();
  const using = async (bench: (hypervisor: Hypervisor) => Promise<RunMeasure[]>) => {
    const hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript) });
    try {
      return await bench(hypervisor);
    } finally {
      await hypervisor.shutdown();
    }
  };
  const benches: Record<string, (hypervisor: Hypervisor) => Promise<RunMeasure[]>> = {
    warm: benchWarm,
    cold: benchCold,
    deadline: benchDeadline,
    cancel: benchCancel,
    one: (hypervisor) => benchHundred(hypervisor, 'one module', () => 0),
    different: (hypervisor) => benchHundred(hypervisor, '100 modules', (i) => i),
  };
  const measures: RunMeasure[] = [];
  try {
    for (const [name, bench] of Object.entries(benches)) {
      if (only === undefined || only.test(name)) measures.push(...(await using(bench)));
    }
  } finally {
    await guest.remove();
  }
  return measures;
}

async function benchWarm(hypervisor: Hypervisor): Promise<RunMeasure[]> {
  const module = await load(hypervisor, assemble(adder(0)));
  const times: number[] = [];
  for (let i = 0; i < WARM_RUNS + 200; i++) {
    const from = performance.now();
    await start(hypervisor, module, 'f').done;
    if (i >= 200) times.push(performance.now() - from);
  }
  return [
    { what: 'warm run of a small module, p50', goal: '≤ 1 ms', reached: ms(quantile(times, 0.5)) },
    { what: 'warm run of a small module, p99', goal: '≤ 10 ms', reached: ms(quantile(times, 0.99)) },
  ];
}

async function benchCold(hypervisor: Hypervisor): Promise<RunMeasure[]> {
  const base = assemble(largeModule());
  const inspected: number[] = [];
  const whole: number[] = [];
  for (let i = 0; i < COLD_RUNS; i++) {
    const bytes = withCustomSection(base, i);
    await delay(300);
    const from = performance.now();
    const module = await load(hypervisor, bytes);
    inspected.push(performance.now() - from);
    await start(hypervisor, module, 'f').done;
    whole.push(performance.now() - from);
  }
  const size = `${(base.length / MiB).toFixed(2)} MiB`;
  return [
    {
      what: `inspecting a module of ${size} never seen before, p95`,
      goal: '–',
      reached: ms(quantile(inspected, 0.95)),
    },
    { what: `inspecting and running it, p50`, goal: '–', reached: ms(quantile(whole, 0.5)) },
    { what: `inspecting and running it, p95`, goal: '≤ 100 ms', reached: ms(quantile(whole, 0.95)) },
  ];
}

async function benchDeadline(hypervisor: Hypervisor): Promise<RunMeasure[]> {
  const timeMs = 50;
  const overshoots: number[] = [];
  for (let i = 0; i < STOPS; i++) {
    const module = await load(hypervisor, assemble(adder(i)));
    const run = start(hypervisor, module, 'spin', { timeMs });
    const from = await reachRunning(run);
    const { outcome } = await run.done;
    if (outcome.kind !== 'timed-out') throw new Error(`a loop came to ${outcome.kind}`);
    overshoots.push(performance.now() - from - timeMs);
  }
  return [
    { what: 'deadline overshoot of a loop, p50', goal: '≤ 50 ms', reached: ms(quantile(overshoots, 0.5)) },
    { what: 'deadline overshoot of a loop, largest', goal: '≤ 50 ms', reached: ms(Math.max(...overshoots)) },
  ];
}

async function benchCancel(hypervisor: Hypervisor): Promise<RunMeasure[]> {
  const module = await load(hypervisor, assemble(adder(0)));
  const times: number[] = [];
  for (let i = 0; i < STOPS; i++) {
    const run = start(hypervisor, module, 'spin');
    await reachRunning(run);
    const from = performance.now();
    run.cancel();
    await run.done;
    times.push(performance.now() - from);
  }
  return [
    { what: 'cancel of a loop, p50', goal: '≤ 20 ms', reached: ms(quantile(times, 0.5)) },
    { what: 'cancel of a loop, largest', goal: '≤ 20 ms', reached: ms(Math.max(...times)) },
  ];
}

/** A hundred at once against one after another, both from nothing; then a hundred that do not end, for their memory. */
async function benchHundred(hypervisor: Hypervisor, name: string, salt: (i: number) => number): Promise<RunMeasure[]> {
  const modules = Array.from({ length: 100 }, (_, i) => assemble(adder(salt(i) + 1000)));
  const fresh = Array.from({ length: 100 }, (_, i) => assemble(adder(salt(i) + 2000)));
  const loaded = new Map<string, Promise<Loaded>>();
  const loadOnce = (bytes: Uint8Array) => {
    const key = bytes.join();
    const known = loaded.get(key) ?? load(hypervisor, bytes);
    loaded.set(key, known);
    return known;
  };
  const one = async (bytes: Uint8Array) => start(hypervisor, await loadOnce(bytes), 'f').done;
  const serial = await timed(async () => {
    for (const bytes of modules) await one(bytes);
  });
  const together = await timed(() => Promise.all(fresh.map(one)));
  const handles = await Promise.all(fresh.map(async (bytes) => start(hypervisor, await loadOnce(bytes), 'wait')));
  await Promise.all(handles.map(reachRunning));
  const bytes = sharedBytesOf([process.pid, ...descendantsOf(process.pid)]);
  for (const handle of handles) handle.cancel();
  await Promise.all(handles.map(({ done }) => done));
  const ratio = (together / serial).toFixed(2);
  const goal = name === 'one module' ? '≤ 512 MiB' : '≤ 2048 MiB';
  return [
    { what: `100 executions of ${name} at once, against one after another`, goal: '≤ 1', reached: ratio },
    { what: `100 executions of ${name} at once, process tree (PSS)`, goal, reached: `${Math.round(bytes / MiB)} MiB` },
  ];
}

async function load(hypervisor: Hypervisor, bytes: Uint8Array): Promise<Loaded> {
  const inspected = await hypervisor.inspect(bytes);
  if (!inspected.ok) throw new Error(inspected.error.message);
  return { ...inspected.value, bytes };
}

function start(hypervisor: Hypervisor, module: Loaded, name: string, limits: Partial<Limits> = {}): RunHandle {
  const started = hypervisor.start({
    sha256: module.sha256,
    bytes: module.bytes,
    report: module.report,
    entry: { kind: 'export', name, args: [] },
    limits: { ...defaultLimits, ...limits },
    grants: [],
  });
  if (!started.ok) throw new Error(started.error.message);
  return started.value;
}

/** When the run began to run, on this clock. */
function reachRunning(run: RunHandle): Promise<number> {
  if (run.state === 'running') return Promise.resolve(performance.now());
  return new Promise((resolve) => {
    run.on((event) => event.type === 'state' && event.state === 'running' && resolve(performance.now()));
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function adder(salt: number): string {
  return `(module (memory 1 1 shared)
    (func (export "f") (result i32) (i32.const ${salt}))
    (func (export "wait") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
    (func (export "spin") (loop (br 0))))`;
}

/** About a megabyte of code: small loops and arithmetic, every function different. */
function largeModule(): string {
  const functions = Array.from({ length: 9000 }, (_, i) => {
    const steps = Array.from(
      { length: 10 },
      (_, n) => `(local.set 0 (i32.xor (i32.mul (local.get 0) (i32.const ${i * 31 + n})) (i32.const ${n * 77 + i})))`,
    );
    return `(func (param i32) (result i32) (loop ${steps.join('')} (br_if 0 (i32.eqz (local.get 0)))) (local.get 0))`;
  });
  return `(module ${functions.join('\n')} (func (export "f") (result i32) (call 17 (i32.const 5))))`;
}

/** The same module under another digest. */
function withCustomSection(bytes: Uint8Array, salt: number): Uint8Array {
  return Uint8Array.from([...bytes, 0, 6, 1, 0x73, salt & 255, (salt >> 8) & 255, 0, 0]);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

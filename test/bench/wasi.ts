import { closeSync, openSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WASI } from 'node:wasi';
import { createHypervisor, forkGuest } from '../../electron/hypervisor/index.ts';
import { createWasi, wasiModuleName } from '../../electron/hypervisor/wasi/index.ts';
import { inspect } from '../../electron/wasm/index.ts';
import { allCapabilities } from '../../shared/model/capability.ts';
import { defaultLimits } from '../../shared/model/limits.ts';
import { GiB, MiB } from '../../shared/units.ts';
import { ruby } from '../integration/programs/commands.ts';
import { stubsFor } from '../integration/programs/program.ts';
import { buildGuest } from '../support/guest-bundle.ts';
import { createRunner, type Runner } from '../support/runner.ts';
import { FakeHost } from '../support/wasi-guest.ts';
import { assemble } from '../support/wat.ts';

// Real programs' numbers: `node test/bench/wasi.ts`. Times are of this run on this machine; the ratios are what holds elsewhere.
const ROUNDS = 5;
const COPIED_BYTES = 100 * MiB;

/** Copies standard input to standard output by 64 KiB, until there is no more. */
const cat = assemble(`(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 4)
  (data (i32.const 0) "\\00\\00\\01\\00\\00\\00\\01\\00")
  (func (export "_start")
    (loop $next
      (i32.store (i32.const 4) (i32.const 65536))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br_if $next (i32.load (i32.const 4))))))`);

const script = new TextEncoder().encode("puts 'ready'");

/** How long until Ruby has said something, by `node:wasi` on the plain engine. @returns milliseconds */
function startUnderNode(bytes: Uint8Array<ArrayBuffer>, folder: string): number {
  writeFileSync(path.join(folder, 'script.rb'), script);
  const stdin = openSync(path.join(folder, 'script.rb'), 'r');
  const stdout = openSync(path.join(folder, 'said'), 'w');
  const fromMs = performance.now();
  const wasi = new WASI({ version: 'preview1', args: ['ruby'], stdin, stdout, stderr: stdout, returnOnExit: true });
  const module = new WebAssembly.Module(bytes);
  const imports = importsOf(module, wasi.wasiImport as Record<string, WebAssembly.ImportValue>);
  const instance = new WebAssembly.Instance(module, imports);
  wasi.finalizeBindings(instance);
  (instance.exports._start as () => void)();
  const ms = performance.now() - fromMs;
  closeSync(stdin);
  closeSync(stdout);
  return ms;
}

/** The same by this project's WASI on the plain engine. */
function startUnderOurs(bytes: Uint8Array<ArrayBuffer>): number {
  const host = new FakeHost();
  const fromMs = performance.now();
  const wasi = createWasi({
    args: ['ruby'],
    env: [],
    stdin: script,
    folders: [],
    files: [],
    grants: allCapabilities,
    limits: defaultLimits,
    ports: { ...host, checkpoint: () => {} },
  });
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, importsOf(module, wasi.imports));
  wasi.attach(instance.exports.memory as WebAssembly.Memory);
  (instance.exports._start as () => void)();
  if (host.output.stdout !== 'ready\n') throw new Error(`ruby said ${host.output.stderr}`);
  return performance.now() - fromMs;
}

/** The same through the supervisor: a guest process, metering, the first output as its reader sees it. */
async function startSupervised(runner: Runner, bytes: Uint8Array): Promise<number> {
  const stubs = stubsFor({ name: '', bytes: cat, entry: 'command', check: () => {} }, inspect(bytes).imports);
  const handle = await runner.start(bytes, {
    wasi: { args: ['ruby'], env: [], stdin: script, folders: [], files: [] },
    grants: [...allCapabilities],
    stubs,
    limits: { timeMs: 60_000, memoryBytes: 256 * MiB },
  });
  const fromMs = performance.now();
  let saidMs: number | undefined;
  handle.on(({ type }) => {
    if (type === 'printed') saidMs ??= performance.now();
  });
  const { outcome } = await handle.done;
  if (saidMs === undefined) throw new Error(`ruby said nothing: ${JSON.stringify(outcome)}`);
  return saidMs - fromMs;
}

async function copySupervised(runner: Runner): Promise<number> {
  const stdin = new Uint8Array(COPIED_BYTES).map((_, i) => i);
  const handle = await runner.start(cat, {
    wasi: { args: ['cat'], env: [], stdin, folders: [], files: [] },
    grants: [...allCapabilities],
    limits: { timeMs: 60_000, outputBytes: 1 * GiB },
  });
  const fromMs = performance.now();
  const { outcome, usage } = await handle.done;
  if (usage.outputBytes !== COPIED_BYTES) throw new Error(`copied ${usage.outputBytes}: ${JSON.stringify(outcome)}`);
  return performance.now() - fromMs;
}

function importsOf(
  module: WebAssembly.Module,
  wasi: Readonly<Record<string, WebAssembly.ImportValue>>,
): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const wanted of WebAssembly.Module.imports(module)) {
    imports[wanted.module] ??= {};
    imports[wanted.module]![wanted.name] = wanted.module === wasiModuleName ? wasi[wanted.name]! : () => 0;
  }
  return imports;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const folder = await mkdtemp(path.join(tmpdir(), 'glovebox-bench-'));
const guest = await buildGuest();
const hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript), blankProcesses: 1, warmProcesses: 1 });
const runner = createRunner(hypervisor);
try {
  const { bytes } = ruby();
  const plain: number[] = [];
  const ours: number[] = [];
  const supervised: number[] = [];
  const cold = await startSupervised(runner, bytes);
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(startUnderNode(bytes, folder));
    ours.push(startUnderOurs(bytes));
    supervised.push(await startSupervised(runner, bytes));
  }
  const copied = [];
  for (let round = 0; round < ROUNDS; round++) copied.push(await copySupervised(runner));
  const base = median(plain);
  const line = (name: string, ms: number) => `${name}: ${ms.toFixed(0)} ms, ${(ms / base).toFixed(2)} of node:wasi`;
  console.log(line('Ruby until its first output, node:wasi on the plain engine', base));
  console.log(line('Ruby until its first output, this WASI on the plain engine', median(ours)));
  console.log(line('Ruby until its first output, supervised and metered, never seen before', cold));
  console.log(line('Ruby until its first output, supervised and metered, again', median(supervised)));
  const rate = COPIED_BYTES / 1e6 / (median(copied) / 1000);
  console.log(`100 MiB through standard input to standard output, supervised and metered: ${rate.toFixed(0)} MB/s`);
} finally {
  await hypervisor.shutdown();
  await guest.remove();
  await rm(folder, { recursive: true });
}

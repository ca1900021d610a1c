import { callWithBytes } from '../../../electron/hypervisor/guest/byte-arguments.ts';
import { parseValue } from '../../../electron/hypervisor/guest/values.ts';
import { createWasi, wasiModuleName } from '../../../electron/hypervisor/wasi/index.ts';
import { inspect } from '../../../electron/wasm/index.ts';
import { allCapabilities } from '../../../shared/model/capability.ts';
import { defaultLimits } from '../../../shared/model/limits.ts';
import type { ModuleImport } from '../../../shared/model/module-report.ts';
import { FakeHost, GuestStopped } from '../../support/wasi-guest.ts';
import type { Program, ProgramResult } from './program.ts';

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const realClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms: number) => void Atomics.wait(sleeper, 0, 0, ms),
};

/** Runs a program on this thread and the plain engine. */
export function runPlain({ bytes, entry, input, stubValues = {} }: Program): ProgramResult {
  const host = new FakeHost();
  const wasi = createWasi({
    args: ['program'],
    env: [],
    folders: [],
    files: [],
    ...input,
    grants: allCapabilities,
    limits: defaultLimits,
    ports: { ...host, ...realClock, checkpoint: () => {} },
  });
  const imports: WebAssembly.Imports = {};
  for (const wanted of inspect(bytes).imports) {
    imports[wanted.module] ??= {};
    imports[wanted.module]![wanted.name] =
      wanted.module === wasiModuleName ? wasi.imports[wanted.name as 'fd_read'] : stub(wanted, stubValues[wanted.name]);
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  if (exports.memory instanceof WebAssembly.Memory) wasi.attach(exports.memory);
  const returned = entry === 'command' ? start(exports) : callRun(exports);
  return {
    ...host.output,
    returned,
    files: Object.fromEntries(wasi.files().map(({ path, content }) => [path, content])),
  };
}

function stub({ type }: ModuleImport, value = '0'): WebAssembly.ImportValue {
  if (type.kind === 'memory') return new WebAssembly.Memory({ initial: Number(type.min), maximum: Number(type.max) });
  if (type.kind !== 'function') throw new Error(`a stub for a ${type.kind} is not needed here`);
  return () => (type.signature.results[0] === 'i64' ? BigInt(value) : Number(value));
}

function start(exports: WebAssembly.Exports): Uint8Array {
  try {
    (exports._start as () => void)();
  } catch (error) {
    if (!(error instanceof GuestStopped && error.reason === 'exit 0')) throw error;
  }
  return new Uint8Array(0);
}

function callRun(exports: WebAssembly.Exports): Uint8Array {
  const signature = { params: [], results: ['i32', 'i32'] };
  return callWithBytes(exports, { name: 'run', signature, args: ['@return:pair'] }, parseValue, 1 << 20).bytes[0]!;
}

import type { ModuleReport, Signature } from '../../../shared/model/module-report.ts';
import type { GuestFile, GuestValue, RunOutcome, Trap } from '../../../shared/model/run.ts';
import { formatBytes } from '../../../shared/units.ts';
import { WasmError } from '../../wasm/index.ts';
import { WasiInputError, wasiModuleName } from '../wasi/index.ts';
import { ByteArgumentError } from './byte-arguments.ts';
import { callExport } from './call.ts';
import { ExecutionControl } from './control.ts';
import { Denial } from './denial.ts';
import type { Gauge } from './gauge.ts';
import { buildImports, findMissing } from './imports.ts';
import type { LoadedModule, PreparedModule } from './loaded-module.ts';
import { attachMeter, type MeteredExports } from './metered-exports.ts';
import { GuestOutput, type OutputStream } from './output.ts';
import { preparationOf } from './preparation.ts';
import type { CompiledModule, Execution, ExecutionResult } from './protocol.ts';
import { readTrap } from './traps.ts';
import { capabilityOfImport, createWasiHost } from './wasi-host.ts';

/** What an execution tells while it goes on. */
export type ExecutionHooks = {
  onCompiled(compiled: CompiledModule | null): void;
  onPrinted(stream: OutputStream, bytes: Uint8Array): void;
  onPaused(): void;
  /** called often */
  onLook(): void;
};

/** The parts of one execution that its steps share. */
type Context = {
  readonly execution: Execution;
  readonly control: ExecutionControl;
  readonly output: GuestOutput;
  prepared: PreparedModule | null;
  metered: MeteredExports | null;
  /** what the guest has written, once it can write */
  filesOf: () => GuestFile[];
};

type Finished = { readonly outcome: RunOutcome; readonly results: GuestValue[] };

/** Runs one execution to its end on this thread, in a fresh instance. Never throws for anything the guest does. */
export function execute(
  loaded: LoadedModule,
  execution: Execution,
  shared: CompiledModule | null,
  gauge: Gauge,
  hooks: ExecutionHooks,
): ExecutionResult {
  const fromMs = performance.now();
  let compiledMs = fromMs;
  const output = new GuestOutput(hooks.onPrinted);
  const onPause = () => {
    output.flush();
    hooks.onPaused();
  };
  const control = new ExecutionControl(gauge, execution.limits, {
    onPause,
    onPulse: () => {
      output.pulse();
      hooks.onLook();
    },
  });
  const context: Context = { execution, control, output, prepared: null, metered: null, filesOf: () => [] };
  let outcome: RunOutcome;
  let results: readonly GuestValue[] = [];
  try {
    const report = loaded.report(execution.statics);
    refuseMissing(report, execution);
    const { prepared, compiled } = loaded.prepare(preparationOf(execution), shared);
    context.prepared = prepared;
    compiledMs = performance.now();
    hooks.onCompiled(compiled);
    control.pulse();
    const finished = runInstance(report, context);
    // What was used since the last check counts too.
    control.checkpoint(0);
    ({ outcome, results } = finished);
  } catch (thrown) {
    outcome = outcomeOf(thrown, context);
    if (compiledMs === fromMs) compiledMs = performance.now();
  }
  output.flush();
  const { fuelUsed, memoryPeakBytes } = control.settle();
  const endMs = performance.now();
  return {
    outcome,
    results,
    files: context.filesOf(),
    fuelUsed,
    memoryPeakBytes: context.metered === null ? null : memoryPeakBytes,
    compileMs: compiledMs - fromMs,
    runMs: endMs - compiledMs,
  };
}

function refuseMissing(report: ModuleReport, { grants, stubs }: Execution): void {
  const missing = findMissing(report.imports, capabilityOfImport, grants, stubs);
  if (missing.length === 0) return;
  const names = missing.slice(0, 5).map(({ module, name }) => `${module}.${name}`);
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : '';
  throw new Denial({ message: `nothing grants the imports ${names.join(', ')}${more}`, missing });
}

function runInstance(report: ModuleReport, context: Context): Finished {
  const { execution, control, output, prepared } = context;
  const isWasi = report.imports.some(({ module }) => module === wasiModuleName);
  const wasi = isWasi ? createWasiHost(execution, control, output) : null;
  const imports = buildImports(report.imports, {
    wasi: wasi === null ? null : { module: wasiModuleName, functions: wasi.imports },
    stubs: execution.stubs,
    bounds: execution.limits,
    control,
    print: (stream, bytes) => output.write(control, stream, bytes),
  });
  const { exports } = new WebAssembly.Instance(prepared!.module, imports);
  context.metered = attachMeter(exports, control);
  if (exports.memory instanceof WebAssembly.Memory) wasi?.attach(exports.memory);
  context.filesOf = () => wasi?.files() ?? [];
  context.metered.start?.();
  return callEntry(report, context, exports);
}

function callEntry(report: ModuleReport, { execution, control }: Context, exports: WebAssembly.Exports): Finished {
  const { entry } = execution;
  if (entry.kind === 'command') {
    callExport(exports, { name: '_start', signature: signatureOf(report, '_start'), args: [] }, control);
    return { outcome: { kind: 'exited', exitCode: 0 }, results: [] };
  }
  const { name, args } = entry;
  if (report.shape === 'reactor' && name !== '_initialize') {
    callExport(exports, { name: '_initialize', signature: signatureOf(report, '_initialize'), args: [] }, control);
  }
  return {
    outcome: { kind: 'finished' },
    results: callExport(exports, { name, signature: signatureOf(report, name), args }, control),
  };
}

function signatureOf(report: ModuleReport, name: string): Signature {
  const found = report.exports.find((entry) => entry.name === name);
  if (found?.type.kind !== 'function') throw new Denial({ message: `the module exports no function ${name}` });
  return found.type.signature;
}

function outcomeOf(thrown: unknown, { control, execution, prepared, metered }: Context): RunOutcome {
  if (control.ending !== null) return control.ending;
  if (thrown instanceof Denial) return thrown.outcome;
  if (thrown instanceof WasmError) return readerDenial(thrown);
  if (thrown instanceof WasiInputError || thrown instanceof ByteArgumentError)
    return { kind: 'denied', message: thrown.message };
  if (thrown instanceof WebAssembly.CompileError || thrown instanceof WebAssembly.LinkError) {
    return { kind: 'denied', message: thrown.message };
  }
  if (thrown instanceof RangeError && /allocate|memory/i.test(thrown.message)) {
    const value = formatBytes(execution.limits.memoryBytes);
    return { kind: 'out-of-memory', message: thrown.message, limit: { name: 'memory', value } };
  }
  const trap = readTrap(thrown, prepared?.frames ?? null);
  return refusedOutcome(metered, execution.limits, trap) ?? { kind: 'trapped', message: trap.message, trap };
}

function readerDenial({ message, offset, limit }: WasmError): RunOutcome {
  const where = offset === null ? message : `${message} at offset ${offset}`;
  if (limit === null) return { kind: 'denied', message: where };
  return { kind: 'denied', message: where, limit: { name: limit.name, value: String(limit.value) } };
}

/** A guest that traps after it was refused memory or elements did so for want of them. */
function refusedOutcome(metered: MeteredExports | null, limits: Execution['limits'], trap: Trap): RunOutcome | null {
  if (metered === null) return null;
  const bytes = metered.refusedBytes();
  if (bytes > 0n) {
    const value = formatBytes(limits.memoryBytes);
    const message = `asked for ${formatBytes(Number(bytes))} of memory where ${value} are allowed, then trapped: ${trap.message}`;
    return { kind: 'out-of-memory', message, limit: { name: 'memory', value }, trap };
  }
  const elements = metered.refusedElements();
  if (elements === 0n) return null;
  const value = String(limits.tableElements);
  const message = `asked for ${elements} table elements where ${value} are allowed, then trapped: ${trap.message}`;
  return { kind: 'out-of-memory', message, limit: { name: 'table elements', value }, trap };
}

import type { Capability, ImportStub } from '../../../shared/model/capability.ts';
import type { ModuleImport } from '../../../shared/model/module-report.ts';
import type { RunOutcome } from '../../../shared/model/run.ts';
import { PAGE_BYTES } from '../../../shared/units.ts';
import type { ExecutionControl } from './control.ts';
import type { OutputStream } from './output.ts';
import { formatValue, parseValue } from './values.ts';

type Missing = NonNullable<RunOutcome['missing']>;
type HostFunction = (...args: never[]) => unknown;
export type ImportObject = Record<string, Record<string, WebAssembly.ImportValue>>;

/** What imports may be filled with. */
export type ImportSources = {
  /** the WASI module's functions by name; null where WASI is not wanted */
  readonly wasi: { readonly module: string; readonly functions: Record<string, HostFunction> } | null;
  readonly stubs: readonly ImportStub[];
  readonly bounds: { readonly memoryBytes: number; readonly tableElements: number };
  readonly control: ExecutionControl;
  readonly print: (stream: OutputStream, bytes: Uint8Array) => void;
};

/** Import modules that V8 fills itself when asked to at compilation; they compute, and reach nothing of the host. */
export const engineBuiltins = ['js-string'] as const;

/**
 * Every import that neither a grant nor a stub covers. With `wasi` granted all of its functions link: programs import
 * more than they use, and a function whose own capability is missing ends the run as denied when it is called.
 */
export function findMissing(
  imports: readonly ModuleImport[],
  capabilityOf: (module: string, name: string) => Capability | null,
  grants: readonly Capability[],
  stubs: readonly ImportStub[],
): Missing {
  const granted = new Set(grants);
  const stubbed = new Set(stubs.map((stub) => importKey(stub.module, stub.name)));
  return imports.flatMap(({ module, name, type }) => {
    if (type.kind === 'function' && isEngineBuiltin(module)) return [];
    if (stubbed.has(importKey(module, name))) return [];
    const capability = type.kind === 'function' ? capabilityOf(module, name) : null;
    const isCovered = capability !== null && (granted.has('wasi') || granted.has(capability));
    return isCovered ? [] : [{ module, name, capability }];
  });
}

/**
 * Builds the import object. Nothing in it has a prototype, so that `env.constructor` is no import that happens to be
 * there. Assumes that `findMissing` found nothing.
 */
export function buildImports(imports: readonly ModuleImport[], sources: ImportSources): ImportObject {
  const object: ImportObject = Object.create(null);
  const stubs = new Map(sources.stubs.map((stub) => [importKey(stub.module, stub.name), stub]));
  for (const wanted of imports) {
    if (wanted.type.kind === 'function' && isEngineBuiltin(wanted.module)) continue;
    object[wanted.module] ??= Object.create(null) as Record<string, WebAssembly.ImportValue>;
    const stub = stubs.get(importKey(wanted.module, wanted.name));
    const value = stub === undefined ? grantedImport(wanted, sources) : stubImport(wanted, stub, sources);
    object[wanted.module]![wanted.name] = value as WebAssembly.ImportValue;
  }
  return object;
}

function isEngineBuiltin(module: string): boolean {
  return engineBuiltins.some((name) => module === `wasm:${name}`);
}

function importKey(module: string, name: string): string {
  return `${module.length}:${module}${name}`;
}

function grantedImport({ module, name }: ModuleImport, sources: ImportSources): HostFunction {
  const found = sources.wasi?.module === module ? sources.wasi.functions[name] : undefined;
  if (found === undefined) throw new Error('an import was granted that nothing provides');
  return guard(found, sources.control);
}

/**
 * Wraps a host function so that it refuses once the execution has been ended, and so that a fault in it ends the
 * execution instead of becoming an exception that the guest could catch.
 */
function guard(host: HostFunction, control: ExecutionControl): HostFunction {
  return (...args) => {
    if (control.ending !== null) control.pulse();
    try {
      return host(...args);
    } catch (thrown) {
      if (control.ending !== null) throw thrown;
      return control.end({ kind: 'crashed', message: 'a host function failed' });
    }
  };
}

function stubImport(wanted: ModuleImport, stub: ImportStub, sources: ImportSources): unknown {
  const { type } = wanted;
  switch (type.kind) {
    case 'function':
      return guard(stubFunction(wanted, type.signature, stub, sources), sources.control);
    case 'global':
      return new WebAssembly.Global(
        { value: type.type as WebAssembly.ValueType, mutable: type.isMutable },
        stubValue(type.type, stub) as never,
      );
    case 'memory':
      return stubMemory(type, sources.bounds.memoryBytes);
    case 'table':
      return stubTable(type, sources.bounds.tableElements);
    case 'tag':
      return new (WebAssembly as unknown as { Tag: new (type: object) => object }).Tag({
        parameters: type.signature.params,
      });
  }
}

type FunctionSignature = Extract<ModuleImport['type'], { kind: 'function' }>['signature'];

function stubFunction(
  { module, name }: ModuleImport,
  { params, results }: FunctionSignature,
  stub: ImportStub,
  { control, print }: ImportSources,
): HostFunction {
  if (stub.action === 'trap') {
    return () => {
      const message = `the stub for ${module}.${name} traps`;
      control.end({ kind: 'trapped', message, trap: { kind: 'stub', message, frames: [] } });
    };
  }
  const values = results.map((type) => stubValue(type, stub));
  const result = values.length <= 1 ? values[0] : values;
  if (stub.action === 'return') return () => result;
  const encoder = new TextEncoder();
  return (...args: unknown[]) => {
    const shown = args.map((value, i) => formatValue(params[i]!, value).value).join(', ');
    print('stderr', encoder.encode(`${module}.${name}(${shown})\n`));
    return result;
  };
}

/** What a stub gives for one value: the chosen text where it fits the type, else zero or null. */
function stubValue(type: string, stub: ImportStub): unknown {
  const chosen = stub.value === undefined ? undefined : parseValue(type, stub.value);
  if (chosen !== undefined) return chosen;
  if (type === 'i64') return 0n;
  return type === 'i32' || type === 'f32' || type === 'f64' ? 0 : null;
}

type MemoryType = Extract<ModuleImport['type'], { kind: 'memory' }>;
type TableType = Extract<ModuleImport['type'], { kind: 'table' }>;

/** A fresh memory of the declared type whose maximum is within the bound. */
function stubMemory(type: MemoryType, memoryBytes: number): WebAssembly.Memory {
  const bound = BigInt(Math.floor(memoryBytes / PAGE_BYTES));
  const declared = type.max === null ? bound : BigInt(type.max);
  const maximum = declared < bound ? declared : bound;
  return new WebAssembly.Memory({ ...addressed(type.is64, BigInt(type.min), maximum), shared: type.isShared } as never);
}

/** A fresh table of nulls of the declared type whose maximum is within the bound. */
function stubTable(type: TableType, tableElements: number): WebAssembly.Table {
  const bound = BigInt(tableElements);
  const declared = type.max === null ? bound : BigInt(type.max);
  const maximum = declared < bound ? declared : bound;
  const element = type.element === 'funcref' ? 'anyfunc' : type.element;
  return new WebAssembly.Table({ ...addressed(type.is64, BigInt(type.min), maximum), element } as never);
}

function addressed(is64: boolean, initial: bigint, maximum: bigint): object {
  return is64 ? { address: 'i64', initial, maximum } : { initial: Number(initial), maximum: Number(maximum) };
}

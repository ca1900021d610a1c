import { PAGE_BYTES } from '../../../shared/units.ts';
import { engineLimits } from '../engine-limits.ts';
import { exceeded, unsupported, WasmError } from '../error.ts';
import type { Limits, Module } from '../module.ts';
import type { ReadModule, StaticLimits } from '../reader.ts';
import { encodeValueType } from '../types.ts';
import { slowBody } from './added.ts';

/** What metering wants to know. Bytes and elements are totals over all memories and tables of the module. */
export type MeterOptions = {
  readonly memoryBytes: number;
  readonly tableElements: number;
  /** what the module may have at all; missing limits are the engine's own */
  readonly limits?: StaticLimits;
  /** refuses relaxed SIMD and makes every NaN that arithmetic gives the canonical one */
  readonly isDeterministic?: boolean;
  /** fuel of an instance until the host sets it; without it none, so that a host that forgets runs nothing */
  readonly initialFuel?: number;
  /** `simple` pays every basic block by itself and is the measure for `fast`, which counts the same and costs less */
  readonly form?: 'simple' | 'fast';
};

/** The names that a metered module exports beyond its own. */
export const abi = {
  /** (global (mut i64)) fuel left in this slice; the host sets it before the first call */
  fuel: 'glovebox.fuel',
  /** (table 1 funcref) slot 0: (func (param i64) (result i64)), called with the fuel once it is below zero */
  refuel: 'glovebox.refuel',
  /** (func) the original start function, where there was one; the host calls it first */
  start: 'glovebox.start',
  /** (global (mut i64)) bytes of all memories together; they never shrink, so it is the peak too */
  memory: 'glovebox.memory',
  /** (global (mut i64)) bytes that the last growth or array beyond the memory limit asked for; 0 while none was refused */
  refused: 'glovebox.refused',
  /** (global (mut i64)) elements that the last table growth beyond the limit asked for; 0 while none was refused */
  refusedElements: 'glovebox.refused-elements',
} as const;

/** Bytes of an array's element; a reference counts as eight. */
const elementSizes: Readonly<Record<string, number>> = { i8: 1, i16: 2, i32: 4, f32: 4, i64: 8, f64: 8, v128: 16 };

/** An added function: its type, and its body with local declarations and last `end`, or the defined function it copies. */
export type AddedFunction = { readonly type: number; readonly body: Uint8Array | Copy };

/** A body that another defined function's is written again for; `copyOf` counts all functions. */
export type Copy = { readonly copyOf: number; readonly place: 'callers' | 'threaded' };

/** What is added to a module, and by which index it is reached; always behind what the module has. */
export class Plan {
  readonly module: Module;
  readonly options: MeterOptions;
  readonly fuelGlobal: number;
  readonly memoryGlobal: number;
  readonly refusedGlobal: number;
  readonly refusedElementsGlobal: number;
  readonly refuelTable: number;
  /** (func (param i64) (result i64)): asks the host for the next slice, and traps when there is none */
  readonly slowFunction: number;
  /** pages that all memories may have together */
  readonly pageLimit: number;
  readonly addedTypes: Uint8Array[] = [];
  readonly addedFunctions: AddedFunction[] = [];
  readonly #typeOf = new Map<string, number>();

  constructor({ module, constantArrays }: ReadModule, options: MeterOptions) {
    this.module = module;
    this.options = options;
    this.pageLimit = Math.floor(options.memoryBytes / PAGE_BYTES);
    this.fuelGlobal = module.globals.length;
    this.memoryGlobal = this.fuelGlobal + 1;
    this.refusedGlobal = this.fuelGlobal + 2;
    this.refusedElementsGlobal = this.fuelGlobal + 3;
    this.refuelTable = module.tables.length;
    this.slowFunction = module.functions.length;
    checkNames(module);
    checkMinima(module, options, this.pageLimit);
    this.addFunction({ type: this.functionType(['i64'], ['i64']), body: slowBody(this) });
    for (const { offset, type, length } of constantArrays) {
      if (length === null) throw unsupported('a constant array whose length is not constant', offset);
      if (length > this.arrayLimit(type)) {
        throw exceeded('memoryBytes', 'bytes in a constant array', options.memoryBytes, offset);
      }
    }
  }

  /** The index of a function type, added where it is not yet. */
  functionType(params: readonly string[], results: readonly string[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.#typeOf.get(key);
    if (known !== undefined) return known;
    const vector = (types: readonly string[]): number[] => [
      ...(types.length < 0x80 ? [types.length] : [(types.length & 0x7f) | 0x80, types.length >> 7]),
      ...types.flatMap(encodeValueType),
    ];
    this.addedTypes.push(Uint8Array.from([0x60, ...vector(params), ...vector(results)]));
    const index = this.module.types.length + this.addedTypes.length - 1;
    this.#typeOf.set(key, index);
    return index;
  }

  /** Adds a function behind all others and returns its index. */
  addFunction(added: AddedFunction): number {
    return this.slowFunction + this.addedFunctions.push(added) - 1;
  }

  /** Elements that an array of this type may have: its bytes are bounded like a memory's. */
  arrayLimit(type: number): number {
    return Math.floor(this.options.memoryBytes / this.elementBytes(type));
  }

  /** Bytes of one element of an array type. */
  elementBytes(type: number): number {
    const definition = this.module.types[type];
    const element = definition?.kind === 'array' ? definition.element.type : 'i8';
    return elementSizes[element] ?? 8;
  }

  /** Refuses what the engine would refuse once the additions are in. */
  checkEngineLimits(): void {
    const { module } = this;
    const check = (what: string, count: number, bound: number): void => {
      if (count > bound) throw tooLarge(what, bound);
    };
    check('types', module.types.length + this.addedTypes.length, engineLimits.types);
    check('functions', this.slowFunction + this.addedFunctions.length, engineLimits.functions);
    check('globals', module.globals.length + 4, engineLimits.globals);
    check('tables', module.tables.length + 1, engineLimits.tables);
    check('exports', module.exports.length + Object.keys(abi).length, engineLimits.exports);
  }
}

/** The refusal of a module that fits the engine plain and not metered. */
export function tooLarge(what: string, bound: number, offset: number | null = null): WasmError {
  const message = `expected at most ${bound} ${what} in the metered module`;
  return new WasmError('limit', message, offset, { name: 'engine', value: bound });
}

/** A declared maximum as it may be: never above the limit, nor above what the address type can reach. */
export function boundedMaximum(limits: Limits, bound: number, reach: number): bigint {
  const wide = BigInt(limits.is64 ? bound : Math.min(bound, reach));
  return limits.max === null || limits.max > wide ? wide : limits.max;
}

function checkNames(module: Module): void {
  const taken = module.exports.find((each) => each.name.startsWith('glovebox.'));
  if (taken !== undefined) throw unsupported(`the export name ${taken.name}, which is reserved`, null);
}

function checkMinima(module: Module, options: MeterOptions, pageLimit: number): void {
  let pages = 0n;
  for (const { limits } of module.memories) {
    pages += limits.min;
    if (pages > BigInt(pageLimit)) {
      throw exceeded('memoryBytes', 'bytes of memory at the start', options.memoryBytes, limits.start);
    }
  }
  let elements = 0n;
  for (const { limits } of module.tables) {
    elements += limits.min;
    if (elements > BigInt(options.tableElements)) {
      throw exceeded('tableElements', 'table elements at the start', options.tableElements, limits.start);
    }
  }
}

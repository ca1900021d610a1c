import type { CodeReader } from './code-reader.ts';
import type { Cursor } from './cursor.ts';
import { engineLimits } from './engine-limits.ts';
import { exceeded, malformed, unsupported } from './error.ts';
import { type ConstantArray, readConstantExpression } from './expression.ts';
import { featureIndex } from './features.ts';
import type { ExternKind, Limits, Module } from './module.ts';
import { readMutability, readType } from './type-section.ts';
import { readReferenceType, type ValueType } from './types.ts';

const memory64 = featureIndex('memory64');
const threads = featureIndex('threads');
const multiMemory = featureIndex('multi-memory');
const mutableGlobal = featureIndex('mutable-global');
const exceptionHandling = featureIndex('exception-handling');
const referenceTypes = featureIndex('reference-types');
const stringBuiltins = featureIndex('js-string-builtins');
const functionReferences = featureIndex('function-references');

/** Reads the imports and starts every index space with them. */
export function readImports(cursor: Cursor, module: Module, bound: number): number {
  const start = cursor.position;
  const count = cursor.u32();
  if (count > bound) throw exceeded('imports', 'imports', bound, start);
  for (let i = 0; i < count; i++) readImport(cursor, module);
  module.importedFunctions = module.functions.length;
  return count;
}

function readImport(cursor: Cursor, module: Module): void {
  const start = cursor.position;
  const from = cursor.name();
  const name = cursor.name();
  if (from === 'wasm:js-string' || from === 'wasm:text-encoder' || from === 'wasm:text-decoder') {
    module.features.note(stringBuiltins, start);
  }
  const kindStart = cursor.position;
  const add = (kind: ExternKind, index: number): void => {
    module.imports.push({ module: from, name, kind, index });
  };
  const form = cursor.byte();
  switch (form) {
    case 0:
      add('function', module.functions.push(readFunctionType(cursor, module)) - 1);
      return;
    case 1:
      add('table', module.tables.push({ ...readTableType(cursor, module), isImported: true }) - 1);
      return;
    case 2:
      add('memory', pushMemory(cursor, module, true));
      return;
    case 3: {
      const type = readType(cursor, module.types.length, module.features);
      const isMutable = readMutability(cursor);
      if (isMutable) module.features.note(mutableGlobal, kindStart);
      add('global', module.globals.push({ type, isMutable, isImported: true }) - 1);
      return;
    }
    case 4:
      add('tag', module.tags.push(readTagType(cursor, module)) - 1);
      return;
    case 0x20:
      throw unsupported('custom descriptors', kindStart);
    default:
      throw malformed(`expected an import kind 0 to 4, found ${form}`, kindStart);
  }
}

/** Reads the type index of a function; only function types are functions' types. */
export function readFunctionType(cursor: Cursor, module: Module): number {
  const start = cursor.position;
  const index = cursor.u32();
  if (module.types[index]?.kind !== 'function') throw malformed(`expected a function type, found ${index}`, start);
  return index;
}

/** Reads the types of the defined functions. */
export function readFunctions(cursor: Cursor, module: Module, bound: number): number {
  const start = cursor.position;
  const count = cursor.u32();
  if (count + module.functions.length > bound) throw exceeded('functions', 'functions', bound, start);
  for (let i = 0; i < count; i++) module.functions.push(readFunctionType(cursor, module));
  return count;
}

/** Reads the tables, with their initializers where they have one. */
export function readTables(cursor: Cursor, module: Module, code: CodeReader, arrays: ConstantArray[]): number {
  const count = readCount(cursor, engineLimits.tables - module.tables.length, 'tables');
  for (let i = 0; i < count; i++) {
    const start = cursor.position;
    const isInitialized = cursor.bytes[start] === 0x40 && start < cursor.end;
    if (isInitialized) {
      cursor.byte();
      if (cursor.byte() !== 0) throw malformed('expected 0 after 0x40', start + 1);
      module.features.note(functionReferences, start);
    }
    const table = { ...readTableType(cursor, module), isImported: false };
    if (isInitialized) arrays.push(...readInitializer(cursor, code));
    module.tables.push(table);
    if (module.tables.length === 2) module.features.note(referenceTypes, start);
  }
  return count;
}

/** Reads the memories. */
export function readMemories(cursor: Cursor, module: Module): number {
  const count = readCount(cursor, engineLimits.memories - module.memories.length, 'memories');
  for (let i = 0; i < count; i++) pushMemory(cursor, module, false);
  return count;
}

/** Reads the tags. */
export function readTags(cursor: Cursor, module: Module): number {
  const count = readCount(cursor, engineLimits.tags - module.tags.length, 'tags');
  for (let i = 0; i < count; i++) module.tags.push(readTagType(cursor, module));
  return count;
}

/** Reads the globals; each initializer sees the globals before it. */
export function readGlobals(cursor: Cursor, module: Module, code: CodeReader, arrays: ConstantArray[]): number {
  const count = readCount(cursor, engineLimits.globals - module.globals.length, 'globals');
  for (let i = 0; i < count; i++) {
    const type = readType(cursor, module.types.length, module.features);
    const isMutable = readMutability(cursor);
    arrays.push(...readInitializer(cursor, code));
    module.globals.push({ type, isMutable, isImported: false });
  }
  return count;
}

/** Reads a vector's length. */
export function readCount(cursor: Cursor, bound: number, what: string): number {
  const start = cursor.position;
  const count = cursor.u32();
  if (count > bound) throw exceeded('engine', what, bound, start);
  return count;
}

/** Reads the constant expression at the cursor. */
export function readInitializer(cursor: Cursor, code: CodeReader): ConstantArray[] {
  const arrays = readConstantExpression(code, cursor.position, cursor.end);
  cursor.position = code.position;
  return arrays;
}

function readTableType(cursor: Cursor, module: Module): { element: ValueType; limits: Limits } {
  const element = readReferenceType(cursor, module.types.length);
  if (element !== 'funcref') module.features.note(referenceTypes, cursor.position);
  const start = cursor.position;
  const limits = readLimits(cursor, module);
  if (limits.isShared) throw unsupported('shared-everything threads', start);
  if (limits.min > BigInt(engineLimits.tableElements)) {
    throw exceeded('engine', 'table elements', engineLimits.tableElements, start);
  }
  return { element, limits };
}

function pushMemory(cursor: Cursor, module: Module, isImported: boolean): number {
  const start = cursor.position;
  const limits = readLimits(cursor, module);
  if (limits.isShared) {
    if (limits.max === null) throw malformed('expected a maximum for a shared memory', start);
    module.features.note(threads, start);
  }
  const pages = limits.is64 ? engineLimits.memory64Pages : engineLimits.memory32Pages;
  if (limits.min > BigInt(pages)) throw exceeded('engine', 'pages of memory', pages, start);
  const last = limits.is64 ? 2n ** 48n : BigInt(pages);
  if ((limits.max ?? 0n) > last) throw malformed(`expected a maximum of at most ${last} pages`, start);
  module.memories.push({ limits, isImported });
  if (module.memories.length === 2) module.features.note(multiMemory, start);
  return module.memories.length - 1;
}

function readLimits(cursor: Cursor, module: Module): Limits {
  const start = cursor.position;
  const flags = cursor.byte();
  if (flags & 0x08 && flags < 0x10) throw unsupported('custom page sizes', start);
  if (flags > 7) throw malformed('expected limits flags 0 to 7', start);
  const is64 = (flags & 4) !== 0;
  if (is64) module.features.note(memory64, start);
  const read = (): bigint => (is64 ? cursor.u64() : BigInt(cursor.u32()));
  const min = read();
  const max = flags & 1 ? read() : null;
  if (max !== null && max < min) throw malformed(`expected a maximum of at least ${min}, found ${max}`, start);
  return { min, max, is64, isShared: (flags & 2) !== 0, start, end: cursor.position };
}

function readTagType(cursor: Cursor, module: Module): number {
  const start = cursor.position;
  module.features.note(exceptionHandling, start);
  if (cursor.byte() !== 0) throw malformed('expected tag attribute 0', start);
  return readFunctionType(cursor, module);
}

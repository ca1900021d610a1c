import type { CodeReader } from './code-reader.ts';
import type { Cursor } from './cursor.ts';
import { readCount, readInitializer } from './definition-sections.ts';
import { engineLimits } from './engine-limits.ts';
import { exceeded, malformed } from './error.ts';
import type { ConstantArray } from './expression.ts';
import { featureIndex } from './features.ts';
import type { ExternKind, Module } from './module.ts';
import { readReferenceType } from './types.ts';

const bulkMemory = featureIndex('bulk-memory-operations');
const mutableGlobal = featureIndex('mutable-global');
const referenceTypes = featureIndex('reference-types');

const exportKinds: readonly ExternKind[] = ['function', 'table', 'memory', 'global', 'tag'];

/** Reads the exports; every name must be its own. */
export function readExports(cursor: Cursor, module: Module, bound: number): number {
  const start = cursor.position;
  const count = cursor.u32();
  if (count > bound) throw exceeded('exports', 'exports', bound, start);
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const at = cursor.position;
    const name = cursor.name();
    if (names.has(name)) throw malformed(`expected export names to differ, found ${name} twice`, at);
    names.add(name);
    module.exports.push(readExport(cursor, module, name));
  }
  return count;
}

function readExport(cursor: Cursor, module: Module, name: string): { name: string; kind: ExternKind; index: number } {
  const start = cursor.position;
  const kind = exportKinds[cursor.byte()];
  if (kind === undefined) throw malformed('expected an export kind 0 to 4', start);
  const index = cursor.u32();
  const spaces = {
    function: module.functions,
    table: module.tables,
    memory: module.memories,
    global: module.globals,
    tag: module.tags,
  };
  const bound = spaces[kind].length;
  if (index >= bound) throw malformed(`expected a ${kind} below ${bound}, found ${index}`, start);
  if (kind === 'global' && module.globals[index]!.isMutable) module.features.note(mutableGlobal, start);
  if (kind === 'function') module.referencedFunctions.add(index);
  return { name, kind, index };
}

/** Reads the start function, which takes and returns nothing. */
export function readStart(cursor: Cursor, module: Module): null {
  const start = cursor.position;
  const index = cursor.u32();
  const type = module.types[module.functions[index] ?? -1];
  if (type?.kind !== 'function') {
    throw malformed(`expected a function below ${module.functions.length}, found ${index}`, start);
  }
  if (type.params.length + type.results.length > 0) {
    throw malformed('expected a start function without parameters and results', start);
  }
  module.start = index;
  return null;
}

/** Reads the element segments in all eight forms. */
export function readElements(cursor: Cursor, module: Module, code: CodeReader, arrays: ConstantArray[]): number {
  const count = readCount(cursor, engineLimits.elementSegments, 'element segments');
  module.elementSegments = count;
  for (let i = 0; i < count; i++) arrays.push(...readElement(cursor, module, code));
  return count;
}

function readElement(cursor: Cursor, module: Module, code: CodeReader): ConstantArray[] {
  const start = cursor.position;
  const arrays: ConstantArray[] = [];
  const form = cursor.u32();
  if (form > 7) throw malformed(`expected an element segment of form 0 to 7, found ${form}`, start);
  if (form !== 0) module.features.note(bulkMemory, start);
  const isActive = (form & 1) === 0;
  if (isActive) {
    const table = form & 2 ? cursor.u32() : 0;
    if (table >= module.tables.length) {
      throw malformed(`expected a table below ${module.tables.length}, found ${table}`, start);
    }
    arrays.push(...readInitializer(cursor, code));
  }
  const hasExpressions = (form & 4) !== 0;
  if ((form & 3) !== 0) readElementKind(cursor, module, hasExpressions);
  const length = readCount(cursor, engineLimits.tableElements, 'elements in a segment');
  if (hasExpressions) module.features.note(referenceTypes, start);
  for (let i = 0; i < length; i++) {
    if (hasExpressions) arrays.push(...readInitializer(cursor, code));
    else module.referencedFunctions.add(readFunction(cursor, module));
  }
  return arrays;
}

function readElementKind(cursor: Cursor, module: Module, hasExpressions: boolean): void {
  if (hasExpressions) readReferenceType(cursor, module.types.length);
  else if (cursor.byte() !== 0) throw malformed('expected element kind 0', cursor.position - 1);
}

function readFunction(cursor: Cursor, module: Module): number {
  const start = cursor.position;
  const index = cursor.u32();
  const bound = module.functions.length;
  if (index >= bound) throw malformed(`expected a function below ${bound}, found ${index}`, start);
  return index;
}

/** Reads the data count, which lets code name data segments before they are read. */
export function readDataCount(cursor: Cursor, module: Module): number {
  module.features.note(bulkMemory, cursor.position);
  module.hasDataCount = true;
  module.dataSegments = readCount(cursor, engineLimits.dataSegments, 'data segments');
  return module.dataSegments;
}

/** Reads the data segments; there must be as many as the data count said. */
export function readData(cursor: Cursor, module: Module, code: CodeReader, arrays: ConstantArray[]): number {
  const start = cursor.position;
  const count = readCount(cursor, engineLimits.dataSegments, 'data segments');
  if (module.hasDataCount && count !== module.dataSegments) {
    throw malformed(`expected ${module.dataSegments} data segments, found ${count}`, start);
  }
  module.dataSegments = count;
  for (let i = 0; i < count; i++) {
    const at = cursor.position;
    const form = cursor.u32();
    if (form > 2) throw malformed(`expected a data segment of form 0 to 2, found ${form}`, at);
    if (form !== 0) module.features.note(bulkMemory, at);
    if (form !== 1) {
      const memory = form === 2 ? cursor.u32() : 0;
      if (memory >= module.memories.length) {
        throw malformed(`expected a memory below ${module.memories.length}, found ${memory}`, at);
      }
      arrays.push(...readInitializer(cursor, code));
    }
    cursor.skip(cursor.u32());
  }
  return count;
}

/** Finds the bodies of the code section without reading their instructions. */
export function readBodies(cursor: Cursor, module: Module): number {
  const start = cursor.position;
  const count = cursor.u32();
  const expected = module.functions.length - module.importedFunctions;
  if (count !== expected) throw malformed(`expected ${expected} function bodies, found ${count}`, start);
  module.bodyStarts = new Uint32Array(count);
  module.bodyEnds = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = cursor.position;
    const size = cursor.u32();
    if (size > engineLimits.functionBytes) {
      throw exceeded('engine', 'bytes in a function body', engineLimits.functionBytes, at);
    }
    module.bodyStarts[i] = cursor.position;
    cursor.skip(size);
    module.bodyEnds[i] = cursor.position;
  }
  return count;
}

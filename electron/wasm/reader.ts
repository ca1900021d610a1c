import type { Limits as PolicyLimits } from '../../shared/model/limits.ts';
import { CodeReader } from './code-reader.ts';
import { Cursor } from './cursor.ts';
import { readFunctions, readGlobals, readImports, readMemories, readTables, readTags } from './definition-sections.ts';
import { engineLimits } from './engine-limits.ts';
import { exceeded, malformed, unsupported } from './error.ts';
import type { ConstantArray } from './expression.ts';
import { FeatureUse } from './features.ts';
import { type Module, type Section, sectionNames, sectionOrder } from './module.ts';
import { readBodies, readData, readDataCount, readElements, readExports, readStart } from './segment-sections.ts';
import { readTypes } from './type-section.ts';

/** The limits that hold before anything is compiled (DESIGN §4); one that is missing is the engine's own. */
export type StaticLimits = Partial<Pick<PolicyLimits, 'moduleBytes' | 'functions' | 'imports' | 'exports'>>;

/** A module as read, with the arrays that its constant expressions make. */
export type ReadModule = { readonly module: Module; readonly constantArrays: readonly ConstantArray[] };

/**
 * Reads every section of a module but the instructions of its bodies: structure, index spaces, constant expressions.
 * Strict: what the format does not allow is malformed, what a known proposal claims is unsupported by its name.
 * @throws WasmError
 */
export function readModule(bytes: Uint8Array, limits: StaticLimits = {}): ReadModule {
  const moduleBytes = Math.min(limits.moduleBytes ?? engineLimits.moduleBytes, engineLimits.moduleBytes);
  if (bytes.length > moduleBytes) throw exceeded('moduleBytes', 'bytes in a module', moduleBytes, null);
  const reader = new SectionReader(bytes, limits);
  reader.readHeader();
  reader.readSections();
  return { module: reader.module, constantArrays: reader.constantArrays };
}

/** Reads the instructions of every body. @throws WasmError */
export function readCode(module: Module): void {
  const code = new CodeReader(module);
  for (let i = 0; i < module.bodyStarts.length; i++) {
    code.openBody(i);
    while (code.next());
  }
}

class SectionReader {
  readonly module: Module;
  readonly constantArrays: ConstantArray[] = [];
  readonly #cursor: Cursor;
  readonly #code: CodeReader;
  readonly #limits: StaticLimits;
  #hasCode = false;
  #hasData = false;

  constructor(bytes: Uint8Array, limits: StaticLimits) {
    this.module = emptyModule(bytes);
    this.#cursor = new Cursor(bytes);
    this.#code = new CodeReader(this.module);
    this.#limits = limits;
  }

  readHeader(): void {
    const { bytes } = this.#cursor;
    const magic = [0x00, 0x61, 0x73, 0x6d];
    for (let i = 0; i < 4; i++) {
      if (bytes[i] !== magic[i]) throw malformed('expected the magic bytes 00 61 73 6d of a WebAssembly module', i);
    }
    if (bytes[4] === 0x0d && bytes[6] === 0x01) throw unsupported('the component model', 4);
    const version = [0x01, 0x00, 0x00, 0x00];
    for (let i = 0; i < 4; i++) {
      if (bytes[4 + i] !== version[i]) throw malformed('expected version 1 of the binary format', 4 + i);
    }
    this.#cursor.position = 8;
  }

  readSections(): void {
    const cursor = this.#cursor;
    let last = -1;
    while (cursor.position < cursor.bytes.length) {
      const start = cursor.position;
      const id = cursor.byte();
      const size = cursor.u32();
      const offset = cursor.position;
      if (size > cursor.bytes.length - offset) {
        throw malformed(`expected ${size} bytes in the section, found ${cursor.bytes.length - offset}`, offset);
      }
      if (id !== 0) last = checkOrder(id, last, start);
      cursor.end = offset + size;
      this.#readSection(id, start);
      if (cursor.position !== cursor.end) {
        throw malformed(`expected the ${sectionNames[id]} section to end here`, cursor.position);
      }
      cursor.end = cursor.bytes.length;
    }
    this.#checkWhole();
  }

  #readSection(id: number, start: number): void {
    const cursor = this.#cursor;
    const offset = cursor.position;
    let name = sectionNames[id]!;
    let contentOffset = offset;
    let count: number | null = null;
    if (id === 0) {
      name = cursor.name();
      contentOffset = cursor.position;
      cursor.position = cursor.end;
    } else count = this.#readContent(id);
    const section: Section = { id, name, start, offset, contentOffset, end: cursor.end, count };
    this.module.sections.push(section);
  }

  #readContent(id: number): number | null {
    const cursor = this.#cursor;
    const { module } = this;
    const functions = Math.min(this.#limits.functions ?? engineLimits.functions, engineLimits.functions);
    switch (id) {
      case 1:
        return readTypes(cursor, module.types, module.features);
      case 2:
        return readImports(
          cursor,
          module,
          Math.min(this.#limits.imports ?? engineLimits.imports, engineLimits.imports),
        );
      case 3:
        return readFunctions(cursor, module, functions);
      case 4:
        return readTables(cursor, module, this.#code, this.constantArrays);
      case 5:
        return readMemories(cursor, module);
      case 6:
        return readGlobals(cursor, module, this.#code, this.constantArrays);
      case 7:
        return readExports(
          cursor,
          module,
          Math.min(this.#limits.exports ?? engineLimits.exports, engineLimits.exports),
        );
      case 8:
        return readStart(cursor, module);
      case 9:
        return readElements(cursor, module, this.#code, this.constantArrays);
      case 10:
        this.#hasCode = true;
        return readBodies(cursor, module);
      case 11:
        this.#hasData = true;
        return readData(cursor, module, this.#code, this.constantArrays);
      case 12:
        return readDataCount(cursor, module);
      default:
        return readTags(cursor, module);
    }
  }

  #checkWhole(): void {
    const { module } = this;
    const end = module.bytes.length;
    const defined = module.functions.length - module.importedFunctions;
    if (!this.#hasCode && defined > 0) throw malformed(`expected a code section with ${defined} bodies`, end);
    if (!this.#hasData && module.dataSegments > 0) {
      throw malformed(`expected a data section with ${module.dataSegments} segments`, end);
    }
  }
}

function checkOrder(id: number, last: number, start: number): number {
  if (id === 14) throw unsupported('string references', start);
  const place = sectionOrder.indexOf(id as (typeof sectionOrder)[number]);
  if (place < 0) throw malformed(`expected a section id of 0 to 13, found ${id}`, start);
  if (place <= last) throw malformed(`the ${sectionNames[id]} section is out of order or there twice`, start);
  return place;
}

function emptyModule(bytes: Uint8Array): Module {
  return {
    bytes,
    sections: [],
    types: [],
    imports: [],
    functions: [],
    importedFunctions: 0,
    tables: [],
    memories: [],
    globals: [],
    tags: [],
    exports: [],
    start: null,
    elementSegments: 0,
    dataSegments: 0,
    hasDataCount: false,
    bodyStarts: new Uint32Array(0),
    bodyEnds: new Uint32Array(0),
    referencedFunctions: new Set(),
    features: new FeatureUse(),
  };
}

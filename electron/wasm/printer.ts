import { CodeReader } from './code-reader.ts';
import { Cursor } from './cursor.ts';
import type { Module } from './module.ts';
import { readNames } from './names.ts';
import { immediateOf, immediates, nameOf, operandOf } from './opcodes.ts';
import { readModule } from './reader.ts';
import { readHeapType, readValueType, referenceType } from './types.ts';

/** A line of a function's text; `offset` is of its instruction in the module, null for lines that stand for none. */
export type PrintedLine = { readonly offset: number | null; readonly text: string };

/** A function as a list shows it; `offset` and `sizeBytes` are of its body, null when it is imported. */
export type FunctionEntry = {
  readonly index: number;
  readonly name: string | null;
  readonly signature: string;
  readonly offset: number | null;
  readonly sizeBytes: number | null;
};

/** Prints functions of one module, each when it is asked for. */
export type Printer = {
  readonly functionCount: number;
  /** The functions `[from, from + length)`, imported ones first. */
  listFunctions(from: number, length: number): FunctionEntry[];
  /** The text of one function. @throws WasmError where its body is malformed, RangeError where there is no such function */
  printFunction(index: number): { readonly lines: PrintedLine[] };
};

const INDENT = '  ';
const ELSE = 0x05;
const CATCH = 0x07;
const END = 0x0b;
const CATCH_ALL = 0x19;
const REF_NULL = 0xd0;

/** Reads a module's sections once; bodies are decoded one at a time. @throws WasmError when a section is malformed */
export function openPrinter(bytes: Uint8Array): Printer {
  const { module } = readModule(bytes);
  const names = readNames(module).functions;
  const titles = functionTitles(module, names);
  return {
    functionCount: module.functions.length,
    listFunctions: (from, length) => {
      const entries: FunctionEntry[] = [];
      for (let index = from; index < Math.min(from + length, module.functions.length); index++) {
        entries.push(functionEntry(module, titles, index));
      }
      return entries;
    },
    printFunction: (index) => ({ lines: printBody(module, names, index) }),
  };
}

/** The text of one function of a module. @throws WasmError, RangeError as a printer does */
export function printFunction(bytes: Uint8Array, index: number): { readonly lines: PrintedLine[] } {
  return openPrinter(bytes).printFunction(index);
}

/** What a function is called: by the name section, else by an export, else by its import. */
function functionTitles(module: Module, names: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  const titles = new Map<number, string>();
  for (const each of module.imports)
    if (each.kind === 'function') titles.set(each.index, `${each.module}.${each.name}`);
  for (const each of module.exports) if (each.kind === 'function') titles.set(each.index, each.name);
  for (const [index, name] of names) titles.set(index, name);
  return titles;
}

function functionEntry(module: Module, titles: ReadonlyMap<number, string>, index: number): FunctionEntry {
  const defined = index - module.importedFunctions;
  return {
    index,
    name: titles.get(index) ?? null,
    signature: signature(module, module.functions[index]!).trim(),
    offset: defined < 0 ? null : module.bodyStarts[defined]!,
    sizeBytes: defined < 0 ? null : module.bodyEnds[defined]! - module.bodyStarts[defined]!,
  };
}

function printBody(module: Module, names: ReadonlyMap<number, string>, index: number): PrintedLine[] {
  if (!(index >= 0 && index < module.functions.length)) {
    throw new RangeError(`expected a function below ${module.functions.length}, found ${index}`);
  }
  const label = functionLabel(names, index);
  const head = `(func ${label} (type ${module.functions[index]})${signature(module, module.functions[index]!)}`;
  const defined = index - module.importedFunctions;
  if (defined < 0) {
    const { module: from, name } = module.imports.find((each) => each.kind === 'function' && each.index === index)!;
    return [{ offset: null, text: `(import ${quote(from)} ${quote(name)} ${head}))` }];
  }
  const lines: PrintedLine[] = [{ offset: module.bodyStarts[defined]!, text: head }];
  const code = new CodeReader(module);
  const locals: string[] = [];
  code.openBody(defined, (count, type) => locals.push(count === 1 ? type : `${type} ×${count}`));
  if (locals.length > 0) lines.push({ offset: null, text: `${INDENT}(local ${locals.join(' ')})` });
  while (code.next()) {
    const depth = code.depth - (standsAtItsEnd(code.op) ? 1 : 0);
    const text = code.depth === 0 ? ')' : INDENT.repeat(depth) + instructionText(code, names);
    lines.push({ offset: code.start, text });
  }
  return lines;
}

/** Whether a line is written at the depth of the `end` that goes with it, not inside. */
function standsAtItsEnd(op: number): boolean {
  const kind = immediateOf[op];
  return op === ELSE || op === CATCH || op === CATCH_ALL || kind === immediates.block || kind === immediates.catches;
}

function instructionText(code: CodeReader, names: ReadonlyMap<number, string>): string {
  const name = nameOf[code.op]!;
  if (code.op === END) return 'end';
  const rest = immediateText(code, names);
  return rest === '' ? name : `${name} ${rest}`;
}

function immediateText(code: CodeReader, names: ReadonlyMap<number, string>): string {
  const { module, op, first, second } = code;
  const at = new Cursor(module.bytes, code.start, code.position);
  at.byte();
  if (op >= 0x200) at.u32();
  switch (immediateOf[op]) {
    case immediates.none:
    case immediates.zero:
      return '';
    case immediates.function:
      return functionLabel(names, first);
    case immediates.i64:
      return String(at.s64());
    case immediates.f32:
      return floatText(dataOf(module, at.position).getFloat32(0, true));
    case immediates.f64:
      return floatText(dataOf(module, at.position).getFloat64(0, true));
    case immediates.v128:
      return `i32x4 ${[0, 4, 8, 12].map((lane) => hex32(dataOf(module, at.position).getUint32(lane, true))).join(' ')}`;
    case immediates.memoryArgument:
    case immediates.atomic:
    case immediates['memory+lane']:
      return memoryArgumentText(code, at);
    case immediates.block:
      return blockTypeText(module, at);
    case immediates.labels:
      return [...code.labels.subarray(0, first)].join(' ');
    case immediates.catches:
      return catchesText(module, at);
    case immediates.types:
      at.u32();
      return `(result ${readValueType(at, module.types.length)})`;
    case immediates.heap:
      return heapText(module, at, op);
    case immediates.cast:
      return castText(module, at);
    case immediates.shuffle:
      return [...module.bytes.subarray(at.position, at.position + 16)].join(' ');
    case immediates['type+table']:
      return `${second === 0 ? '' : `${second} `}(type ${first})`;
    case immediates['memory+memory']:
      return first === 0 && second === 0 ? '' : `${first} ${second}`;
    case immediates['data+memory']:
    case immediates['element+table']:
      return second === 0 ? String(first) : `${second} ${first}`;
    case immediates.memory:
      return first === 0 ? '' : String(first);
    case immediates['type+field']:
    case immediates['type+type']:
    case immediates['type+data']:
    case immediates['type+element']:
    case immediates['type+count']:
    case immediates['table+table']:
      return `${first} ${second}`;
    default:
      return String(first);
  }
}

function memoryArgumentText(code: CodeReader, at: Cursor): string {
  const flags = at.u32();
  const parts: string[] = [];
  const memory = flags & 0x40 ? at.u32() : 0;
  if (memory !== 0) parts.push(String(memory));
  const offset = at.u64();
  if (offset !== 0n) parts.push(`offset=${offset}`);
  if ((flags & 0x3f) !== operandOf[code.op]) parts.push(`align=${2 ** (flags & 0x3f)}`);
  if (immediateOf[code.op] === immediates['memory+lane']) parts.push(String(code.second));
  return parts.join(' ');
}

function blockTypeText(module: Module, at: Cursor): string {
  const code = module.bytes[at.position]!;
  if (code === 0x40) {
    at.byte();
    return '';
  }
  if (code > 0x40 && code < 0x80) return `(result ${readValueType(at, module.types.length)})`;
  const type = at.s33();
  return `(type ${type})${signature(module, type)}`;
}

function catchesText(module: Module, at: Cursor): string {
  const parts = [blockTypeText(module, at)].filter((each) => each !== '');
  const count = at.u32();
  for (let i = 0; i < count; i++) {
    const kind = at.byte();
    const tag = kind < 2 ? `${at.u32()} ` : '';
    parts.push(`(${['catch', 'catch_ref', 'catch_all', 'catch_all_ref'][kind]} ${tag}${at.u32()})`);
  }
  return parts.join(' ');
}

function heapText(module: Module, at: Cursor, op: number): string {
  const heap = readHeapType(at, module.types.length);
  // Of ref.test and ref.cast the nullable form has the odd opcode.
  return op === REF_NULL ? String(heap) : referenceType(heap, (op & 1) === 1);
}

function castText(module: Module, at: Cursor): string {
  const flags = at.byte();
  const label = at.u32();
  const from = referenceType(readHeapType(at, module.types.length), (flags & 1) !== 0);
  const to = referenceType(readHeapType(at, module.types.length), (flags & 2) !== 0);
  return `${label} ${from} ${to}`;
}

function signature(module: Module, type: number): string {
  const definition = module.types[type];
  if (definition?.kind !== 'function') return '';
  const params = definition.params.length > 0 ? ` (param ${definition.params.join(' ')})` : '';
  const results = definition.results.length > 0 ? ` (result ${definition.results.join(' ')})` : '';
  return params + results;
}

function functionLabel(names: ReadonlyMap<number, string>, index: number): string {
  const name = names.get(index);
  if (name === undefined) return String(index);
  return /^[\w!#$%&'*+./:<=>?@\\^`|~-]+$/.test(name) ? `$${name}` : `$${quote(name)}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function dataOf(module: Module, offset: number): DataView {
  return new DataView(module.bytes.buffer, module.bytes.byteOffset + offset);
}

function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value);
}

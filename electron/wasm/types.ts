import type { Cursor } from './cursor.ts';
import { malformed, unsupported } from './error.ts';

/**
 * A value type in the text format's spelling: `i32`, `funcref`, `(ref 3)`, `(ref null 3)`, `(ref extern)`. Two equal
 * types are equal strings.
 */
export type ValueType = string;

/** A heap type: an abstract one by name or a type index. */
export type HeapType = string | number;

export type FieldType = { readonly type: ValueType; readonly isMutable: boolean };

/** A type definition. `supertype` is null without one; `group` is the index of the first type of its recursion group. */
export type TypeDefinition = (
  | { readonly kind: 'function'; readonly params: readonly ValueType[]; readonly results: readonly ValueType[] }
  | { readonly kind: 'struct'; readonly fields: readonly FieldType[] }
  | { readonly kind: 'array'; readonly element: FieldType }
) & { readonly supertype: number | null; readonly isFinal: boolean; readonly group: number };

const numberTypes = new Map([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x7b, 'v128'],
]);

const heapTypes = new Map([
  [0x74, 'noexn'],
  [0x73, 'nofunc'],
  [0x72, 'noextern'],
  [0x71, 'none'],
  [0x70, 'func'],
  [0x6f, 'extern'],
  [0x6e, 'any'],
  [0x6d, 'eq'],
  [0x6c, 'i31'],
  [0x6b, 'struct'],
  [0x6a, 'array'],
  [0x69, 'exn'],
]);

/** The abbreviations of `(ref null …)` that have a name of their own. */
const nullableNames = new Map([
  ['none', 'nullref'],
  ['nofunc', 'nullfuncref'],
  ['noextern', 'nullexternref'],
  ['noexn', 'nullexnref'],
]);

const claimedTypes = new Map([
  [0x68, 'stack switching'],
  [0x75, 'stack switching'],
  [0x67, 'string references'],
  [0x66, 'string references'],
  [0x65, 'shared-everything threads'],
  [0x62, 'custom descriptors'],
  [0x61, 'string references'],
]);

/** Reads a value type. @throws malformed or unsupported WasmError; type indices must be below `typeCount` */
export function readValueType(cursor: Cursor, typeCount: number): ValueType {
  const number = numberTypes.get(cursor.bytes[cursor.position] ?? 0);
  if (number === undefined) return readReferenceType(cursor, typeCount);
  cursor.byte();
  return number;
}

/** Reads a reference type, long form or abbreviation. */
export function readReferenceType(cursor: Cursor, typeCount: number): ValueType {
  const start = cursor.position;
  const code = cursor.byte();
  const heap = heapTypes.get(code);
  if (heap !== undefined) return referenceType(heap, true);
  if (code === 0x63 || code === 0x64) return referenceType(readHeapType(cursor, typeCount), code === 0x63);
  throw unknownType(code, start);
}

/** Reads a heap type: a signed LEB128 whose negative values are the abstract heap types. */
export function readHeapType(cursor: Cursor, typeCount: number): HeapType {
  const start = cursor.position;
  const value = cursor.s33();
  if (value >= 0) {
    if (value >= typeCount) throw malformed(`expected a type index below ${typeCount}, found ${value}`, start);
    return value;
  }
  const heap = value >= -64 ? heapTypes.get(value + 0x80) : undefined;
  if (heap === undefined) throw unknownType(value + 0x80, start);
  return heap;
}

/** The spelling of a reference type. */
export function referenceType(heap: HeapType, isNullable: boolean): ValueType {
  if (!isNullable) return `(ref ${heap})`;
  if (typeof heap === 'number') return `(ref null ${heap})`;
  return nullableNames.get(heap) ?? `${heap}ref`;
}

/** The binary form of a value type. */
export function encodeValueType(type: ValueType): number[] {
  for (const [code, name] of numberTypes) if (name === type) return [code];
  for (const [code, heap] of heapTypes) {
    if (referenceType(heap, true) === type) return [code];
    if (referenceType(heap, false) === type) return [0x64, code];
  }
  const indexed = /^\(ref (null )?(\d+)\)$/.exec(type);
  if (!indexed) throw new Error(`no such value type: ${type}`);
  return [indexed[1] ? 0x63 : 0x64, ...encodeSigned(Number(indexed[2]))];
}

/** The signed LEB128 of a non-negative number below 2^32. */
export function encodeSigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x40) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

/** The heap type of a reference type; null for a number or vector type. */
export function heapTypeOf(type: ValueType): HeapType | null {
  const long = /^\(ref (?:null )?(\w+)\)$/.exec(type);
  if (long) return /^\d+$/.test(long[1]!) ? Number(long[1]) : long[1]!;
  for (const heap of heapTypes.values()) if (referenceType(heap, true) === type) return heap;
  return null;
}

function unknownType(code: number, offset: number): Error {
  const claim = claimedTypes.get(code);
  if (claim !== undefined) return unsupported(claim, offset);
  return malformed(`expected a type, found 0x${(code & 0xff).toString(16).padStart(2, '0')}`, offset);
}

import type { Signature } from '../../../shared/model/module-report.ts';
import type { GuestValue } from '../../../shared/model/run.ts';

/** A value as the JavaScript interface of WebAssembly takes and gives it; v128 goes as 16 little-endian bytes. */
export type WasmValue = number | bigint | null | Uint8Array | unknown;

/** Why an argument cannot be passed. `index` is null when it is their number that is wrong. */
export type ArgumentProblem = { readonly index: number | null; readonly expected: string; readonly message: string };

export type ParsedArguments =
  | { readonly ok: true; readonly values: readonly WasmValue[] }
  | { readonly ok: false; readonly problem: ArgumentProblem };

const EXPECTATIONS: Record<string, string> = {
  i32: 'an integer from -2147483648 to 4294967295 in decimal, 0x or 0b form',
  i64: 'an integer from -9223372036854775808 to 18446744073709551615 in decimal, 0x or 0b form',
  f32: 'a number, nan, inf or -inf',
  f64: 'a number, nan, inf or -inf',
  v128: '32 hex digits, or lanes such as i32x4:1,2,3,4',
};

/** Reads arguments given as text by the signature they are for. Never throws. */
export function parseArguments(signature: Signature, args: readonly string[]): ParsedArguments {
  const { params } = signature;
  if (args.length !== params.length) {
    const types = params.length === 0 ? '' : ` (${params.join(', ')})`;
    const expected = `${params.length} ${params.length === 1 ? 'argument' : 'arguments'}${types}`;
    return { ok: false, problem: { index: null, expected, message: `expected ${expected}, got ${args.length}` } };
  }
  const values: WasmValue[] = [];
  for (const [index, type] of params.entries()) {
    const value = parseValue(type, args[index]!.trim());
    if (value === undefined) {
      const expected = expectationOf(type);
      const message = `argument ${index} (${type}) must be ${expected}`;
      return { ok: false, problem: { index, expected, message } };
    }
    values.push(value);
  }
  return { ok: true, values };
}

/** What an argument of this type may look like, for people. */
export function expectationOf(type: string): string {
  if (EXPECTATIONS[type] !== undefined) return EXPECTATIONS[type];
  return isNullable(type) ? 'null' : 'a reference, which cannot be given as text';
}

/** Writes one result as text (shared/model/run.ts `guestValue`). */
export function formatValue(type: string, value: WasmValue): GuestValue {
  return { type, value: textOf(type, value) };
}

/** Reads one value; undefined when the text is none of this type. */
export function parseValue(type: string, text: string): WasmValue | undefined {
  switch (type) {
    case 'i32': {
      const wide = parseInteger(text, 32n);
      return wide === undefined ? undefined : Number(BigInt.asIntN(32, wide));
    }
    case 'i64': {
      const wide = parseInteger(text, 64n);
      return wide === undefined ? undefined : BigInt.asIntN(64, wide);
    }
    case 'f32':
    case 'f64':
      return parseFloatText(text);
    case 'v128':
      return parseVector(text);
    default:
      return text === 'null' && isNullable(type) ? null : undefined;
  }
}

/** Abstract and concrete reference types that null inhabits; `(ref $t)` without `null` is not one. */
function isNullable(type: string): boolean {
  return /^\(ref null .+\)$/.test(type) || /^[a-z0-9]+ref$/.test(type);
}

function parseInteger(text: string, bits: bigint): bigint | undefined {
  const match = /^([+-]?)(0x[0-9a-f]+|0b[01]+|[0-9]+)$/i.exec(text.replaceAll('_', ''));
  // 64 binary digits, two letters and some leading zeros at most: a longer one is no number anybody meant
  if (match === null || text.length > 200) return undefined;
  const magnitude = BigInt(match[2]!.toLowerCase());
  const value = match[1] === '-' ? -magnitude : magnitude;
  return value >= -(1n << (bits - 1n)) && value < 1n << bits ? value : undefined;
}

function parseFloatText(text: string): number | undefined {
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special !== null) {
    if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (/^[+-]?0x[0-9a-f]+$/i.test(text)) {
    const magnitude = Number(text.replace(/^[+-]/, ''));
    return text.startsWith('-') ? -magnitude : magnitude;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

const LANES: Record<string, [type: 'i' | 'f', bits: number, count: number]> = {
  i8x16: ['i', 8, 16],
  i16x8: ['i', 16, 8],
  i32x4: ['i', 32, 4],
  i64x2: ['i', 64, 2],
  f32x4: ['f', 32, 4],
  f64x2: ['f', 64, 2],
};

/** 32 hex digits are the 16 bytes in memory order; lanes are `i32x4:1,2,3,4`, lane 0 first. */
function parseVector(text: string): Uint8Array | undefined {
  const hex = /^(?:0x)?([0-9a-f]{32})$/i.exec(text);
  if (hex !== null)
    return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex[1]!.slice(2 * i, 2 * i + 2), 16));
  const lanes = /^([if]\d+x\d+)[:( ]\s*(.*?)\)?$/i.exec(text);
  const shape = lanes === null ? undefined : LANES[lanes[1]!.toLowerCase()];
  if (lanes === null || shape === undefined) return undefined;
  const [type, bits, count] = shape;
  const parts = lanes[2]!.split(/[\s,]+/);
  if (parts.length !== count) return undefined;
  const view = new DataView(new ArrayBuffer(16));
  for (const [i, part] of parts.entries()) {
    if (!setLane(view, (i * bits) / 8, type, bits, part)) return undefined;
  }
  return new Uint8Array(view.buffer);
}

function setLane(view: DataView, at: number, type: 'i' | 'f', bits: number, text: string): boolean {
  if (type === 'f') {
    const value = parseFloatText(text);
    if (value === undefined) return false;
    if (bits === 32) view.setFloat32(at, value, true);
    else view.setFloat64(at, value, true);
    return true;
  }
  const value = parseInteger(text, BigInt(bits));
  if (value === undefined) return false;
  for (let byte = 0; byte < bits / 8; byte++) view.setUint8(at + byte, Number((value >> BigInt(8 * byte)) & 255n));
  return true;
}

function textOf(type: string, value: WasmValue): string {
  if (value instanceof Uint8Array && type === 'v128') {
    return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numberText(value);
  if (value === null) return 'null';
  if (value === undefined) return 'undefined';
  if (typeof value === 'function') return `function ${functionIndex(value)}`;
  if (typeof value === 'string') return `string of ${value.length} code units`;
  return type.includes('array') ? 'array' : type.includes('struct') ? 'struct' : 'object';
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The name of an exported function object is its index in the module (JS API, "name of the WebAssembly function"). */
function functionIndex(value: { readonly name?: unknown }): string {
  const { name } = value as { name?: unknown };
  return typeof name === 'string' && /^\d{1,7}$/.test(name) ? name : '?';
}

import { fromBase64 } from '../../../shared/base64.ts';
import type { Signature } from '../../../shared/model/module-report.ts';

/**
 * Passes bytes and strings to an exported function through the module's own allocator, and reads them back.
 *
 * Arguments, in the order of the parameters:
 *   `@text:hello`  `@hex:00ff`  `@base64:AP8=`   bytes: an address and a length; where the function has only one
 *                                                parameter for each argument, the address of a NUL-terminated copy
 *   `@string:hello`                              always one parameter: the address of a NUL-terminated copy
 *   `@out:16`                                    one parameter: the address of that many zero bytes, read back afterwards
 *   anything else                                a number, as for any other function
 * The last may be `@return:FORM`, which says what the results mean: `string` the address of a NUL-terminated string,
 * `pair` an address and a length as two results, `packed` both in one i64 (address in the upper half), or a number of
 * bytes at the address returned. Two i32 results are a pair without being told.
 * Files are read by whoever has them: `@file:` never comes this far.
 */

/** An argument or a result that cannot be what it is said to be; the message is for the user. */
export class ByteArgumentError extends Error {
  override readonly name = 'ByteArgumentError';
}

/** A function to call, by its exported name and type. */
export type ByteCall = { readonly name: string; readonly signature: Signature; readonly args: readonly string[] };

/** What came of it: the plain results by type, and bytes read back — the returned ones first, then each `@out:`. */
export type ByteResult = { readonly returned: readonly unknown[]; readonly bytes: readonly Uint8Array[] };

type Placed = { readonly values: readonly unknown[]; readonly outputs: readonly (readonly [number, number])[] };
type GuestFunction = (...args: unknown[]) => unknown;

const BYTE_FORM = /^@(text|hex|base64|string|out|return|file):/;
const encoder = new TextEncoder();

/** Whether a call needs this room: any of its arguments starts with one of the forms above. */
export function hasByteArguments(args: readonly string[]): boolean {
  return args.some((text) => BYTE_FORM.test(text));
}

/**
 * Calls an export with bytes for arguments.
 * @param parseNumber reads a plain argument of a type, undefined when it is none
 * @param maxBytes of all that is read back
 * @throws ByteArgumentError when the arguments do not fit, there is no allocator, or a result is outside the memory;
 *   what the guest throws goes through
 */
export function callWithBytes(
  exports: WebAssembly.Exports,
  { name, signature, args }: ByteCall,
  parseNumber: (type: string, text: string) => unknown,
  maxBytes: number,
): ByteResult {
  const last = args.at(-1);
  const form = last?.startsWith('@return:') ? last.slice('@return:'.length) : undefined;
  const given = form === undefined ? args : args.slice(0, -1);
  const { values, outputs } = placeArguments(exports, signature, given, parseNumber);
  const result = (exports[name] as GuestFunction)(...values);
  const returned = signature.results.length > 1 ? [...(result as Iterable<unknown>)] : [result];
  const wanted = [...returnedRange(exports, signature, form, returned), ...outputs];
  let left = maxBytes;
  const bytes = wanted.map(([address, length]) => {
    left -= length;
    if (left < 0) throw new ByteArgumentError(`bytes read back must be at most ${maxBytes} in all`);
    return range(exports, address, length).slice();
  });
  return { returned: signature.results.length === 0 ? [] : returned, bytes };
}

function placeArguments(
  exports: WebAssembly.Exports,
  { params }: Signature,
  args: readonly string[],
  parseNumber: (type: string, text: string) => unknown,
): Placed {
  const kinds = args.map((text) => BYTE_FORM.exec(text)?.[1]);
  if (kinds.includes('file')) throw new ByteArgumentError('@file: must be read before the run starts');
  if (kinds.includes('return')) throw new ByteArgumentError('@return: must be the last argument');
  const pairs = kinds.filter((kind) => kind === 'text' || kind === 'hex' || kind === 'base64').length;
  const arePairs = params.length === args.length + pairs;
  if (!arePairs && params.length !== args.length) {
    const fewest = Math.max(0, params.length - pairs);
    const expected = pairs === 0 ? `${params.length}` : `${fewest} or ${params.length}`;
    throw new ByteArgumentError(`expected ${expected} arguments for (${params.join(', ')}), got ${args.length}`);
  }
  const values: unknown[] = [];
  const outputs: [number, number][] = [];
  for (const text of args) {
    const bytes = bytesOf(text, arePairs);
    if (!bytes) {
      values.push(plainValue(params[values.length]!, text, parseNumber));
      continue;
    }
    const address = store(exports, bytes.content);
    values.push(pointer(params[values.length]!, address));
    if (bytes.isOut) outputs.push([address, bytes.content.length]);
    if (bytes.isPair) values.push(pointer(params[values.length]!, bytes.content.length));
  }
  return { values, outputs };
}

type ByteArgument = { readonly content: Uint8Array; readonly isPair: boolean; readonly isOut: boolean };

function bytesOf(text: string, arePairs: boolean): ByteArgument | undefined {
  const kind = BYTE_FORM.exec(text)?.[1];
  const rest = text.slice(text.indexOf(':') + 1);
  switch (kind) {
    case undefined:
      return undefined;
    case 'string':
      return { content: encoder.encode(`${rest}\0`), isPair: false, isOut: false };
    case 'text':
      return { content: encoder.encode(arePairs ? rest : `${rest}\0`), isPair: arePairs, isOut: false };
    case 'hex':
    case 'base64': {
      const decoded = kind === 'hex' ? decodeHex(rest) : decodeBase64(rest);
      return { content: arePairs ? decoded : terminated(decoded), isPair: arePairs, isOut: false };
    }
    default:
      if (!/^\d{1,9}$/.test(rest)) throw new ByteArgumentError('@out: must be followed by a number of bytes');
      return { content: new Uint8Array(Number(rest)), isPair: false, isOut: true };
  }
}

function plainValue(type: string, text: string, parseNumber: (type: string, text: string) => unknown): unknown {
  const value = parseNumber(type, text);
  if (value === undefined)
    throw new ByteArgumentError(`argument ${JSON.stringify(text)} must be a value of type ${type}`);
  return value;
}

function decodeHex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new ByteArgumentError('@hex: must be followed by pairs of hex digits');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function decodeBase64(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new ByteArgumentError('@base64: must be followed by base64');
  }
}

function terminated(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length + 1);
  copy.set(bytes);
  return copy;
}

/** Allocators as toolchains export them, each with how it is called for a number of bytes, by its parameter count. */
const allocators: Record<string, Partial<Record<number, (bytes: number) => unknown[]>>> = {
  cabi_realloc: { 4: (bytes) => [0, 0, 8, bytes] },
  malloc: { 1: (bytes) => [bytes] },
  _malloc: { 1: (bytes) => [bytes] },
  wasm_malloc: { 1: (bytes) => [bytes] },
  __wbindgen_malloc: { 1: (bytes) => [bytes], 2: (bytes) => [bytes, 8] },
  alloc: { 1: (bytes) => [bytes], 2: (bytes) => [bytes, 8] },
  allocate: { 1: (bytes) => [bytes], 2: (bytes) => [bytes, 8] },
  // AssemblyScript: the second parameter is the class, 1 an ArrayBuffer.
  __new: { 2: (bytes) => [bytes, 1] },
};

/** Puts bytes into memory that the module's allocator gives. */
function store(exports: WebAssembly.Exports, bytes: Uint8Array): number {
  for (const [name, byCount] of Object.entries(allocators)) {
    const allocate = exports[name];
    if (typeof allocate !== 'function') continue;
    const args = byCount[allocate.length]?.(Math.max(1, bytes.length));
    if (!args) continue;
    const address = toAddress((allocate as GuestFunction)(...args));
    if (address === 0) throw new ByteArgumentError(`the module's ${name} gave no memory for ${bytes.length} bytes`);
    range(exports, address, bytes.length).set(bytes);
    return address;
  }
  const names = Object.keys(allocators).join(', ');
  throw new ByteArgumentError(`the module must export an allocator to be given bytes: one of ${names}`);
}

/** Which bytes the results stand for, if any. */
function returnedRange(
  exports: WebAssembly.Exports,
  { results }: Signature,
  form: string | undefined,
  returned: readonly unknown[],
): (readonly [number, number])[] {
  const isPair = results.length === 2 && results.every((type) => type === 'i32');
  if (form === undefined && !isPair) return [];
  if (form === undefined || form === 'pair') {
    if (results.length !== 2) throw new ByteArgumentError('@return:pair needs a function with two results');
    return [[toAddress(returned[0]), toAddress(returned[1])]];
  }
  if (results.length !== 1) throw new ByteArgumentError(`@return:${form} needs a function with one result`);
  if (form === 'string') return [stringRange(exports, toAddress(returned[0]))];
  if (form === 'packed') {
    if (typeof returned[0] !== 'bigint') throw new ByteArgumentError('@return:packed needs an i64 result');
    const packed = BigInt.asUintN(64, returned[0]);
    return [[Number(packed >> 32n), Number(packed & 0xffff_ffffn)]];
  }
  if (/^\d{1,10}$/.test(form)) return [[toAddress(returned[0]), Number(form)]];
  throw new ByteArgumentError('@return: must be followed by string, pair, packed or a number of bytes');
}

function stringRange(exports: WebAssembly.Exports, address: number): readonly [number, number] {
  const { length } = memoryBytes(exports);
  if (address >= length) throw new ByteArgumentError(`address ${address} must be inside the memory`);
  const end = memoryBytes(exports).indexOf(0, address);
  return [address, (end < 0 ? length : end) - address];
}

function range(exports: WebAssembly.Exports, address: number, length: number): Uint8Array {
  const bytes = memoryBytes(exports);
  if (address + length > bytes.length) {
    throw new ByteArgumentError(`${length} bytes at address ${address} must be inside the memory`);
  }
  return bytes.subarray(address, address + length);
}

/** A new view at each call: the guest may have grown its memory in between. */
function memoryBytes(exports: WebAssembly.Exports): Uint8Array {
  const memory = exports.memory ?? Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  if (!(memory instanceof WebAssembly.Memory)) throw new ByteArgumentError('the module must export a memory');
  return new Uint8Array(memory.buffer);
}

/** An address or length as an unsigned number; i64 ones come from 64-bit memories. */
function toAddress(value: unknown): number {
  if (typeof value === 'number') return value >>> 0;
  if (typeof value === 'bigint') return Number(BigInt.asUintN(64, value));
  throw new ByteArgumentError('an address must be an i32 or an i64');
}

function pointer(type: string, value: number): number | bigint {
  if (type === 'i64') return BigInt(value);
  if (type !== 'i32') throw new ByteArgumentError(`bytes cannot be passed to a parameter of type ${type}`);
  return value | 0;
}

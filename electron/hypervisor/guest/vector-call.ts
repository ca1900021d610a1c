import type { Signature } from '../../../shared/model/module-report.ts';
import type { WasmValue } from './values.ts';

/**
 * Calls functions that take or give v128, which JavaScript cannot: a small module made for the signature takes each
 * v128 as two i64 (low half first) and passes it on.
 */

/** Binary codes of the types such a function may have beside v128. */
const TYPE_CODES: Record<string, number> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
};

/** Whether a signature needs this detour. */
export function hasVectors({ params, results }: Signature): boolean {
  return params.includes('v128') || results.includes('v128');
}

/** The types of `signature` that cannot go through the detour, beside a v128. */
export function findUncallable({ params, results }: Signature): string | undefined {
  return [...params, ...results].find((type) => TYPE_CODES[type] === undefined);
}

/** Calls `target`, whose signature has v128 and no type that `findUncallable` finds; returns one value for each result. */
export function callWithVectors(target: unknown, signature: Signature, values: readonly WasmValue[]): WasmValue[] {
  const module = new WebAssembly.Module(encodeAdapter(signature));
  const { call } = new WebAssembly.Instance(module, { g: { f: target as WebAssembly.ImportValue } }).exports;
  const flat = signature.params.flatMap((type, i) =>
    type === 'v128' ? halvesOf(values[i] as Uint8Array) : [values[i]],
  );
  const returned = (call as (...args: unknown[]) => unknown)(...flat);
  const count = flatten(signature.results).length;
  const results = count === 0 ? [] : count === 1 ? [returned] : [...(returned as Iterable<unknown>)];
  return signature.results.map((type) =>
    type === 'v128' ? joinHalves(results.shift() as bigint, results.shift() as bigint) : results.shift(),
  );
}

function halvesOf(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return [view.getBigInt64(0, true), view.getBigInt64(8, true)];
}

function joinHalves(low: bigint, high: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigInt64(0, low, true);
  view.setBigInt64(8, high, true);
  return new Uint8Array(view.buffer);
}

function flatten(types: readonly string[]): string[] {
  return types.flatMap((type) => (type === 'v128' ? ['i64', 'i64'] : [type]));
}

function encodeAdapter({ params, results }: Signature): Uint8Array<ArrayBuffer> {
  const types = vector([functionType(params, results), functionType(flatten(params), flatten(results))]);
  const body = [...vector(results.map((type) => [1, TYPE_CODES[type]!])), ...adapterCode(params, results), 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    // (import "g" "f" (func (type 0))), (func (type 1)), (export "call" (func 1))
    ...section(2, [1, 1, 0x67, 1, 0x66, 0, 0]),
    ...section(3, [1, 1]),
    ...section(7, [1, 4, 0x63, 0x61, 0x6c, 0x6c, 0, 1]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

function adapterCode(params: readonly string[], results: readonly string[]): number[] {
  const code: number[] = [];
  let local = 0;
  for (const type of params) {
    code.push(0x20, ...leb(local++));
    // i64x2.splat of the low half, i64x2.replace_lane 1 with the high one
    if (type === 'v128') code.push(0xfd, 0x12, 0x20, ...leb(local++), 0xfd, 0x1e, 1);
  }
  code.push(0x10, 0);
  const first = local;
  for (let i = results.length - 1; i >= 0; i--) code.push(0x21, ...leb(first + i));
  for (const [i, type] of results.entries()) {
    code.push(0x20, ...leb(first + i));
    // i64x2.extract_lane of each half
    if (type === 'v128') code.push(0xfd, 0x1d, 0, 0x20, ...leb(first + i), 0xfd, 0x1d, 1);
  }
  return code;
}

function functionType(params: readonly string[], results: readonly string[]): number[] {
  const codes = (types: readonly string[]) => vector(types.map((type) => [TYPE_CODES[type]!]));
  return [0x60, ...codes(params), ...codes(results)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

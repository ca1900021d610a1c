import { expect, test } from 'vitest';
import {
  ByteArgumentError,
  type ByteResult,
  callWithBytes,
  hasByteArguments,
} from '../../../../electron/hypervisor/guest/byte-arguments.ts';
import { assemble } from '../../../support/wat.ts';

/** Bump allocator; upper-cases in place; returns bytes in every way that toolchains do. */
const guest = (allocator: string) => `(module
  (memory (export "memory") 1)
  (global $free (mut i32) (i32.const 1024))
  (func $bump (param $bytes i32) (result i32)
    (global.get $free)
    (global.set $free (i32.add (global.get $free) (local.get $bytes))))
  ${allocator}
  (func $upper (param $at i32) (param $length i32)
    (block $end (loop $next
      (br_if $end (i32.eqz (local.get $length)))
      (i32.store8 (local.get $at) (i32.and (i32.load8_u (local.get $at)) (i32.const 0xdf)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br $next))))
  (func (export "upper") (param i32 i32) (result i32 i32)
    (call $upper (local.get 0) (local.get 1)) (local.get 0) (local.get 1))
  (func (export "upper_packed") (param i32 i32) (result i64)
    (call $upper (local.get 0) (local.get 1))
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (func (export "same") (param i32) (result i32) (local.get 0))
  (func (export "copy") (param $from i32) (param $length i32) (param $times i32) (param $to i32)
    (i32.store8 (local.get $to) (local.get $times))
    (memory.copy (i32.add (local.get $to) (i32.const 1)) (local.get $from) (local.get $length)))
  (func (export "far") (result i32 i32) (i32.const -16) (i32.const 32))
  (func (export "grow") (param i32 i32) (result i32 i32)
    (drop (memory.grow (i32.const 1))) (local.get 0) (local.get 1)))`;

const malloc = '(func (export "malloc") (param i32) (result i32) (call $bump (local.get 0)))';
const realloc = '(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (call $bump (local.get 3)))';
const bindgen = '(func (export "__wbindgen_malloc") (param i32 i32) (result i32) (call $bump (local.get 0)))';
const none = '';
const broken = '(func (export "malloc") (param i32) (result i32) (i32.const 0))';

const i32 = (count: number) => new Array<string>(count).fill('i32');
const signatures: Record<string, { params: string[]; results: string[] }> = {
  upper: { params: i32(2), results: i32(2) },
  upper_packed: { params: i32(2), results: ['i64'] },
  same: { params: i32(1), results: i32(1) },
  copy: { params: i32(4), results: [] },
  far: { params: [], results: i32(2) },
  grow: { params: i32(2), results: i32(2) },
};

async function call(name: string, args: string[], allocator = malloc, maxBytes = 1 << 20): Promise<ByteResult> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(guest(allocator))));
  const signature = signatures[name]!;
  const parse = (_type: string, text: string) => (/^\d+$/.test(text) ? Number(text) : undefined);
  return callWithBytes(exports, { name, signature, args }, parse, maxBytes);
}

const text = (result: ByteResult) => result.bytes.map((bytes) => new TextDecoder().decode(bytes));

test('only arguments of the byte forms are bytes', () => {
  expect(hasByteArguments(['1', '@text:'])).toBe(true);
  expect(hasByteArguments(['1', 'text:x', '@', 'a@b:c', '@other:x'])).toBe(false);
});

test.each([
  ['malloc', malloc],
  ['cabi_realloc', realloc],
  ['__wbindgen_malloc', bindgen],
])('text goes in through %s and comes back as an address and a length', async (_, allocator) => {
  expect(text(await call('upper', ['@text:hello'], allocator))).toEqual(['HELLO']);
});

test('hex and base64 are bytes, and nothing is no bytes', async () => {
  expect((await call('upper', ['@hex: 61 ff'])).bytes).toEqual([new Uint8Array([0x41, 0xdf])]);
  expect((await call('upper', ['@base64:Yf8='])).bytes).toEqual([new Uint8Array([0x41, 0xdf])]);
  expect((await call('upper', ['@text:'])).bytes).toEqual([new Uint8Array(0)]);
});

test('one parameter for text is the address of a NUL-terminated string', async () => {
  expect(text(await call('same', ['@text:héllo', '@return:string']))).toEqual(['héllo']);
  expect(text(await call('same', ['@string:abc', '@return:string']))).toEqual(['abc']);
  expect(text(await call('same', ['@text:abc', '@return:2']))).toEqual(['ab']);
  expect((await call('same', ['@text:abc'])).bytes).toEqual([]);
});

test('an i64 holds an address in its upper and a length in its lower half', async () => {
  expect(text(await call('upper_packed', ['@text:packed', '@return:packed']))).toEqual(['PACKED']);
});

test('numbers stand beside bytes, and out parameters are read back', async () => {
  const result = await call('copy', ['@text:abc', '7', '@out:5']);
  expect(result).toEqual({ returned: [], bytes: [new Uint8Array([7, 97, 98, 99, 0])] });
});

test('bytes are read from the memory as it is after the call', async () => {
  expect(text(await call('grow', ['@text:grown']))).toEqual(['grown']);
});

test.each([
  ['upper', ['@text:a', '@text:b', '@text:c'], malloc, 'expected 0 or 2 arguments for (i32, i32), got 3'],
  ['copy', ['@text:abc', 'x', '@out:5'], malloc, 'argument "x" must be a value of type i32'],
  ['upper', ['@hex:abc'], malloc, '@hex: must be followed by pairs of hex digits'],
  ['upper', ['@base64:?'], malloc, '@base64: must be followed by base64'],
  ['upper', ['@file:secret'], malloc, '@file: must be read before the run starts'],
  ['same', ['@out:many'], malloc, '@out: must be followed by a number of bytes'],
  ['same', ['@return:string', '@text:a'], malloc, '@return: must be the last argument'],
  ['same', ['@text:a', '@return:blob'], malloc, '@return: must be followed by'],
  ['same', ['@text:a', '@return:pair'], malloc, 'two results'],
  ['same', ['@text:a', '@return:packed'], malloc, 'needs an i64 result'],
  ['upper', ['@text:a', '@return:string'], malloc, 'one result'],
  ['upper', ['@text:a'], none, 'the module must export an allocator'],
  ['upper', ['@text:a'], broken, "the module's malloc gave no memory for 1 bytes"],
  ['far', ['@return:pair'], malloc, '32 bytes at address 4294967280 must be inside the memory'],
  ['same', ['70000', '@return:string'], malloc, 'address 70000 must be inside the memory'],
])('%s(%j) is refused in words for the user', async (name, args, allocator, message) => {
  await expect(call(name, args, allocator)).rejects.toThrow(message);
  await expect(call(name, args, allocator)).rejects.toBeInstanceOf(ByteArgumentError);
});

test('what is read back is bounded', async () => {
  expect(text(await call('upper', ['@text:abcd'], malloc, 4))).toEqual(['ABCD']);
  await expect(call('upper', ['@text:abcd'], malloc, 3)).rejects.toThrow('at most 3 in all');
});

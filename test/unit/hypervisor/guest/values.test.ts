import { expect, test } from 'vitest';
import { formatValue, parseArguments, parseValue } from '../../../../electron/hypervisor/guest/values.ts';

test('integers are read in decimal, hex and binary, signed or unsigned', () => {
  const read = ['0', '-1', '4294967295', '0xffffffff', '-0x80000000', '0b101', '1_000'].map((text) =>
    parseValue('i32', text),
  );
  expect(read).toEqual([0, -1, -1, -1, -2147483648, 5, 1000]);
  expect(['18446744073709551615', '-9223372036854775808'].map((text) => parseValue('i64', text))).toEqual([
    -1n,
    -(2n ** 63n),
  ]);
});

test.each([
  ['i32', '4294967296'],
  ['i32', '-2147483649'],
  ['i32', '1.5'],
  ['i32', ''],
  ['i32', '0x'],
  ['i64', '18446744073709551616'],
  ['i64', '9'.repeat(10_000)],
  ['f64', '1,5'],
  ['f64', ''],
  ['f32', 'one'],
  ['v128', '00'],
  ['v128', 'i32x4:1,2,3'],
  ['v128', 'i32x4:1,2,3,4294967296'],
  ['externref', 'x'],
  ['(ref func)', 'null'],
])('as %s the text "%s" is refused', (type, text) => {
  expect(parseValue(type, text)).toBeUndefined();
});

test('floats are read with their special values', () => {
  const read = ['nan', '-nan', 'inf', '-inf', '+Infinity', '-0', '.5', '1e3', '0x10'].map((text) =>
    parseValue('f64', text),
  );
  expect(read).toEqual([NaN, NaN, Infinity, -Infinity, Infinity, -0, 0.5, 1000, 16]);
});

test('a vector is read from hex in memory order or from lanes', () => {
  const hex = '0100000002000000030000000400000f';
  expect(formatValue('v128', parseValue('v128', hex)).value).toBe(hex);
  expect(formatValue('v128', parseValue('v128', 'i32x4:1,2,3,-1')).value).toBe('010000000200000003000000ffffffff');
  expect(formatValue('v128', parseValue('v128', 'f64x2(1.5 -inf)')).value).toBe('000000000000f83f000000000000f0ff');
});

test('null is an argument for every nullable reference', () => {
  const types = ['externref', 'funcref', '(ref null 3)', '(ref null extern)'];
  expect(types.map((type) => parseValue(type, 'null'))).toEqual([null, null, null, null]);
});

test('a wrong number or type of arguments names the argument and what was expected', () => {
  const signature = { params: ['i32', 'f64'], results: [] };
  expect(parseArguments(signature, ['1'])).toMatchObject({
    problem: { index: null, message: 'expected 2 arguments (i32, f64), got 1' },
  });
  expect(parseArguments(signature, ['1', 'x'])).toMatchObject({
    problem: { index: 1, message: 'argument 1 (f64) must be a number, nan, inf or -inf' },
  });
  expect(parseArguments({ params: [], results: [] }, ['1'])).toMatchObject({
    problem: { message: 'expected 0 arguments, got 1' },
  });
});

test('results are written as the model says', () => {
  const written: [string, unknown][] = [
    ['i32', -1],
    ['i64', -(2n ** 63n)],
    ['f64', NaN],
    ['f64', -Infinity],
    ['f64', -0],
    ['f32', Math.fround(0.1)],
    ['externref', null],
  ];
  expect(written.map(([type, value]) => formatValue(type, value).value)).toEqual([
    '-1',
    '-9223372036854775808',
    'nan',
    '-inf',
    '-0',
    '0.10000000149011612',
    'null',
  ]);
});

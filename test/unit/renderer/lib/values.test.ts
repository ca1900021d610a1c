import { expect, test } from 'vitest';
import { exampleValue, readValue } from '../../../../renderer/lib/values.ts';

const value = (type: string, text: string) => {
  const read = readValue(type, text);
  return read.ok ? read.value : `error: ${read.error}`;
};

test('integers are read in decimal, hex and binary, signed and unsigned', () => {
  expect(['42', '-1', '0x2a', '0b101010', '4294967295', '1_000'].map((text) => value('i32', text))).toEqual([
    '42',
    '-1',
    '42',
    '42',
    '-1',
    '1000',
  ]);
  expect(
    ['9223372036854775807', '0xffffffffffffffff', '-9223372036854775808'].map((text) => value('i64', text)),
  ).toEqual(['9223372036854775807', '-1', '-9223372036854775808']);
});

test('an integer one outside its range is refused with the range', () => {
  expect(value('i32', '4294967296')).toBe('error: expected -2147483648 to 4294967295');
  expect(value('i32', '-2147483649')).toBe('error: expected -2147483648 to 4294967295');
  expect(value('i64', '18446744073709551616')).toBe('error: expected -9223372036854775808 to 18446744073709551615');
});

test('what is no number is refused', () => {
  for (const text of ['', 'x', '1.5', '0x', '--1', '1 2'])
    expect(value('i32', text)).toMatch(/^error: expected a whole number/);
  for (const text of ['', 'x', '1e', '0x10', '.']) expect(value('f64', text)).toMatch(/^error: expected a number/);
});

test('a float that changes by rounding says to what', () => {
  expect(readValue('f32', '0.1')).toEqual({
    ok: true,
    value: '0.10000000149011612',
    note: 'rounds to 0.10000000149011612',
  });
  expect(readValue('f64', '0.1')).toEqual({ ok: true, value: '0.1' });
  expect(['nan', '-inf', '-0', '1e3'].map((text) => value('f64', text))).toEqual(['nan', '-inf', '-0', '1000']);
  expect(value('f32', '1e39')).toBe('error: too large for f32: expected inf, or a smaller number');
});

test('a vector is read as hex digits or as lanes, little-endian', () => {
  expect(value('v128', '000102030405060708090a0b0c0d0e0f')).toBe('000102030405060708090a0b0c0d0e0f');
  expect(value('v128', 'i32x4 1 2 3 -1')).toBe('010000000200000003000000ffffffff');
  expect(value('v128', 'f64x2 1 0')).toBe('000000000000f03f0000000000000000');
  expect(value('v128', 'i32x4 1 2 3')).toMatch(/^error: expected 32 hex digits/);
  expect(value('v128', 'i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 256')).toMatch(/^error: lane 15/);
});

test('a reference can only be null, and an example is always valid', () => {
  expect([value('externref', 'null'), value('funcref', 'x')]).toEqual([
    'null',
    'error: a funcref can only be given as null',
  ]);
  for (const type of ['i32', 'i64', 'f32', 'f64', 'v128', 'externref'])
    expect(readValue(type, exampleValue(type)).ok).toBe(true);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStrictJson } from '../../../electron/receipt/strict-json.ts';
import { utf8 } from '../../../electron/vault/bytes.ts';

test('any JSON without a twist is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      fc.pre(!text.includes('__proto__') && text.isWellFormed() && !/[0-9]{16}/.test(text));
      expect(parseStrictJson(utf8(text))).toEqual(JSON.parse(text));
    }),
  );
});

const refused: [string, string | Uint8Array][] = [
  ['a name twice', '{"a":1,"b":{},"a":1}'],
  ['a name twice, once escaped', '{"a":1,"\\u0061":2}'],
  ['a name twice, deep down', '[{"x":[{"k":0,"k":0}]}]'],
  ['__proto__', '{"__proto__":{"isAdmin":true}}'],
  ['__proto__, escaped', '{"\\u005f_proto__":1}'],
  ['an integer wider than 53 bits', '{"fuel":9007199254740993}'],
  ['a negative one', '-9007199254740992'],
  ['a number past the largest', '1e999'],
  ['a lone high surrogate', '"\\ud83d"'],
  ['a lone low surrogate', '"\\ude00x"'],
  ['surrogates in the wrong order', '"\\ude00\\ud83d"'],
  ['a byte order mark', '\ufeff{}'],
  ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ['an overlong encoding', Uint8Array.of(0x22, 0xc0, 0xa2, 0x22)],
  ['something after the end', '{} {}'],
  ['a trailing comma', '[1,]'],
  ['a comment', '{/**/}'],
  ['a leading zero', '[01]'],
  ['a plus sign', '+1'],
  ['NaN', 'NaN'],
  ['a control character in a string', '"a\nb"'],
  ['an unknown escape', '"\\x41"'],
  ['an escape of the prototype', '"\\constructor"'],
  ['single quotes', "{'a':1}"],
  ['nothing', ''],
  ['an unclosed object', '{"a":1'],
  ['65 levels', `${'['.repeat(66)}${']'.repeat(66)}`],
];
test.each(refused)('%s is refused', (_what, text) => {
  expect(() => parseStrictJson(typeof text === 'string' ? utf8(text) : text)).toThrow();
});

test('a hundred thousand opening brackets do not exhaust the stack', () => {
  expect(() => parseStrictJson(utf8('['.repeat(100_000)))).toThrow('at most 64');
});

test('a pair of surrogates, and names of the prototype other than __proto__, are plain data', () => {
  expect(parseStrictJson(utf8('{"constructor":"\\ud83d\\ude00","toString":1}'))).toEqual({
    constructor: '😀',
    toString: 1,
  });
});

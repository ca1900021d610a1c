import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendOutput, emptyOutput, findLines, hexLines } from '../../../../renderer/features/runs/output-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const linesOf = (...parts: Uint8Array[]) => parts.reduce(appendOutput, emptyOutput).lines;

test('a line that comes in two parts is one line', () => {
  expect(linesOf(bytes('one\ntw'), bytes('o\nthree'))).toEqual(['one', 'two', 'three']);
});

test('text cut anywhere, also inside of a character, reads the same', () => {
  const text = 'grüße 画像 🙂\nzweite Zeile\n\nende';
  const whole = bytes(text);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), fc.integer({ min: 0, max: whole.length }), (a, b) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      expect(linesOf(whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second))).toEqual(
        text.split('\n'),
      );
    }),
  );
});

test('terminal escapes are taken out of what is shown', () => {
  expect(linesOf(bytes('\u001b[31mred\u001b[0m\n'))).toEqual(['red']);
});

test('a line of a million characters is shown in pieces', () => {
  const lines = linesOf(bytes('x'.repeat(1_000_000)));
  expect([Math.max(...lines.map((line) => line.length)), lines.join('').length]).toEqual([2000, 1_000_000]);
});

test('bytes that are no text are shown in hex', () => {
  const output = appendOutput(emptyOutput, new Uint8Array([0, 0x41, 0xff]));
  expect([output.isBinary, output.lines]).toEqual([true, hexLines([new Uint8Array([0, 0x41, 0xff])])]);
  expect(output.lines[0]).toMatch(/^00000000 {2}00 41 ff +\.A\.$/);
});

test('a search ignores case', () => {
  expect(findLines(['Alpha', 'beta', 'ALPHABET'], 'alpha')).toEqual([0, 2]);
});

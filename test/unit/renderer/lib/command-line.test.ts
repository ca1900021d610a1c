import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinArguments, parseEnvironment, splitArguments } from '../../../../renderer/lib/command-line.ts';

test('a line is split like a shell does', () => {
  expect(splitArguments(`-v "two words" 'a "b"' c\\ d "" x"y"z`)).toEqual([
    '-v',
    'two words',
    'a "b"',
    'c d',
    '',
    'xyz',
  ]);
});

test('joined arguments split into the same arguments', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(splitArguments(joinArguments(words))).toEqual(words);
    }),
  );
});

test('a .env file is read, and lines that are none are counted', () => {
  const text = '# note\nexport A=1\nB = "two words"\n\nnot a line\nC=\'x\'\nD=a=b';
  expect(parseEnvironment(text)).toEqual({
    entries: [
      ['A', '1'],
      ['B', 'two words'],
      ['C', 'x'],
      ['D', 'a=b'],
    ],
    skipped: 1,
  });
});

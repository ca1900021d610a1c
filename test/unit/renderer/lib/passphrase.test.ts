import { expect, test } from 'vitest';
import { PASSPHRASE_MIN as vaultMinimum } from '../../../../electron/vault/passphrase.ts';
import { judgePassphrase, PASSPHRASE_MIN } from '../../../../renderer/lib/passphrase.ts';

const levelOf = (text: string) => judgePassphrase(text).level;

test('the window asks for as many characters as the vault does', () => {
  expect(PASSPHRASE_MIN).toBe(vaultMinimum);
  expect(levelOf('x7#Kp2!mQ9z')).toBe('short');
  expect(levelOf('x7#Kp2!mQ9z$')).not.toBe('short');
});

test('characters are counted as people see them, after normalisation', () => {
  expect(levelOf('🦊'.repeat(11))).toBe('short');
  expect(judgePassphrase('é'.normalize('NFD').repeat(11)).text).toBe('11 of at least 12 characters');
});

test('what repeats or counts on is weak however long it is', () => {
  expect(
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'abcdefghijklmnopqrstuvwx', '123456789012', 'abababababababababab'].map(levelOf),
  ).toEqual(['weak', 'weak', 'weak', 'weak']);
});

test('random characters are strong sooner than words', () => {
  expect(levelOf('vK8#qZ2!xW5$mR')).toBe('strong');
  expect(levelOf('correct horse')).toBe('weak');
  expect(levelOf('correct horse battery')).toBe('fair');
  expect(levelOf('correct horse battery staple under a wide blue roof')).toBe('strong');
});

import * as nodeCrypto from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openVault } from '../../../electron/vault/index.ts';
import {
  areAcceptable,
  argon2Defaults,
  checkNewPassphrase,
  nativeArgon2,
  passphraseBytes,
  stretchPassphrase,
  workerArgon2,
} from '../../../electron/vault/passphrase.ts';
import { useTestFolder } from '../../support/vault-folder.ts';
import { hex } from './support.ts';

const small = { memoryKiB: 19 * 1024, passes: 2, lanes: 1 };
const salt = hex('02'.repeat(16));

describe('Argon2id', () => {
  // The native one is in newer Node only; where it is missing this says so instead of passing.
  test.skipIf(typeof nodeCrypto.argon2 !== 'function')(
    'is the same from the runtime and from noble in a worker (skipped without the native one)',
    async () => {
      const secret = passphraseBytes('a passphrase');
      for (const parameters of [small, { memoryKiB: 20 * 1024, passes: 3, lanes: 4 }]) {
        const [native, noble] = await Promise.all([
          nativeArgon2(secret.slice(), salt, parameters),
          workerArgon2(secret.slice(), salt, parameters),
        ]);
        expect(native).toEqual(noble);
        expect(native).toHaveLength(32);
      }
    },
  );

  test('does not hold up this thread while noble computes it', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await workerArgon2(passphraseBytes('a passphrase'), salt, small);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  test('wipes its own copy of the passphrase and leaves the caller the caller’s', async () => {
    const given = passphraseBytes('a passphrase');
    let seen: Uint8Array | undefined;
    await stretchPassphrase(given, salt, small, async (secret) => {
      seen = secret;
      return new Uint8Array(32);
    });
    expect(seen).toEqual(new Uint8Array(12));
    expect(given).toEqual(passphraseBytes('a passphrase'));
  });
});

test.each([
  ['the defaults', argon2Defaults, true],
  ['the weakest', small, true],
  ['1 GiB', { memoryKiB: 1024 * 1024, passes: 4, lanes: 16 }, true],
  ['too little memory', { ...small, memoryKiB: 19 * 1024 - 1 }, false],
  ['one pass', { ...small, passes: 1 }, false],
  ['no lane', { ...small, lanes: 0 }, false],
  ['more than 1 GiB', { ...small, memoryKiB: 1024 * 1024 + 1 }, false],
  ['4 GiB', { ...small, memoryKiB: 0xffffffff }, false],
  ['a thousand passes', { ...small, passes: 1000 }, false],
  ['memory and passes that take minutes together', { memoryKiB: 1024 * 1024, passes: 16, lanes: 4 }, false],
  ['a fraction', { ...small, passes: 2.5 }, false],
  ['not a number', { ...small, memoryKiB: Number.NaN }, false],
])('parameters: %s', async (_what, parameters, isAcceptable) => {
  expect(areAcceptable(parameters)).toBe(isAcceptable);
  if (isAcceptable) return;
  const never = () => Promise.reject(new Error('was computed'));
  await expect(stretchPassphrase('x', salt, parameters, never)).rejects.toThrow('outside what is accepted');
});

test('a new passphrase has 12 characters, however they are written', () => {
  for (const good of ['123456789012', '😀'.repeat(12), 'ö'.repeat(12)]) checkNewPassphrase(good);
  for (const bad of ['', '12345678901', '😀'.repeat(11), 'o\u0308'.repeat(11), 'x'.repeat(4097)]) {
    expect(() => checkNewPassphrase(bad)).toThrow('12 to 4096 characters');
  }
});

test('a store whose file asks for absurd parameters is refused without computing them', async () => {
  const { dir, edit } = await useTestFolder();
  await openVault({ dir, passphrase: 'correct horse battery', argon2: async () => new Uint8Array(32) });
  await edit('vault.json', (text) => text.replace('"memoryKiB":65536', '"memoryKiB":1048577'));
  let computed = 0;
  const vault = await openVault({
    dir,
    argon2: async () => {
      computed++;
      return new Uint8Array(32);
    },
  });
  await expect(vault.unlock('correct horse battery')).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
  expect(computed).toBe(0);
});

import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KeychainPort, openVault, type VaultOptions } from '../../../electron/vault/index.ts';
import { quickArgon2 } from './support.ts';

const passphrase = 'correct horse battery staple';
const message = new Uint8Array([1, 2, 3]);
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-'));
});
afterEach(() => rm(dir, { recursive: true }));

function open(options: Partial<VaultOptions> = {}) {
  return openVault({ dir, argon2: quickArgon2, ...options });
}

function isSigned(spki: Uint8Array, signature: Uint8Array): boolean {
  return verify('sha256', message, createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), signature);
}

/** A keychain that wraps by adding one, as a stand-in for the operating system's. */
const keychain: KeychainPort = {
  isAvailable: async () => true,
  protect: async (secret) => secret.map((byte) => byte + 1),
  unprotect: async (wrapped) => ({ secret: wrapped.map((byte) => byte - 1), shouldProtectAgain: false }),
};

describe('first start', () => {
  test('makes sign and log keys that sign, apart from one another', async () => {
    const vault = await open();
    const signature = vault.sign('sign', message);
    expect(isSigned(vault.publicKey('sign'), signature)).toBe(true);
    expect(isSigned(vault.publicKey('log'), signature)).toBe(false);
    expect(isSigned(vault.publicKey('log'), vault.sign('log', message))).toBe(true);
  });

  test('with neither keychain nor passphrase says so, and lets only the owner read its files', async () => {
    const vault = await open();
    expect(vault.status()).toEqual({ state: 'unlocked', protection: 'file', autoLockMs: null });
    const modes = await Promise.all(
      (await readdir(dir)).map(async (name) => [name, (await stat(join(dir, name))).mode & 0o777]),
    );
    expect(modes.sort()).toEqual([
      ['master.key', 0o600],
      ['vault.json', 0o600],
    ]);
  });

  test('takes the keychain where there is one that protects', async () => {
    expect((await open({ keychain })).status().protection).toBe('keychain');
    expect(await readdir(dir)).toEqual(['vault.json']);
  });

  test('does not take a keychain that protects nothing', async () => {
    const useless = { ...keychain, isAvailable: async () => false };
    expect((await open({ keychain: useless })).status().protection).toBe('file');
  });
});

describe.each(['file', 'keychain', 'passphrase'] as const)('a store protected by %s', (kind) => {
  const options: Partial<VaultOptions> =
    kind === 'keychain' ? { keychain } : kind === 'passphrase' ? { passphrase } : {};

  test('has the same keys when opened again', async () => {
    const before = (await open(options)).publicKey('sign');
    const again = await open(options);
    expect(again.status()).toMatchObject({ state: 'unlocked', protection: kind });
    expect(again.publicKey('sign')).toEqual(before);
  });

  test('signs nothing while locked and the same as before after unlocking', async () => {
    const vault = await open(options);
    const key = vault.publicKey('sign');
    await vault.lock();
    expect(vault.status().state).toBe('locked');
    expect(() => vault.sign('sign', message)).toThrow('locked');
    await vault.unlock(kind === 'passphrase' ? passphrase : undefined);
    expect(isSigned(key, vault.sign('sign', message))).toBe(true);
  });

  test('with any one byte changed comes back locked, refuses like a wrong passphrase, and keeps every byte', async () => {
    await open(options);
    const path = join(dir, 'vault.json');
    const good = await readFile(path);
    for (let at = 0; at < good.length; at += 37) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 4;
      await writeFile(path, bad);
      const vault = await open(options);
      expect([at, vault.status().state]).toEqual([at, 'locked']);
      await expect(vault.unlock(passphrase)).rejects.toThrow('the passphrase is wrong or the store is damaged');
      expect(await readFile(path)).toEqual(bad);
    }
    await writeFile(path, good);
    expect((await open(options)).status().state).toBe('unlocked');
  });
});

describe('a passphrase', () => {
  test('that is wrong and one that is missing leave the store locked and unchanged', async () => {
    await open({ passphrase });
    const before = await readFile(join(dir, 'vault.json'));
    const vault = await open({ passphrase: `${passphrase}!` });
    expect(vault.status()).toEqual({ state: 'locked', protection: 'passphrase', autoLockMs: null });
    await expect(vault.unlock('not the right one')).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    await expect(vault.unlock()).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    expect(await readFile(join(dir, 'vault.json'))).toEqual(before);
    await vault.unlock(passphrase);
    expect(vault.status().state).toBe('unlocked');
  });

  test('typed in another Unicode form is the same', async () => {
    await open({ passphrase: 'caf\u00e9 au lait sans sucre' });
    expect((await open({ passphrase: 'cafe\u0301 au lait sans sucre' })).status().state).toBe('unlocked');
  });

  test('that is too short is refused and no store is made', async () => {
    await expect(open({ passphrase: 'short' })).rejects.toMatchObject({ code: 'vault.weak-passphrase' });
    expect(await readdir(dir)).toEqual([]);
  });
});

test('a signer lent to a run still signs after the vault was locked, until it is released', async () => {
  const vault = await open();
  const signer = vault.signer('sign');
  await vault.lock();
  expect(isSigned(signer.publicKey, signer.sign(message))).toBe(true);
  signer.release();
  expect(() => signer.sign(message)).toThrow('released');
});

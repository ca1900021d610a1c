import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type KeychainPort, openVault } from '../../../electron/vault/index.ts';
import { useTestFolder } from '../../support/vault-folder.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Locking writes what is pending, on real disk: wait for it, not for a time. */
async function untilLocked(vault: Awaited<ReturnType<typeof openVault>>): Promise<void> {
  if (vault.status().state === 'locked') return;
  await new Promise<void>((resolve) => vault.onChange(() => vault.status().state === 'locked' && resolve()));
}

describe('auto-lock', () => {
  test('locks after the idle time, which every use starts again, and survives a restart', async () => {
    const { dir } = await useTestFolder();
    let vault = await openVault({ dir });
    await vault.setAutoLock(60_000);
    vi.advanceTimersByTime(59_999);
    vault.touch();
    vi.advanceTimersByTime(59_999);
    expect(vault.status()).toEqual({ state: 'unlocked', protection: 'file', autoLockMs: 60_000 });
    vi.advanceTimersByTime(1);
    await untilLocked(vault);
    vault = await openVault({ dir });
    expect(vault.status().autoLockMs).toBe(60_000);
    await vault.setAutoLock(null);
    vi.advanceTimersByTime(86_400_000);
    expect(vault.status().state).toBe('unlocked');
  });

  test('ends idle sessions with it', async () => {
    const { dir } = await useTestFolder();
    const vault = await openVault({ dir });
    const replyTo = new Uint8Array(vault.publicKey('sign').slice(-65));
    vault.sessions.open(replyTo, 3_600_000);
    await vault.lock();
    expect(vault.sessions.list()).toEqual([]);
  });
});

test('a change under way when the vault is locked is on disk, and nothing of it stays in memory', async () => {
  const { dir } = await useTestFolder();
  const vault = await openVault({ dir });
  const generating = vault.keys.generate('seal', 'late');
  const locking = vault.lock();
  await Promise.all([generating, locking]);
  expect(vault.status().state).toBe('locked');
  await vault.unlock();
  expect(vault.keys.list().at(-1)?.label).toBe('late');
});

test('locking and changing at once, in any order, never leaves a store that does not open', async () => {
  const { dir } = await useTestFolder();
  const vault = await openVault({ dir });
  for (let i = 0; i < 20; i++) {
    const acts = [vault.keys.generate('seal', `key ${i}`), vault.lock(), vault.keys.generate('seal', 'refused')];
    const [made, , refused] = await Promise.allSettled(acts);
    expect([made?.status, refused?.status]).toEqual(['fulfilled', 'rejected']);
    await vault.unlock();
  }
  expect((await openVault({ dir })).keys.list()).toHaveLength(23);
});

test('a keychain that changed its own key is given the master key again', async () => {
  const { dir } = await useTestFolder();
  let isStale = false;
  const wrapped: number[] = [];
  const keychain: KeychainPort = {
    isAvailable: async () => true,
    async protect(secret) {
      wrapped.push(secret.length);
      return secret.map((byte) => byte ^ 0x55);
    },
    unprotect: async (bytes) => ({ secret: bytes.map((byte) => byte ^ 0x55), shouldProtectAgain: isStale }),
  };
  const first = (await openVault({ dir, keychain })).publicKey('sign');
  isStale = true;
  expect((await openVault({ dir, keychain })).publicKey('sign')).toEqual(first);
  expect(wrapped).toEqual([32, 32]);
});

test('a keychain that fails or is gone leaves the store locked and as it was', async () => {
  const { dir } = await useTestFolder();
  const keychain: KeychainPort = {
    isAvailable: async () => true,
    protect: async (secret) => secret.slice(),
    unprotect: async (bytes) => ({ secret: bytes, shouldProtectAgain: false }),
  };
  await openVault({ dir, keychain });
  const failing = { ...keychain, unprotect: () => Promise.reject(new Error('the keychain said no')) };
  for (const one of [failing, undefined]) {
    const vault = await openVault({ dir, ...(one && { keychain: one }) });
    expect(vault.status()).toMatchObject({ state: 'locked', protection: 'keychain' });
    await expect(vault.unlock()).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
  }
  expect((await openVault({ dir, keychain })).status().state).toBe('unlocked');
});

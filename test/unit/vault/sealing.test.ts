import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '../../../electron/vault/bytes.ts';
import { openVault, type Vault } from '../../../electron/vault/index.ts';
import { quickArgon2 } from './support.ts';

const passphrase = 'correct horse battery staple';
const content = utf8('(module)');
let dir: string;
let vault: Vault;
let ownKey: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-'));
  vault = await openVault({ dir: join(dir, 'vault'), argon2: quickArgon2 });
  ownKey = vault.keys.list()[0]?.keyId ?? '';
});
afterEach(() => rm(dir, { recursive: true }));

function request(recipients: readonly string[], more: { passphrase?: string; isAnonymous?: boolean } = {}) {
  return { name: '/home/someone/x.wasm', mediaType: 'application/wasm', kind: 'module' as const, recipients, ...more };
}

describe('sealing', () => {
  test('to an own key opens by its tag, and the folder of the file is not in it', async () => {
    const opened = await vault.sealing.open(await vault.sealing.seal(content, request([ownKey])));
    expect(opened).toEqual({
      kind: 'module',
      meta: { name: 'x.wasm', mediaType: 'application/wasm', sizeBytes: 8 },
      keyId: ownKey,
      content,
    });
  });

  test('to a passphrase opens with it only', async () => {
    const sealed = await vault.sealing.seal(content, request([], { passphrase }));
    expect((await vault.sealing.open(sealed, { passphrase })).content).toEqual(content);
    const cannotOpen = { code: 'vault.cannot-open', message: 'the sealed data could not be opened' };
    await expect(vault.sealing.open(sealed)).rejects.toMatchObject(cannotOpen);
    await expect(vault.sealing.open(sealed, { passphrase: 'not the passphrase' })).rejects.toMatchObject(cannotOpen);
  });

  test('to a retired, expired, revoked or destroyed key is refused; a retired and a revoked one still open', async () => {
    const sealed = await vault.sealing.seal(content, request([ownKey]));
    await vault.keys.retire(ownKey);
    await expect(vault.sealing.seal(content, request([ownKey]))).rejects.toMatchObject({ code: 'vault.key-unusable' });
    expect((await vault.sealing.open(sealed)).content).toEqual(content);
    await vault.keys.revoke(ownKey);
    expect((await vault.sealing.open(sealed)).content).toEqual(content);
    await vault.keys.destroy(ownKey, 'My sealing key');
    await expect(vault.sealing.open(sealed)).rejects.toMatchObject({ code: 'vault.cannot-open' });
  });

  test('to a key of another role, to nobody, to 33, or to both kinds is refused', async () => {
    const sign = vault.keys.list()[1]?.keyId ?? '';
    for (const bad of [
      request([sign]),
      request([]),
      request(Array(33).fill(ownKey)),
      request([ownKey], { passphrase }),
    ]) {
      await expect(vault.sealing.seal(content, bad)).rejects.toMatchObject({ code: 'vault.key-unusable' });
    }
    await expect(vault.sealing.seal(content, request(['0'.repeat(64)]))).rejects.toMatchObject({
      code: 'vault.key-not-found',
    });
  });

  test('is remembered, so that destroying a key can say what becomes unreadable', async () => {
    const second = (await vault.keys.generate('seal', 'second')).keyId;
    await vault.sealing.seal(content, request([ownKey]));
    await vault.sealing.seal(content, request([ownKey, second]));
    const { unreadable, alsoReadableByOthers } = vault.keys.dependents(ownKey);
    expect(unreadable.map(({ name }) => name)).toEqual(['x.wasm.sealed']);
    expect(alsoReadableByOthers).toBe(1);
    expect(vault.keys.dependents(second).unreadable).toEqual([]);
    expect(await readFile(join(dir, 'vault/vault.json'), 'utf8')).not.toContain('x.wasm');
  });
});

test('a header tells kind, suite and recipients as far as they are known here', async () => {
  const spki = () =>
    new Uint8Array(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' }),
    );
  const ada = (await vault.contacts.add(spki(), 'Ada', 'seal')).keyId;
  const header = await vault.sealing.seal(content, {
    ...request([ownKey, ada]),
    publicKeys: [...vault.sealing.publicKeysOf([ownKey, ada]), spki().slice(-65)],
  });
  expect(await vault.sealing.inspect(header.slice(0, 1000))).toEqual({
    kind: 'module',
    suite: 'aes-256-gcm',
    hasPassphrase: false,
    recipients: [
      { keyId: ownKey, isOwn: true, isAnonymous: false },
      { keyId: ada, isOwn: false, isAnonymous: false },
      { keyId: null, isOwn: false, isAnonymous: false },
    ],
  });
  const anonymous = await vault.sealing.seal(content, request([ada], { isAnonymous: true }));
  expect((await vault.sealing.inspect(anonymous)).recipients).toEqual([
    { keyId: null, isOwn: false, isAnonymous: true },
  ]);
  await expect(vault.sealing.inspect(content)).rejects.toMatchObject({ code: 'vault.cannot-open' });
});

describe('files', () => {
  const big = new Uint8Array(3 * 1024 * 1024 + 5).map((_, i) => i);

  test('are sealed and opened into files only the owner can read', async () => {
    const [from, sealed, to] = ['big.bin', 'big.bin.sealed', 'again.bin'].map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(from, big);
    const told: number[] = [];
    const onProgress = (doneBytes: number) => void told.push(doneBytes);
    await vault.sealing.sealFile(from, sealed, { ...request([ownKey]), onProgress });
    expect(told.at(-1)).toBe(big.length);
    const opened = await vault.sealing.openFile(sealed, to);
    expect(opened).toMatchObject({ kind: 'module', keyId: ownKey, sizeBytes: big.length });
    expect(Buffer.compare(await readFile(to), big)).toBe(0);
  });

  test('that are cut, cancelled or missing leave nothing behind', async () => {
    const [from, sealed, to] = ['a', 'a.sealed', 'a.again'].map((name) => join(dir, name)) as [string, string, string];
    await writeFile(from, big);
    await vault.sealing.sealFile(from, sealed, request([ownKey]));
    const before = (await readdir(dir)).sort();
    const whole = await readFile(sealed);
    await writeFile(sealed, whole.subarray(0, whole.length - 1));
    await expect(vault.sealing.openFile(sealed, to)).rejects.toMatchObject({ code: 'vault.cannot-open' });
    const signal = AbortSignal.abort();
    await expect(vault.sealing.openFile(sealed, to, { signal })).rejects.toMatchObject({ code: 'call.cancelled' });
    const missing = await vault.sealing.openFile(join(dir, 'nothing'), to).catch((error) => error);
    expect([missing.code, missing.message.includes(dir)]).toEqual(['disk.failed', false]);
    expect((await readdir(dir)).sort()).toEqual(before);
  });
});

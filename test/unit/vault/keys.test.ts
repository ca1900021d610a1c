import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '../../../electron/vault/bytes.ts';
import { localDisk } from '../../../electron/vault/disk.ts';
import { openVault, type Vault } from '../../../electron/vault/index.ts';
import type { KeyRole } from '../../../shared/model/key.ts';
import { quickArgon2 } from './support.ts';

const passphrase = 'correct horse battery staple';
let dir: string;
let vault: Vault;
let now: number;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-'));
  now = 1_790_000_000_000;
  vault = await reopen();
});
afterEach(() => rm(dir, { recursive: true }));

function reopen(): Promise<Vault> {
  return openVault({ dir, argon2: quickArgon2, clock: () => now });
}

/** `role label state` of every key. */
function life(): string[] {
  return vault.keys.list().map(({ role, label, state }) => `${role} ${label} ${state}`);
}

function firstKey(role: KeyRole): string {
  return vault.keys.list().find((key) => key.role === role)?.keyId ?? '';
}

describe('a key', () => {
  test('can be generated, renamed, rotated, retired, activated, revoked and destroyed, and stays so on disk', async () => {
    const a = await vault.keys.generate('seal', 'A');
    await vault.keys.rename(a.keyId, 'B');
    const b = await vault.keys.rotate(a.keyId);
    await vault.keys.activate(a.keyId);
    await vault.keys.retire(a.keyId);
    const c = await vault.keys.generate('seal', 'C');
    await vault.keys.revoke(c.keyId);
    await vault.keys.destroy(b.keyId, 'B');
    const expected = [
      'seal My sealing key active',
      'sign My signing key active',
      'log Audit log active',
      'seal B retired',
      'seal B destroyed',
      'seal C revoked',
    ];
    expect(life()).toEqual(expected);
    vault = await reopen();
    expect(life()).toEqual(expected);
  });

  test('of role sign or log replaces the active one, and revoking or destroying the active one makes another', async () => {
    const first = vault.publicKey('sign');
    await vault.keys.generate('sign', 'next');
    const second = vault.publicKey('sign');
    await vault.keys.revoke(vault.keys.list().at(-1)?.keyId ?? '');
    const third = vault.publicKey('sign');
    await vault.keys.destroy(vault.keys.list().at(-1)?.keyId ?? '', 'next');
    expect(new Set([first, second, third, vault.publicKey('sign')].map(String)).size).toBe(4);
    expect(life().filter((line) => line.startsWith('sign'))).toEqual([
      'sign My signing key retired',
      'sign next revoked',
      'sign next destroyed',
      'sign next active',
    ]);
  });

  test('expires at its time and no longer signs', async () => {
    const { keyId } = await vault.keys.generate('sign', 'short-lived', now + 1000);
    expect(vault.sign('sign', utf8('x')).length).toBeGreaterThan(60);
    now += 1000;
    expect(vault.keys.list().find((key) => key.keyId === keyId)?.state).toBe('expired');
    expect(() => vault.sign('sign', utf8('x'))).toThrow('no active sign key');
    await expect(vault.keys.expire(keyId, now)).rejects.toThrow('to come');
  });

  test('is destroyed only when its label was typed exactly', async () => {
    const { keyId } = await vault.keys.generate('seal', 'Archive 2026');
    for (const typed of ['', 'archive 2026', 'Archive 2026 ']) {
      await expect(vault.keys.destroy(keyId, typed)).rejects.toMatchObject({ code: 'vault.confirmation-needed' });
    }
    expect((await vault.keys.destroy(keyId, 'Archive 2026')).state).toBe('destroyed');
    await expect(vault.keys.rename(keyId, 'x')).rejects.toMatchObject({ code: 'vault.key-unusable' });
  });

  test('counts its uses over a restart', async () => {
    for (let i = 0; i < 3; i++) vault.sign('sign', utf8('x'));
    await vault.close();
    vault = await reopen();
    vault.sign('sign', utf8('x'));
    expect(vault.keys.list().find((key) => key.role === 'sign')).toMatchObject({ uses: 4, lastUsedAt: now });
  });

  test('that is not there, and an act that does not fit its state, are refused', async () => {
    await expect(vault.keys.rotate('0'.repeat(64))).rejects.toMatchObject({ code: 'vault.key-not-found' });
    await expect(vault.keys.retire(firstKey('sign'))).rejects.toMatchObject({ code: 'vault.key-unusable' });
    await expect(vault.keys.activate(firstKey('seal'))).rejects.toMatchObject({ code: 'vault.key-unusable' });
  });
});

test('a change that cannot be written has not happened', async () => {
  const before = life();
  let isFull = false;
  const disk = {
    ...localDisk,
    writeFileAtomic: (path: string, bytes: Uint8Array) =>
      isFull ? Promise.reject(new Error('no space left')) : localDisk.writeFileAtomic(path, bytes),
  };
  vault = await openVault({ dir, disk, argon2: quickArgon2, clock: () => now });
  isFull = true;
  await expect(vault.keys.generate('seal', 'lost')).rejects.toMatchObject({ code: 'disk.failed' });
  expect(life()).toEqual(before);
  isFull = false;
  await vault.keys.generate('seal', 'kept');
  expect(life()).toEqual([...before, 'seal kept active']);
});

test('two open vaults on one folder do not undo each other', async () => {
  const other = await reopen();
  await vault.keys.generate('seal', 'one');
  await other.keys.generate('seal', 'two');
  await vault.keys.generate('seal', 'three');
  vault = await reopen();
  expect(life().slice(3)).toEqual(['seal one active', 'seal two active', 'seal three active']);
});

describe('import', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const point = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' })).slice(-65);
  const jwk = pair.privateKey.export({ format: 'jwk' });
  const scalar = new Uint8Array(Buffer.from(String(jwk.d), 'base64url'));
  const encrypted = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase } as const;
  const privateForms: [string, Uint8Array | string | Buffer, string?][] = [
    ['PKCS#8 PEM', pair.privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ['PKCS#8 DER', pair.privateKey.export({ format: 'der', type: 'pkcs8' })],
    ['SEC1 PEM', pair.privateKey.export({ format: 'pem', type: 'sec1' })],
    ['SEC1 DER', pair.privateKey.export({ format: 'der', type: 'sec1' })],
    ['encrypted PKCS#8 PEM', pair.privateKey.export(encrypted), passphrase],
    ['encrypted PKCS#8 DER', pair.privateKey.export({ ...encrypted, format: 'der' }), passphrase],
    ['AES-128 PKCS#8', pair.privateKey.export({ ...encrypted, cipher: 'aes-128-cbc' }), passphrase],
    ['JWK', JSON.stringify(jwk)],
    ['raw', scalar],
    ['hex', Buffer.from(scalar).toString('hex')],
    ['base64', Buffer.from(scalar).toString('base64')],
  ];
  test.each(privateForms)('takes a private key as %s', async (_form, material, password) => {
    const bytes = typeof material === 'string' ? utf8(material) : new Uint8Array(material);
    const preview = await vault.keys.preview(bytes, password);
    expect(preview).toMatchObject({ isPrivate: true, isEncrypted: password !== undefined, known: null });
    const key = await vault.keys.import(bytes, 'seal', 'imported', password);
    expect(key).toMatchObject({ origin: 'imported', state: 'active', role: 'seal' });
    expect(key.publicKey).toBe(pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'));
    expect((await vault.keys.preview(bytes, password)).known).toBe('key');
    await expect(vault.keys.import(bytes, 'sign', 'again', password)).rejects.toThrow('here already');
  });

  const publicForms: [string, Uint8Array | string | Buffer][] = [
    ['SPKI PEM', pair.publicKey.export({ format: 'pem', type: 'spki' })],
    ['SPKI DER', pair.publicKey.export({ format: 'der', type: 'spki' })],
    ['JWK', JSON.stringify(pair.publicKey.export({ format: 'jwk' }))],
    ['raw', point],
    ['base64', Buffer.from(point).toString('base64')],
    ['hex', Buffer.from(point).toString('hex')],
  ];
  test.each(publicForms)('takes a public key as %s, for a contact only', async (_form, material) => {
    const bytes = typeof material === 'string' ? utf8(material) : new Uint8Array(material);
    await expect(vault.keys.import(bytes, 'seal', 'x')).rejects.toMatchObject({ code: 'vault.bad-key' });
    const contact = await vault.contacts.add(bytes, 'Ada', 'seal');
    expect(contact).toMatchObject({ name: 'Ada', isVerified: false });
    expect((await vault.keys.preview(bytes)).known).toBe('contact');
  });

  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const notKeys: [string, Uint8Array | string | Buffer][] = [
    ['nothing', ''],
    ['words', 'not a key'],
    [
      'another curve',
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    ],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ['scalar zero', new Uint8Array(32)],
    ['a scalar too large', new Uint8Array(32).fill(255)],
    ['a compressed point', Uint8Array.of(2 + ((point[64] ?? 0) & 1), ...point.slice(1, 33))],
    ['a hybrid point', point.with(0, 6 + ((point[64] ?? 0) & 1))],
    ['JWK halves of two keys', JSON.stringify({ ...jwk, ...other.publicKey.export({ format: 'jwk' }) })],
    ['a JWK without y', JSON.stringify({ ...jwk, y: undefined })],
    ['two PEM blocks', `${privateForms[0]?.[1]}${privateForms[0]?.[1]}`],
    ['an encrypted key without its passphrase', pair.privateKey.export(encrypted)],
    [
      'PKCS#8 with a byte more',
      Buffer.concat([pair.privateKey.export({ format: 'der', type: 'pkcs8' }), Buffer.alloc(1)]),
    ],
    ['64 KiB of noise', new Uint8Array(65_537).fill(0x30)],
  ];
  test.each(notKeys)('refuses %s with the one message', async (_what, material) => {
    const bytes = typeof material === 'string' ? utf8(material) : new Uint8Array(material);
    await expect(vault.keys.preview(bytes)).rejects.toMatchObject({
      code: 'vault.bad-key',
      message: 'expected a P-256 key as PEM, JWK, DER or raw bytes, and its passphrase if it has one',
    });
  });

  test('refuses more PBKDF2 rounds than it will compute, at once', async () => {
    const good = pair.privateKey.export({ ...encrypted, format: 'der' });
    const at = good.indexOf(Buffer.from([0x02, 0x02, 0x08, 0x00])); // 2048 rounds
    const absurd = Buffer.concat([
      good.subarray(0, at),
      Buffer.from([0x02, 0x04, 0x7f, 0xff, 0xff, 0xff]),
      good.subarray(at + 4),
    ]);
    for (const length of [1, 3]) absurd[length] = (absurd[length] ?? 0) + 2;
    await expect(vault.keys.preview(new Uint8Array(absurd), passphrase)).rejects.toMatchObject({
      code: 'vault.bad-key',
    });
  });
});

describe('export', () => {
  test('of a public key is read by Node in every form', () => {
    const keyId = firstKey('seal');
    const expected = vault.keys.list()[0]?.publicKey;
    const pem = createPublicKey(vault.keys.exportPublic(keyId, 'pem').text);
    const jwk = createPublicKey({ key: JSON.parse(vault.keys.exportPublic(keyId, 'jwk').text), format: 'jwk' });
    for (const key of [pem, jwk]) expect(key.export({ format: 'der', type: 'spki' }).toString('base64')).toBe(expected);
    expect(Buffer.from(vault.keys.exportPublic(keyId, 'raw').text, 'base64')).toEqual(
      Buffer.from(expected ?? '', 'base64').subarray(-65),
    );
    expect(vault.keys.exportPublic(keyId, 'pem').fileName).toBe('My-sealing-key.pub.pem');
  });

  test('of a private key is PKCS#8 that Node decrypts, with 600,000 rounds', async () => {
    const { bytes } = await vault.keys.exportPrivate(firstKey('sign'), passphrase);
    const pem = new TextDecoder().decode(bytes);
    const key = createPrivateKey({ key: pem, passphrase });
    expect(createPublicKey(key).export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(vault.publicKey('sign')));
    expect(() => createPrivateKey({ key: pem, passphrase: 'another passphrase' })).toThrow();
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(der.includes(Buffer.from([0x02, 0x03, 0x09, 0x27, 0xc0]))).toBe(true);
    await expect(vault.keys.exportPrivate(firstKey('sign'), 'short')).rejects.toMatchObject({
      code: 'vault.weak-passphrase',
    });
  });

  test('as a backup brings every key back on another machine; a sign key comes back retired', async () => {
    const { bytes, keys } = await vault.keys.backup(null, passphrase);
    expect(keys).toBe(3);
    const elsewhere = await mkdtemp(join(tmpdir(), 'vault-'));
    const other = await openVault({ dir: elsewhere, argon2: quickArgon2 });
    const { restored, alreadyHere } = await other.keys.restore(bytes, passphrase);
    expect(restored.map(({ role, label, state, origin }) => [role, label, state, origin])).toEqual([
      ['seal', 'My sealing key', 'active', 'restored'],
      ['sign', 'My signing key', 'retired', 'restored'],
      ['log', 'Audit log', 'retired', 'restored'],
    ]);
    expect(alreadyHere).toBe(0);
    expect((await other.keys.restore(bytes, passphrase)).alreadyHere).toBe(3);
    await expect(other.keys.restore(bytes, 'wrong passphrase')).rejects.toMatchObject({ code: 'vault.cannot-open' });
    await rm(elsewhere, { recursive: true });
  });
});

describe('a contact', () => {
  test('is verified by its fingerprint in any spelling, and not by another', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' });
    const { keyId, fingerprint } = await vault.contacts.add(new Uint8Array(other), 'Ada', 'sign');
    for (const told of [
      fingerprint,
      fingerprint.slice(7),
      ` ${fingerprint.replace(/=$/, '')} `,
      keyId,
      keyId.toUpperCase(),
    ]) {
      expect([told, (await vault.contacts.verify(keyId, told)).isSame]).toEqual([told, true]);
    }
    for (const told of ['', fingerprint.toLowerCase(), fingerprint.slice(0, -4), '0'.repeat(64)]) {
      expect([told, (await vault.contacts.verify(keyId, told)).isSame]).toEqual([told, false]);
    }
    expect((await vault.contacts.rename(keyId, 'Ada L.')).name).toBe('Ada L.');
    await vault.contacts.remove(keyId);
    expect(vault.contacts.list()).toEqual([]);
  });

  test('cannot be an own key', async () => {
    const own = utf8(vault.keys.exportPublic(firstKey('seal'), 'pem').text);
    await expect(vault.contacts.add(own, 'me', 'seal')).rejects.toMatchObject({ code: 'vault.key-unusable' });
  });
});

describe('protection', () => {
  test('can be changed to a passphrase and back, and the old way no longer opens', async () => {
    const sign = vault.publicKey('sign');
    await vault.protect('passphrase', passphrase);
    expect(vault.status().protection).toBe('passphrase');
    await expect(readFile(join(dir, 'master.key'))).rejects.toThrow('ENOENT');
    vault = await reopen();
    expect(vault.status().state).toBe('locked');
    await vault.unlock(passphrase);
    expect(vault.publicKey('sign')).toEqual(sign);

    const next = 'another passphrase entirely';
    await expect(vault.protect('passphrase', next, 'not the current one')).rejects.toMatchObject({
      code: 'vault.wrong-passphrase',
    });
    await vault.protect('passphrase', next, passphrase);
    vault = await reopen();
    await expect(vault.unlock(passphrase)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    await vault.unlock(next);
    await vault.protect('file', undefined, next);
    expect((await reopen()).publicKey('sign')).toEqual(sign);
  });

  test('by a keychain is refused where there is none', async () => {
    await expect(vault.protect('keychain')).rejects.toMatchObject({ code: 'vault.key-unusable' });
    expect(vault.status().protection).toBe('file');
  });

  test('a store that cannot be opened is set aside whole, and a new one begins', async () => {
    const path = join(dir, 'vault.json');
    await writeFile(path, 'garbage');
    vault = await reopen();
    const name = await vault.setAside();
    expect(await readFile(join(dir, name), 'utf8')).toBe('garbage');
    expect(vault.status().state).toBe('unlocked');
    await expect(vault.setAside()).rejects.toMatchObject({ code: 'vault.key-unusable' });
  });
});

test('everything but status is refused while locked', async () => {
  await vault.lock();
  const locked = { code: 'vault.locked' };
  expect(() => vault.keys.list()).toThrow('locked');
  expect(() => vault.contacts.list()).toThrow('locked');
  expect(() => vault.dataKey('x')).toThrow('locked');
  await expect(vault.keys.generate('seal', 'x')).rejects.toMatchObject(locked);
  await expect(vault.protect('file')).rejects.toMatchObject(locked);
});

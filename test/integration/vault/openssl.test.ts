import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { preAuthenticationEncoding } from '../../../electron/receipt/dsse.ts';
import { buildReceipt } from '../../../electron/receipt/index.ts';
import { openVault, type Vault } from '../../../electron/vault/index.ts';
import { exampleFacts } from '../../unit/receipt/support.ts';

const passphrase = 'correct horse battery staple';

function hasOpenssl(): boolean {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).startsWith('OpenSSL ');
  } catch {
    return false;
  }
}

describe.skipIf(!hasOpenssl())('the command line of OpenSSL (skipped where it is not there)', () => {
  let dir: string;
  let vault: Vault;
  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'openssl-'));
    vault = await openVault({ dir: path.join(dir, 'vault') });
    writeFileSync(path.join(dir, 'passphrase'), passphrase, { mode: 0o600 });
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const file = (name: string) => path.join(dir, name);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const keyOf = (role: string) => vault.keys.list().find((key) => key.role === role)!.keyId;

  test('verifies the signature of a receipt with the exported key, and not over another payload', () => {
    const signer = vault.signer('sign');
    const { dsse } = buildReceipt(exampleFacts(), signer);
    const payload = new Uint8Array(Buffer.from(dsse.payload, 'base64'));
    writeFileSync(file('key.pem'), vault.keys.exportPublic(keyOf('sign'), 'pem').text);
    writeFileSync(file('sig.der'), Buffer.from(dsse.signatures[0]!.sig, 'base64'));
    writeFileSync(file('good'), preAuthenticationEncoding(dsse.payloadType, payload));
    writeFileSync(file('bad'), preAuthenticationEncoding(dsse.payloadType, payload.with(9, 32)));
    const verify = (name: string) =>
      openssl('dgst', '-sha256', '-verify', file('key.pem'), '-signature', file('sig.der'), file(name));
    expect(verify('good')).toBe('Verified OK\n');
    expect(() => verify('bad')).toThrow();
  });

  test('reads an exported private key with its passphrase, and it is the same key', async () => {
    const { bytes } = await vault.keys.exportPrivate(keyOf('seal'), passphrase);
    writeFileSync(file('private.pem'), bytes);
    const exported = openssl('pkey', '-in', file('private.pem'), '-passin', `file:${file('passphrase')}`, '-pubout');
    expect(exported).toBe(vault.keys.exportPublic(keyOf('seal'), 'pem').text);
    expect(openssl('asn1parse', '-in', file('private.pem'))).toMatch(
      /PBES2[\s\S]*PBKDF2[\s\S]*0927C0[\s\S]*hmacWithSHA256[\s\S]*aes-256-cbc/,
    );
    expect(() => openssl('pkey', '-in', file('private.pem'), '-passin', 'pass:another', '-pubout')).toThrow();
  });

  test.each([
    ['PKCS#8', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ['SEC1 with its parameters', ['ecparam', '-name', 'prime256v1', '-genkey']],
    [
      'encrypted PKCS#8',
      [
        'genpkey',
        '-algorithm',
        'EC',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-aes-256-cbc',
        '-pass',
        `pass:${passphrase}`,
      ],
    ],
  ])('makes a key that is imported: %s', async (form, args) => {
    openssl(...args, '-out', file('made.pem'));
    const expected = openssl('pkey', '-in', file('made.pem'), '-passin', `file:${file('passphrase')}`, '-pubout');
    const material = new TextEncoder().encode(execFileSync('cat', [file('made.pem')], { encoding: 'utf8' }));
    const { keyId } = await vault.keys.import(material, 'seal', form, passphrase);
    expect(vault.keys.exportPublic(keyId, 'pem').text).toBe(expected);
  });
});

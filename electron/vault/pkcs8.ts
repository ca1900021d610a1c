import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { equalBytes, wipe } from './bytes.ts';
import { DerError, DerReader, der, derInteger, TAG } from './der.ts';
import { engine } from './engine.ts';
import { checkSecret } from './p256.ts';
import { pkcs8OfScalar } from './p256-encoding.ts';
import { passphraseBytes } from './passphrase.ts';

/** PBKDF2 rounds of an export; Node's own export would use 2,048. */
export const PBKDF2_ROUNDS = 600_000;
/** More is refused on import before any is computed: at this number it takes some seconds. */
const PBKDF2_ROUNDS_MAX = 10_000_000;

const OIDS = {
  ecPublicKey: oid('2a8648ce3d0201'),
  prime256v1: oid('2a8648ce3d030107'),
  pbes2: oid('2a864886f70d01050d'),
  pbkdf2: oid('2a864886f70d01050c'),
  hmacWithSha1: oid('2a864886f70d0207'),
  hmacWithSha256: oid('2a864886f70d0209'),
  hmacWithSha512: oid('2a864886f70d020b'),
  aes128Cbc: oid('608648016503040102'),
  aes256Cbc: oid('60864801650304012a'),
};

/** EncryptedPrivateKeyInfo (RFC 5958) under PBES2 (RFC 8018): PBKDF2-HMAC-SHA-256 with 600,000 rounds, AES-256-CBC. */
export async function encryptPkcs8(secret: Uint8Array, passphrase: string | Uint8Array): Promise<Uint8Array> {
  const plain = pkcs8OfScalar(secret, engine().curve.publicKeyOf(secret));
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const key = await stretch(passphrase, salt, PBKDF2_ROUNDS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  wipe(plain, key);
  const kdf = der(
    TAG.sequence,
    der(TAG.oid, OIDS.pbkdf2),
    der(
      TAG.sequence,
      der(TAG.octetString, salt),
      derInteger(PBKDF2_ROUNDS),
      der(TAG.sequence, der(TAG.oid, OIDS.hmacWithSha256), der(TAG.null)),
    ),
  );
  const scheme = der(TAG.sequence, der(TAG.oid, OIDS.aes256Cbc), der(TAG.octetString, iv));
  const algorithm = der(TAG.sequence, der(TAG.oid, OIDS.pbes2), der(TAG.sequence, kdf, scheme));
  return der(TAG.sequence, algorithm, der(TAG.octetString, sealed));
}

/**
 * PrivateKeyInfo out of an EncryptedPrivateKeyInfo. Takes PBES2 with PBKDF2 (HMAC-SHA-1, -256, -512; at most 10,000,000
 * rounds) and AES-128 or -256 in CBC. The caller wipes it.
 * @throws DerError for another scheme, too many rounds, or bytes that do not decrypt
 */
export async function decryptPkcs8(bytes: Uint8Array, passphrase: string | Uint8Array): Promise<Uint8Array> {
  const outer = new DerReader(bytes).enter(TAG.sequence);
  const algorithm = outer.enter(TAG.sequence);
  const sealed = outer.read(TAG.octetString);
  outer.end();
  expectOid(algorithm, OIDS.pbes2);
  const parameters = algorithm.enter(TAG.sequence);
  const kdf = parameters.enter(TAG.sequence);
  expectOid(kdf, OIDS.pbkdf2);
  const { salt, rounds, hash } = readPbkdf2(kdf.enter(TAG.sequence));
  const scheme = parameters.enter(TAG.sequence);
  const cipherOid = scheme.read(TAG.oid);
  const iv = scheme.read(TAG.octetString);
  const keyBytes = equalBytes(cipherOid, OIDS.aes256Cbc) ? 32 : equalBytes(cipherOid, OIDS.aes128Cbc) ? 16 : 0;
  if (keyBytes === 0 || iv.length !== 16) throw new DerError('expected AES in CBC mode');
  const key = await stretch(passphrase, salt, rounds, keyBytes, hash);
  try {
    const cipher = createDecipheriv(keyBytes === 32 ? 'aes-256-cbc' : 'aes-128-cbc', key, iv);
    return new Uint8Array(Buffer.concat([cipher.update(sealed), cipher.final()]));
  } catch {
    throw new DerError('expected the passphrase it was encrypted with');
  } finally {
    wipe(key);
  }
}

/** The scalar of a PrivateKeyInfo for P-256. @throws DerError, KeyError */
export function scalarOfPkcs8(bytes: Uint8Array): Uint8Array {
  const outer = new DerReader(bytes);
  const info = outer.enter(TAG.sequence);
  outer.end();
  if (info.readInteger() > 1) throw new DerError('expected PKCS#8 version 0 or 1');
  const algorithm = info.enter(TAG.sequence);
  expectOid(algorithm, OIDS.ecPublicKey);
  expectOid(algorithm, OIDS.prime256v1);
  algorithm.end();
  return scalarOfSec1(info.read(TAG.octetString));
}

/** The scalar of an ECPrivateKey (RFC 5915) for P-256; a public key in it must be its own. @throws DerError, KeyError */
export function scalarOfSec1(bytes: Uint8Array): Uint8Array {
  const outer = new DerReader(bytes);
  const key = outer.enter(TAG.sequence);
  outer.end();
  if (key.readInteger() !== 1) throw new DerError('expected EC private key version 1');
  const secret = checkSecret(key.read(TAG.octetString).slice());
  if (key.isNext(0xa0)) expectOid(key.enter(0xa0), OIDS.prime256v1);
  if (key.isNext(0xa1)) {
    const point = key.enter(0xa1).read(TAG.bitString);
    const isOwn = point[0] === 0 && equalBytes(point.subarray(1), engine().curve.publicKeyOf(secret));
    if (!isOwn) throw new DerError('public and private key must belong together');
  }
  key.end();
  return secret;
}

function readPbkdf2(parameters: DerReader): { salt: Uint8Array; rounds: number; hash: string } {
  const salt = parameters.read(TAG.octetString);
  const rounds = parameters.readInteger();
  if (rounds < 1 || rounds > PBKDF2_ROUNDS_MAX) throw new DerError('rounds must be from 1 to 10000000');
  if (parameters.isNext(TAG.integer)) parameters.readInteger();
  const prf = parameters.isAtEnd ? OIDS.hmacWithSha1 : parameters.enter(TAG.sequence).read(TAG.oid);
  if (equalBytes(prf, OIDS.hmacWithSha256)) return { salt, rounds, hash: 'sha256' };
  if (equalBytes(prf, OIDS.hmacWithSha512)) return { salt, rounds, hash: 'sha512' };
  if (equalBytes(prf, OIDS.hmacWithSha1)) return { salt, rounds, hash: 'sha1' };
  throw new DerError('expected HMAC with SHA-1, SHA-256 or SHA-512');
}

function stretch(
  passphrase: string | Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
  hash: string,
): Promise<Uint8Array> {
  const secret = passphraseBytes(passphrase);
  return new Promise((resolve, reject) => {
    pbkdf2(secret, salt, rounds, length, hash, (error, key) => {
      wipe(secret);
      if (error) reject(new Error('pbkdf2 failed'));
      else resolve(key);
    });
  });
}

function expectOid(reader: DerReader, expected: Uint8Array): void {
  if (!equalBytes(reader.read(TAG.oid), expected)) throw new DerError('expected another algorithm');
}

function oid(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

import { Refusal } from '../../shared/result.ts';
import { concatBytes, equalBytes, wipe } from './bytes.ts';
import { engine } from './engine.ts';
import { checkPublicKey, checkSecret, pointOfSpki } from './p256.ts';
import { decryptPkcs8, scalarOfPkcs8, scalarOfSec1 } from './pkcs8.ts';

/** A key as it was read; `secret` undefined for a public key. The caller owns and wipes it. */
export type ImportedKey = {
  readonly point: Uint8Array;
  readonly secret: Uint8Array | undefined;
  readonly format: 'pem' | 'jwk' | 'der' | 'raw';
  readonly isEncrypted: boolean;
};

type Parsed = Pick<ImportedKey, 'secret' | 'isEncrypted'> & { readonly point?: Uint8Array };
const MATERIAL_MAX_BYTES = 65_536;

/**
 * Reads a P-256 key: PEM or DER (SPKI, PKCS#8 plain or PBES2, SEC1), JWK, or raw bytes (32 private, 65 public), these
 * also as hex or base64. Another curve, a malformed point or scalar, halves that do not belong together and a wrong
 * passphrase are all the same refusal.
 * @throws Refusal `vault.bad-key`
 */
export async function readKey(material: Uint8Array, passphrase?: string): Promise<ImportedKey> {
  try {
    if (material.length > MATERIAL_MAX_BYTES) throw new RangeError('key material is too large');
    return await parse(material, passphrase);
  } catch {
    throw new Refusal(
      'vault.bad-key',
      'expected a P-256 key as PEM, JWK, DER or raw bytes, and its passphrase if it has one',
    );
  }
}

async function parse(material: Uint8Array, passphrase: string | undefined): Promise<ImportedKey> {
  if (material.length === 32 || (material.length === 65 && material[0] === 4)) return whole(parseRaw(material), 'raw');
  // 0x30 begins a DER sequence and is also the digit 0: text is told by having nothing but printable characters.
  const isPrintable = material.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));
  if (!isPrintable) return whole(await parseDer(material, passphrase), 'der');
  const text = new TextDecoder().decode(material).trim();
  if (text.includes('-----BEGIN ')) return whole(await parsePem(text, passphrase), 'pem');
  if (text.startsWith('{')) return whole(parseJwk(text), 'jwk');
  const isHex = /^([0-9a-fA-F]{64}|[0-9a-fA-F]{130}|[0-9a-fA-F]{182})$/.test(text);
  const bytes = new Uint8Array(Buffer.from(text, isHex ? 'hex' : 'base64'));
  const isText = isHex || /^[A-Za-z0-9+/_=-]+$/.test(text);
  if (!isText || ![32, 65, 91].includes(bytes.length)) throw new RangeError('key material has no known form');
  return whole(bytes.length === 91 ? { point: pointOfSpki(bytes), ...publicHalf } : parseRaw(bytes), 'raw');
}

const publicHalf = { secret: undefined, isEncrypted: false };

// Derives the public half of a private key, and checks whatever there is.
function whole(parsed: Parsed, format: ImportedKey['format']): ImportedKey {
  const { secret, isEncrypted } = parsed;
  const point = secret === undefined ? parsed.point : engine().curve.publicKeyOf(checkSecret(secret));
  if (point === undefined) throw new RangeError('key material has neither half');
  if (parsed.point !== undefined && !equalBytes(parsed.point, point))
    throw new RangeError('halves do not belong together');
  return { point: checkPublicKey(point), secret, format, isEncrypted };
}

function parseRaw(bytes: Uint8Array): Parsed {
  return bytes.length === 32
    ? { secret: bytes.slice(), isEncrypted: false }
    : { point: checkPublicKey(bytes.slice()), ...publicHalf };
}

async function parseDer(bytes: Uint8Array, passphrase: string | undefined): Promise<Parsed> {
  const readers = [
    () => ({ point: pointOfSpki(bytes), ...publicHalf }),
    () => ({ secret: scalarOfPkcs8(bytes), isEncrypted: false }),
    () => ({ secret: scalarOfSec1(bytes), isEncrypted: false }),
  ];
  for (const read of readers) {
    try {
      return read();
    } catch {
      // another form, perhaps
    }
  }
  return parseEncrypted(bytes, passphrase);
}

async function parsePem(text: string, passphrase: string | undefined): Promise<Parsed> {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z ]+)-----([^-]*)-----END \1-----/g)];
  const keys = blocks.filter(([, label]) => label !== 'EC PARAMETERS');
  const [, label, body = ''] = keys[0] ?? [];
  if (keys.length !== 1 || !/^[A-Za-z0-9+/=\s]+$/.test(body)) throw new RangeError('expected one key');
  const bytes = new Uint8Array(Buffer.from(body, 'base64'));
  if (label === 'PUBLIC KEY') return { point: pointOfSpki(bytes), ...publicHalf };
  if (label === 'ENCRYPTED PRIVATE KEY') return parseEncrypted(bytes, passphrase);
  try {
    if (label === 'PRIVATE KEY') return { secret: scalarOfPkcs8(bytes), isEncrypted: false };
    if (label === 'EC PRIVATE KEY') return { secret: scalarOfSec1(bytes), isEncrypted: false };
  } finally {
    wipe(bytes);
  }
  throw new RangeError('expected a public or private key');
}

async function parseEncrypted(bytes: Uint8Array, passphrase: string | undefined): Promise<Parsed> {
  const plain = await decryptPkcs8(bytes, passphrase ?? '');
  try {
    return { secret: scalarOfPkcs8(plain), isEncrypted: true };
  } finally {
    wipe(plain);
  }
}

function parseJwk(text: string): Parsed {
  const jwk: unknown = JSON.parse(text);
  if (typeof jwk !== 'object' || jwk === null) throw new RangeError('expected an object');
  const { kty, crv, x, y, d } = jwk as { [name: string]: unknown };
  if (kty !== 'EC' || crv !== 'P-256') throw new RangeError('expected an EC key on P-256');
  const point = concatBytes(Uint8Array.of(4), coordinate(x), coordinate(y));
  return { point, secret: d === undefined ? undefined : coordinate(d), isEncrypted: false };
}

function coordinate(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(value)) throw new RangeError('expected 32 bytes');
  return new Uint8Array(Buffer.from(value, 'base64url'));
}

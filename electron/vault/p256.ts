import { toHex } from './bytes.ts';
import { type Engine, engine } from './engine.ts';
import { ORDER, SPKI_PREFIX, spkiOfPoint } from './p256-encoding.ts';

/** Thrown for key material that is not what this room accepts; carries no key bytes. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

/**
 * Checks a public key before any library sees it: 65 bytes, 0x04, on the curve. Compressed points and the hybrid ones
 * of X9.62 (0x06, 0x07) are refused, and so is the identity, which has no such form.
 * @throws KeyError otherwise
 */
export function checkPublicKey(publicKey: Uint8Array, by: Engine = engine()): Uint8Array {
  if (publicKey.length !== 65 || publicKey[0] !== 4 || !by.curve.isOnCurve(publicKey)) {
    throw new KeyError('public key must be an uncompressed point of 65 bytes on P-256');
  }
  return publicKey;
}

/** Checks a private scalar. @throws KeyError unless it is 32 bytes in 1..n-1 */
export function checkSecret(secret: Uint8Array): Uint8Array {
  const scalar = secret.length === 32 ? BigInt(`0x${toHex(secret)}`) : 0n;
  if (scalar === 0n || scalar >= ORDER) throw new KeyError('private key must be 32 bytes from 1 to n - 1 of P-256');
  return secret;
}

/** The point of a SubjectPublicKeyInfo. @throws KeyError unless it is P-256 with an uncompressed point on the curve */
export function pointOfSpki(spki: Uint8Array): Uint8Array {
  const hasPrefix = spki.length === 91 && SPKI_PREFIX.every((byte, i) => byte === spki[i]);
  if (!hasPrefix) throw new KeyError('public key must be SPKI of an uncompressed P-256 point');
  return checkPublicKey(spki.slice(SPKI_PREFIX.length));
}

/** Lower-case hex SHA-256 of the SPKI: the key's id, and DSSE's keyid. */
export function keyIdOf(publicKey: Uint8Array): string {
  return toHex(spkiDigest(publicKey));
}

/** First 8 bytes of SHA-256(SPKI): how a sealed file names a recipient. */
export function keyTagOf(publicKey: Uint8Array): Uint8Array {
  return spkiDigest(publicKey).slice(0, 8);
}

/** `SHA256:` and base64 of SHA-256(SPKI), as people compare it. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return `SHA256:${Buffer.from(spkiDigest(publicKey)).toString('base64')}`;
}

function spkiDigest(publicKey: Uint8Array): Uint8Array {
  const hasher = engine().hash('sha256');
  hasher.update(spkiOfPoint(publicKey));
  return hasher.digest();
}

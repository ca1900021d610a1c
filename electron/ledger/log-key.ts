import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { sha256, toHex } from './hashing.ts';

/** A P-256 key that signs checkpoints. */
export type LogKey = {
  readonly spki: Buffer;
  /** hex SHA-256 of the SPKI DER: the key's id everywhere else */
  readonly keyId: string;
  /** its first four bytes: the key's id in signed notes (type 0x02) */
  readonly noteId: Buffer;
  readonly publicKey: KeyObject;
};

/** SPKI DER of a P-256 key up to the point: fixed, because the point is always uncompressed. */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

/**
 * Reads a public key. @throws RangeError when it is not a P-256 key as DER SubjectPublicKeyInfo with an uncompressed point on
 * the curve
 */
export function readLogKey(der: Uint8Array): LogKey {
  const spki = Buffer.from(der);
  const isForm = spki.length === SPKI_PREFIX.length + 65 && spki.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX);
  if (!isForm || spki[SPKI_PREFIX.length] !== 4) throw notAKey();
  const digest = sha256(spki);
  try {
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return { spki, keyId: toHex(digest), noteId: digest.subarray(0, 4), publicKey };
  } catch {
    throw notAKey();
  }
}

/** Whether a DER signature over `text` is this key's. High-S signatures are accepted, as other signers make them. */
export function verifySignature(key: LogKey, text: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify('sha256', text, key.publicKey, signature);
  } catch {
    return false;
  }
}

function notAKey(): RangeError {
  return new RangeError('a log key must be a P-256 public key as DER with an uncompressed point');
}

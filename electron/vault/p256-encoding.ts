import { concatBytes, toHex } from './bytes.ts';

/** The order of the group (SP 800-186 §3.2.1.3). */
export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
// DER up to the point of SubjectPublicKeyInfo { id-ecPublicKey, prime256v1 } (RFC 5480 §2).
export const SPKI_PREFIX = Uint8Array.from(Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex'));
// DER of PrivateKeyInfo (RFC 5208) around ECPrivateKey (RFC 5915): up to the scalar, and between scalar and point.
const PKCS8_PREFIX = Uint8Array.from(
  Buffer.from('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420', 'hex'),
);
const PKCS8_MIDDLE = Uint8Array.from(Buffer.from('a144034200', 'hex'));

/** SubjectPublicKeyInfo DER (91 bytes) of a point. */
export function spkiOfPoint(publicKey: Uint8Array): Uint8Array {
  return concatBytes(SPKI_PREFIX, publicKey);
}

/** PKCS#8 DER (138 bytes) of a scalar and its point. The caller wipes it. */
export function pkcs8OfScalar(secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return concatBytes(PKCS8_PREFIX, secret, PKCS8_MIDDLE, publicKey);
}

/** The same signature with s at most n/2 (r ‖ s, 64 bytes). */
export function lowS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${toHex(signature.subarray(32))}`);
  if (s <= ORDER / 2n) return signature;
  const flipped = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return concatBytes(signature.subarray(0, 32), flipped);
}

/** DER of an ECDSA signature (RFC 3279 §2.2.3) given as r ‖ s. */
export function derOfSignature(signature: Uint8Array): Uint8Array {
  const body = concatBytes(derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32)));
  return concatBytes(Uint8Array.of(0x30, body.length), body);
}

/** r ‖ s of a DER signature; undefined unless it is the one DER encoding of two numbers in 1..n-1. */
export function signatureOfDer(der: Uint8Array): Uint8Array | undefined {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const rEnd = 4 + (der[3] ?? 0);
  const signature = new Uint8Array(64);
  if (!readInteger(der.subarray(2, rEnd), signature.subarray(0, 32))) return undefined;
  return readInteger(der.subarray(rEnd), signature.subarray(32)) ? signature : undefined;
}

function readInteger(der: Uint8Array, into: Uint8Array): boolean {
  const length = der.length - 2;
  if (der[0] !== 0x02 || der[1] !== length || length < 1 || length > 33) return false;
  const isPadded = der[2] === 0;
  if ((der[2] ?? 0) >= 0x80 || (isPadded && (der[3] ?? 0) < 0x80)) return false;
  const digits = der.subarray(isPadded ? 3 : 2);
  if (digits.length > 32) return false;
  into.set(digits, 32 - digits.length);
  const value = BigInt(`0x${toHex(into)}`);
  return value > 0n && value < ORDER;
}

function derInteger(value: Uint8Array): Uint8Array {
  let start = 0;
  while (start < 31 && value[start] === 0) start++;
  const digits = value.subarray(start);
  const pad = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Uint8Array.from([0x02, digits.length + pad.length, ...pad, ...digits]);
}

import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;
/** Stands for the leaf before the first one in `prev`. */
export const ZERO_HASH = '0'.repeat(64);
/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

/** `SHA-256(bytes)`. */
export function sha256(bytes: Uint8Array): Buffer {
  // Three times as fast for short inputs as letting the hash make the buffer.
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
}

/** RFC 6962 leaf: `SHA-256(0x00 || line)`, the line without its line feed. */
export function leafHash(line: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(line.length + 1);
  framed[0] = 0;
  framed.set(line, 1);
  return sha256(framed);
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** RFC 6962 inner node: `SHA-256(0x01 || left || right)`. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return sha256(pair);
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

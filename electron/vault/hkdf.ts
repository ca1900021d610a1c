import { concatBytes, wipe } from './bytes.ts';
import { type Engine, engine } from './engine.ts';

const HASH_BYTES = { sha256: 32, sha512: 64 } as const;

/** HKDF-Extract (RFC 5869 §2.2); an empty salt is a string of zeros, as HMAC pads it. */
export function extract(
  hash: 'sha256' | 'sha512',
  salt: Uint8Array,
  ikm: Uint8Array,
  by: Engine = engine(),
): Uint8Array {
  return by.hmac(hash, salt, ikm);
}

/**
 * HKDF-Expand (RFC 5869 §2.3). Takes a key shorter than the hash too: chunked encryption feeds 32 bytes to SHA-512,
 * where they are as uniform as HMAC needs.
 */
export function expand(
  hash: 'sha256' | 'sha512',
  prk: Uint8Array,
  info: Uint8Array,
  length: number,
  by: Engine = engine(),
): Uint8Array {
  if (length > 255 * HASH_BYTES[hash]) throw new RangeError('length must be at most 255 hashes');
  const blocks: Uint8Array[] = [];
  let block = new Uint8Array();
  for (let i = 1; (i - 1) * HASH_BYTES[hash] < length; i++) {
    block = by.hmac(hash, prk, block, info, Uint8Array.of(i)) as Uint8Array<ArrayBuffer>;
    blocks.push(block);
  }
  const all = concatBytes(...blocks);
  const output = all.slice(0, length);
  wipe(all, ...blocks);
  return output;
}

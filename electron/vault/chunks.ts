import { concatBytes, equalBytes, utf8, wipe } from './bytes.ts';
import { type AeadName, type Engine, engine } from './engine.ts';
import { expand } from './hkdf.ts';

/** C2SP chunked encryption (c2sp.org/chunked-encryption): plaintext bytes of every chunk but the last, which is shorter. */
export const CHUNK_BYTES = 16 * 1024;
export const SALT_BYTES = 24;
export const TAG_BYTES = 16;
const COMMITMENT_BYTES = 32;
/** salt and key commitment, before the first chunk */
export const PREFIX_BYTES = SALT_BYTES + COMMITMENT_BYTES;
/** bytes of a sealed chunk that is not the last */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const CHUNKS_MAX = 2 ** 38;
// Names of the IANA AEAD registry; SHA-512 as in "Cobblestone-256".
const IANA_NAMES: { readonly [name in AeadName]: string } = {
  'aes-256-gcm': 'AEAD_AES_256_GCM',
  'chacha20-poly1305': 'AEAD_CHACHA20_POLY1305',
};

/** One message being sealed or opened chunk by chunk, in order. */
export type ChunkCipher = {
  /** salt ‖ commitment */
  readonly prefix: Uint8Array;
  /** One chunk more: 16 KiB of plaintext, or less for the last, which may be empty. */
  seal(chunk: Uint8Array, into?: Uint8Array): Uint8Array;
  /** One sealed chunk more; undefined when it does not authenticate, or comes after the last. */
  open(chunk: Uint8Array, into?: Uint8Array): Uint8Array | undefined;
  /** whether the last, short chunk was sealed or opened */
  readonly isComplete: boolean;
  wipe(): void;
};

/**
 * Derives the keys of one message. `inputKey` has 32 uniform bytes, `salt` 24 that never repeat for it.
 * @throws RangeError for other lengths
 */
export function chunkCipher(
  inputKey: Uint8Array,
  salt: Uint8Array,
  context: Uint8Array,
  aead: AeadName,
  by: Engine = engine(),
): ChunkCipher {
  if (inputKey.length !== 32) throw new RangeError('input key must have 32 bytes');
  if (salt.length !== SALT_BYTES) throw new RangeError('salt must have 24 bytes');
  const info = concatBytes(utf8(`c2sp.org/chunked-encryption@v1+${IANA_NAMES[aead]}`), Uint8Array.of(0), salt, context);
  const derived = expand('sha512', inputKey, info, 32 + 12 + COMMITMENT_BYTES, by);
  const key = derived.slice(0, 32);
  const baseNonce = derived.slice(32, 44);
  const prefix = concatBytes(salt, derived.subarray(44));
  wipe(derived);
  let index = 0;
  let isComplete = false;

  function take(length: number): Uint8Array {
    if (isComplete || index >= CHUNKS_MAX) throw new RangeError('chunk must not follow the last one');
    isComplete = length < CHUNK_BYTES;
    return nonceOf(baseNonce, index++);
  }
  return {
    prefix,
    seal: (chunk, into) => by.aead[aead].seal(key, take(chunk.length), chunk, undefined, into),
    open(chunk, into) {
      const length = chunk.length - TAG_BYTES;
      if (isComplete || length < 0 || length > CHUNK_BYTES) return undefined;
      return by.aead[aead].open(key, take(length), chunk, undefined, into);
    },
    get isComplete() {
      return isComplete;
    },
    wipe: () => wipe(key, baseNonce),
  };
}

/** The cipher of a message that begins with `prefix`; undefined when key or context are not those it was sealed under. */
export function openChunks(
  inputKey: Uint8Array,
  prefix: Uint8Array,
  context: Uint8Array,
  aead: AeadName,
  by: Engine = engine(),
): ChunkCipher | undefined {
  if (inputKey.length !== 32 || prefix.length !== PREFIX_BYTES) return undefined;
  const cipher = chunkCipher(inputKey, prefix.slice(0, SALT_BYTES), context, aead, by);
  if (equalBytes(cipher.prefix, prefix)) return cipher;
  cipher.wipe();
  return undefined;
}

// The last 5 bytes of the base nonce carry the chunk number; it is below 2^38.
function nonceOf(baseNonce: Uint8Array, index: number): Uint8Array {
  const nonce = baseNonce.slice();
  for (let i = 11, rest = index; i >= 7; i--, rest = Math.floor(rest / 256)) nonce[i] = (nonce[i] ?? 0) ^ (rest % 256);
  return nonce;
}

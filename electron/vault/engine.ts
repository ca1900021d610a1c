import { nativeEngine } from './native-engine.ts';
import { nobleEngine } from './noble-engine.ts';

/** The two AEADs of HPKE (RFC 9180 §7.3) and of sealed files; both have 32-byte keys, 12-byte nonces, 16-byte tags. */
export type AeadName = 'aes-256-gcm' | 'chacha20-poly1305';

/**
 * Authenticated encryption; `open` gives undefined for anything that does not authenticate. `into` takes the result
 * when it has exactly its length, and saves bulk work a copy.
 */
export type Aead = {
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad?: Uint8Array, into?: Uint8Array): Uint8Array;
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    aad?: Uint8Array,
    into?: Uint8Array,
  ): Uint8Array | undefined;
};

/** Signs with one private key until it is wiped; signatures are 64 bytes r ‖ s with low s. */
export type ScalarSigner = {
  sign(message: Uint8Array): Uint8Array;
  wipe(): void;
};

/**
 * P-256 on checked input: scalars are 32 bytes in 1..n-1, public keys 65 bytes, uncompressed, on the curve (`p256.ts`
 * checks both before any engine sees them).
 */
export type Curve = {
  /** a fresh private scalar */
  generate(): Uint8Array;
  publicKeyOf(secret: Uint8Array): Uint8Array;
  isOnCurve(publicKey: Uint8Array): boolean;
  /** the x coordinate of the shared point, 32 bytes */
  sharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array;
  signer(secret: Uint8Array): ScalarSigner;
  /** ECDSA over SHA-256; `signature` is r ‖ s, high s allowed */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
};

/** A digest over parts given one after the other. */
export type Hasher = { update(part: Uint8Array): void; digest(): Uint8Array };
export type HashName = 'sha256' | 'sha512' | 'sha3-256';

/** The primitives that every other file of this room is built on. */
export type Engine = {
  /** which features are native, for `doctor` and for tests */
  readonly native: readonly string[];
  hash(name: HashName): Hasher;
  hmac(name: 'sha256' | 'sha512', key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  readonly aead: { readonly [name in AeadName]: Aead };
  readonly curve: Curve;
};

/**
 * The native engine for every feature that is there and computes a known answer, noble for the rest: Electron's
 * BoringSSL, for one, has no ChaCha20-Poly1305 in `createCipheriv`.
 */
export function detectEngine(native: Partial<Engine> = nativeEngine): Engine {
  const found: string[] = [];
  function choose<T>(feature: string, candidate: T | undefined, oracle: T, agrees: (candidate: T) => boolean): T {
    if (candidate === undefined || !isTrue(() => agrees(candidate))) return oracle;
    found.push(feature);
    return candidate;
  }
  const key = new Uint8Array(32).fill(7);
  const nonce = new Uint8Array(12).fill(9);
  const text = new Uint8Array(33).fill(3);
  function aead(name: AeadName): Aead {
    const oracle = nobleEngine.aead[name];
    return choose(name, native.aead?.[name], oracle, (candidate) => {
      const sealed = candidate.seal(key, nonce, text, key);
      const opened = candidate.open(key, nonce, sealed, key);
      return same(sealed, oracle.seal(key, nonce, text, key)) && opened !== undefined && same(opened, text);
    });
  }
  return {
    native: found,
    hash: choose('hash', native.hash, nobleEngine.hash, (hash) =>
      (['sha256', 'sha512', 'sha3-256'] as const).every((name) =>
        same(digest(hash, name), digest(nobleEngine.hash, name)),
      ),
    ),
    hmac: choose('hmac', native.hmac, nobleEngine.hmac, (hmac) =>
      (['sha256', 'sha512'] as const).every((name) => same(hmac(name, key, text), nobleEngine.hmac(name, key, text))),
    ),
    aead: { 'aes-256-gcm': aead('aes-256-gcm'), 'chacha20-poly1305': aead('chacha20-poly1305') },
    curve: choose('p256', native.curve, nobleEngine.curve, curveAgrees),
  };

  function digest(hash: Engine['hash'], name: HashName): Uint8Array {
    const hasher = hash(name);
    hasher.update(text);
    return hasher.digest();
  }
  function curveAgrees(curve: Curve): boolean {
    const publicKey = curve.publicKeyOf(key);
    const signer = curve.signer(key);
    const signature = signer.sign(text);
    signer.wipe();
    return (
      same(publicKey, nobleEngine.curve.publicKeyOf(key)) &&
      same(curve.sharedSecret(key, publicKey), nobleEngine.curve.sharedSecret(key, publicKey)) &&
      curve.isOnCurve(publicKey) &&
      !curve.isOnCurve(publicKey.map((byte, i) => (i === 64 ? byte ^ 1 : byte))) &&
      nobleEngine.curve.verify(publicKey, text, signature) &&
      curve.verify(publicKey, text, signature)
    );
  }
}

let detected: Engine | undefined;

/** The engine of this process, detected on first use. */
export function engine(): Engine {
  detected ??= detectEngine();
  return detected;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function isTrue(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}

import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { p256 } from '@noble/curves/nist.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import type { Aead, Engine } from './engine.ts';

const hashes = { sha256, sha512, 'sha3-256': sha3_256 };

/** Everything on noble: the fallback where the runtime lacks a feature, and the oracle of the differential tests. */
export const nobleEngine: Engine = {
  native: [],
  hash(name) {
    const hasher = hashes[name].create();
    return { update: (part) => void hasher.update(part), digest: () => hasher.digest() };
  },
  hmac(name, key, ...parts) {
    const mac = hmac.create(hashes[name], key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  },
  aead: { 'aes-256-gcm': nobleAead(gcm), 'chacha20-poly1305': nobleAead(chacha20poly1305) },
  curve: {
    generate: () => p256.utils.randomSecretKey(),
    publicKeyOf: (secret) => p256.getPublicKey(secret, false),
    isOnCurve: (publicKey) => p256.utils.isValidPublicKey(publicKey, false),
    sharedSecret: (secret, publicKey) => p256.getSharedSecret(secret, publicKey, true).slice(1),
    signer(secret) {
      const own = secret.slice();
      return {
        sign: (message) => p256.sign(message, own, { format: 'compact', lowS: true }),
        wipe: () => void own.fill(0),
      };
    },
    verify: (publicKey, message, signature) =>
      p256.verify(signature, message, publicKey, { format: 'compact', lowS: false }),
  },
};

type NobleCipher = {
  encrypt(plaintext: Uint8Array, output?: Uint8Array): Uint8Array;
  decrypt(ciphertext: Uint8Array, output?: Uint8Array): Uint8Array;
};

function nobleAead(cipher: (key: Uint8Array, nonce: Uint8Array, aad?: Uint8Array) => NobleCipher): Aead {
  return {
    seal: (key, nonce, plaintext, aad, into) => cipher(key, nonce, aad).encrypt(plaintext, into),
    open(key, nonce, ciphertext, aad, into) {
      try {
        return cipher(key, nonce, aad).decrypt(ciphertext, into);
      } catch {
        return undefined;
      }
    },
  };
}

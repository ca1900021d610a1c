import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { wipe } from './bytes.ts';
import type { Aead, AeadName, Engine } from './engine.ts';
import { lowS, pkcs8OfScalar, spkiOfPoint } from './p256-encoding.ts';

const TAG_BYTES = 16;
const CURVE = 'prime256v1';

/** The runtime's own cryptography (OpenSSL in Node, BoringSSL in Electron). Features may be missing: `detectEngine` decides. */
export const nativeEngine: Engine = {
  native: ['hash', 'hmac', 'aes-256-gcm', 'chacha20-poly1305', 'p256'],
  hash(name) {
    const hasher = createHash(name);
    return { update: (part) => void hasher.update(part), digest: () => plain(hasher.digest()) };
  },
  hmac(name, key, ...parts) {
    const mac = createHmac(name, key);
    for (const part of parts) mac.update(part);
    return plain(mac.digest());
  },
  aead: { 'aes-256-gcm': nativeAead('aes-256-gcm'), 'chacha20-poly1305': nativeAead('chacha20-poly1305') },
  curve: {
    generate() {
      const pair = createECDH(CURVE);
      pair.generateKeys();
      const secret = pair.getPrivateKey();
      const padded = new Uint8Array(32);
      padded.set(secret, 32 - secret.length);
      secret.fill(0);
      return padded;
    },
    publicKeyOf(secret) {
      const pair = createECDH(CURVE);
      pair.setPrivateKey(secret);
      return plain(pair.getPublicKey());
    },
    isOnCurve(publicKey) {
      try {
        createPublicKey({ key: Buffer.from(spkiOfPoint(publicKey)), format: 'der', type: 'spki' });
        return true;
      } catch {
        return false;
      }
    },
    sharedSecret(secret, publicKey) {
      const pair = createECDH(CURVE);
      pair.setPrivateKey(secret);
      return plain(pair.computeSecret(publicKey));
    },
    signer(secret) {
      const der = Buffer.from(pkcs8OfScalar(secret, nativeEngine.curve.publicKeyOf(secret)));
      let key: KeyObject | undefined = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      wipe(der);
      return {
        sign(message) {
          if (key === undefined) throw new Error('signer was wiped');
          return lowS(plain(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })));
        },
        wipe() {
          key = undefined;
        },
      };
    },
    verify(publicKey, message, signature) {
      const key = createPublicKey({ key: Buffer.from(spkiOfPoint(publicKey)), format: 'der', type: 'spki' });
      return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
    },
  },
};

function nativeAead(name: AeadName): Aead {
  return {
    seal(key, nonce, plaintext, aad, into = new Uint8Array(plaintext.length + TAG_BYTES)) {
      const cipher = createCipheriv(name as 'aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      if (aad !== undefined) cipher.setAAD(aad, { plaintextLength: plaintext.length });
      into.set(cipher.update(plaintext));
      // Both are stream ciphers: nothing is left for `final` but the tag.
      cipher.final();
      into.set(cipher.getAuthTag(), plaintext.length);
      return into;
    },
    open(key, nonce, ciphertext, aad, into) {
      if (ciphertext.length < TAG_BYTES) return undefined;
      const end = ciphertext.length - TAG_BYTES;
      const cipher = createDecipheriv(name as 'aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      if (aad !== undefined) cipher.setAAD(aad, { plaintextLength: end });
      cipher.setAuthTag(ciphertext.subarray(end));
      const plaintext = cipher.update(ciphertext.subarray(0, end));
      try {
        cipher.final();
        into?.set(plaintext);
        return into ?? plain(plaintext);
      } catch {
        plaintext.fill(0);
        return undefined;
      }
    },
  };
}

// A Buffer is a Uint8Array whose `slice` does not copy and which prints differently: hand out plain arrays.
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

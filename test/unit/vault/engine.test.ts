import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectEngine } from '../../../electron/vault/engine.ts';
import { nativeEngine } from '../../../electron/vault/native-engine.ts';
import { nobleEngine } from '../../../electron/vault/noble-engine.ts';

describe('detection', () => {
  test('takes every native feature of this Node', () => {
    expect(detectEngine().native).toEqual(['hash', 'hmac', 'aes-256-gcm', 'chacha20-poly1305', 'p256']);
  });

  test('takes noble for a feature that is missing, throws, or computes something else', () => {
    expect(detectEngine({}).native).toEqual([]);
    const { aead, curve, hash, hmac } = nativeEngine;
    const missing = () => {
      throw new Error('unknown cipher');
    };
    const engine = detectEngine({
      hash,
      hmac: (name, key, ...parts) => hmac(name, key, ...parts).map((byte) => byte ^ 1),
      aead: { ...aead, 'chacha20-poly1305': { seal: missing, open: missing } },
      curve: { ...curve, isOnCurve: () => true },
    });
    expect(engine.native).toEqual(['hash', 'aes-256-gcm']);
    expect(engine.aead['chacha20-poly1305']).toBe(nobleEngine.aead['chacha20-poly1305']);
    expect(engine.curve).toBe(nobleEngine.curve);
  });
});

describe('native and noble agree', () => {
  const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });

  test('on hashes and MACs', () => {
    fc.assert(
      fc.property(bytes(0, 300), bytes(0, 200), fc.constantFrom('sha256', 'sha512'), (text, key, name) => {
        const [a, b] = [nativeEngine.hash(name), nobleEngine.hash(name)];
        a.update(text);
        b.update(text);
        expect(a.digest()).toEqual(b.digest());
        expect(nativeEngine.hmac(name, key, text)).toEqual(nobleEngine.hmac(name, key, text));
      }),
    );
  });

  test.each(['aes-256-gcm', 'chacha20-poly1305'] as const)('on %s in both directions', (name) => {
    fc.assert(
      fc.property(bytes(32, 32), bytes(12, 12), bytes(0, 300), bytes(0, 50), (key, nonce, text, aad) => {
        const sealed = nativeEngine.aead[name].seal(key, nonce, text, aad);
        expect(sealed).toEqual(nobleEngine.aead[name].seal(key, nonce, text, aad));
        expect(nobleEngine.aead[name].open(key, nonce, sealed, aad)).toEqual(text);
        expect(nativeEngine.aead[name].open(key, nonce, sealed, aad)).toEqual(text);
        const spoiled = sealed.with(text.length, (sealed[text.length] ?? 0) ^ 1);
        expect(nativeEngine.aead[name].open(key, nonce, spoiled, aad)).toBeUndefined();
        expect(nobleEngine.aead[name].open(key, nonce, spoiled, aad)).toBeUndefined();
        expect(nativeEngine.aead[name].open(key, nonce, sealed.subarray(0, 15), aad)).toBeUndefined();
      }),
    );
  });

  test('on P-256', () => {
    for (let i = 0; i < 8; i++) {
      const [a, b] = [nativeEngine.curve, nobleEngine.curve];
      const secret = (i % 2 ? a : b).generate();
      const other = b.publicKeyOf(a.generate());
      expect(a.publicKeyOf(secret)).toEqual(b.publicKeyOf(secret));
      expect(a.sharedSecret(secret, other)).toEqual(b.sharedSecret(secret, other));
      const message = new Uint8Array([i]);
      for (const [signer, verifier] of [
        [a, b],
        [b, a],
      ] as const) {
        const signature = signer.signer(secret).sign(message);
        expect(verifier.verify(b.publicKeyOf(secret), message, signature)).toBe(true);
        expect(verifier.verify(b.publicKeyOf(secret), new Uint8Array([i + 1]), signature)).toBe(false);
      }
    }
  });
});

test('a native signer refuses after it was wiped', () => {
  const signer = nativeEngine.curve.signer(nativeEngine.curve.generate());
  signer.wipe();
  expect(() => signer.sign(new Uint8Array(1))).toThrow('wiped');
});

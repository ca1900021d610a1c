import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../electron/vault/bytes.ts';
import { nativeEngine } from '../../../electron/vault/native-engine.ts';
import { nobleEngine } from '../../../electron/vault/noble-engine.ts';
import { checkPublicKey, checkSecret, fingerprintOf, keyIdOf, pointOfSpki } from '../../../electron/vault/p256.ts';
import { derOfSignature, lowS, ORDER, signatureOfDer, spkiOfPoint } from '../../../electron/vault/p256-encoding.ts';
import { hex } from './support.ts';

const secret = hex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721');
// RFC 6979 A.2.5
const point = hex(
  '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
);

describe('public keys', () => {
  test('the point of RFC 6979 A.2.5 is taken by both engines', () => {
    for (const engine of [nativeEngine, nobleEngine]) {
      expect(engine.curve.publicKeyOf(secret)).toEqual(point);
      expect(checkPublicKey(point, engine)).toEqual(point);
    }
  });

  const isOdd = ((point[64] ?? 0) & 1) === 1;
  const malformed: [string, Uint8Array][] = [
    ['empty', new Uint8Array()],
    ['the identity', Uint8Array.of(0)],
    ['the identity padded', new Uint8Array(65)],
    ['compressed', concatBytes(Uint8Array.of(isOdd ? 3 : 2), point.slice(1, 33))],
    ['hybrid', point.with(0, isOdd ? 7 : 6)],
    ['off the curve', point.with(64, (point[64] ?? 0) ^ 1)],
    ['(0, 0)', new Uint8Array(65).with(0, 4)],
    ['short', point.slice(0, 64)],
    ['long', concatBytes(point, Uint8Array.of(0))],
    [
      'x = p',
      concatBytes(
        Uint8Array.of(4),
        hex('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'),
        new Uint8Array(32),
      ),
    ],
  ];
  test.each(malformed)('%s is refused by both engines', (_, bytes) => {
    expect(() => checkPublicKey(bytes, nativeEngine)).toThrow('uncompressed point of 65 bytes');
    expect(() => checkPublicKey(bytes, nobleEngine)).toThrow('uncompressed point of 65 bytes');
  });

  test('SPKI is what Node exports, and is read back', () => {
    const spki = spkiOfPoint(point);
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    expect(new Uint8Array(key.export({ format: 'der', type: 'spki' }))).toEqual(spki);
    expect(pointOfSpki(spki)).toEqual(point);
    expect(() => pointOfSpki(spki.with(20, 0x22))).toThrow('SPKI');
    expect(fingerprintOf(point)).toBe(`SHA256:${Buffer.from(keyIdOf(point), 'hex').toString('base64')}`);
  });
});

test('scalars 0, n and above, and other lengths are refused', () => {
  const scalar = (value: bigint) => hex(value.toString(16).padStart(64, '0'));
  for (const bytes of [scalar(0n), scalar(ORDER), scalar(ORDER + 1n), scalar(2n ** 256n - 1n), new Uint8Array(31)]) {
    expect(() => checkSecret(bytes)).toThrow('from 1 to n - 1');
  }
  for (const bytes of [scalar(1n), scalar(ORDER - 1n)]) expect(checkSecret(bytes)).toEqual(bytes);
});

describe('signatures', () => {
  test('DER goes both ways and matches what Node makes', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (let i = 0; i < 200; i++) {
      const der = new Uint8Array(sign('sha256', Buffer.from([i]), privateKey));
      const signature = signatureOfDer(der);
      expect(signature && derOfSignature(signature)).toEqual(der);
    }
  });

  test('own signatures have low s', () => {
    const signer = nativeEngine.curve.signer(secret);
    for (let i = 0; i < 50; i++) {
      const signature = signer.sign(Uint8Array.of(i));
      expect(BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`) <= ORDER / 2n).toBe(true);
    }
  });

  test('a foreign signature with high s verifies, as low s does', () => {
    const low = nativeEngine.curve.signer(secret).sign(Uint8Array.of(1));
    const s = BigInt(`0x${Buffer.from(low.subarray(32)).toString('hex')}`);
    const high = concatBytes(low.subarray(0, 32), hex((ORDER - s).toString(16).padStart(64, '0')));
    expect(lowS(high)).toEqual(low);
    for (const engine of [nativeEngine, nobleEngine]) {
      expect(engine.curve.verify(point, Uint8Array.of(1), high)).toBe(true);
    }
  });

  test('anything but the one DER encoding is refused', () => {
    const good = derOfSignature(nativeEngine.curve.signer(secret).sign(Uint8Array.of(1)));
    const r = good.slice(4, 4 + (good[3] ?? 0));
    const s = good.slice(6 + r.length);
    const sequence = (...parts: Uint8Array[]) => {
      const body = concatBytes(...parts);
      return concatBytes(Uint8Array.of(0x30, body.length), body);
    };
    const integer = (digits: Uint8Array) => concatBytes(Uint8Array.of(2, digits.length), digits);
    expect(signatureOfDer(sequence(integer(r), integer(s)))).toBeDefined();
    const bad = [
      new Uint8Array(),
      good.subarray(0, good.length - 1),
      concatBytes(good, Uint8Array.of(0)),
      sequence(integer(concatBytes(Uint8Array.of(0), r)), integer(s)), // padded integer
      sequence(integer(Uint8Array.of(0)), integer(s)),
      sequence(integer(r), integer(Uint8Array.of(0x80, ...s.slice(1)))),
      sequence(integer(r), integer(hex(`00${ORDER.toString(16)}`))),
      sequence(integer(r), integer(s), integer(s)),
      concatBytes(Uint8Array.of(0x30, 0x81, good.length - 2), good.slice(2)), // long form of a short length
      concatBytes(Uint8Array.of(0x31), good.slice(1)),
    ];
    for (const der of bad) expect(signatureOfDer(der)).toBeUndefined();
  });

  test('no bytes at all make the reader throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (der) => void signatureOfDer(der)));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 70, maxLength: 72 }), (der) => {
        const shaped = der
          .with(0, 0x30)
          .with(1, der.length - 2)
          .with(2, 2)
          .with(3, 32);
        const signature = signatureOfDer(shaped);
        if (signature) expect(derOfSignature(signature)).toEqual(shaped);
      }),
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { detectEngine, type Engine } from '../../../electron/vault/engine.ts';
import { setupReceiver, setupSender } from '../../../electron/vault/hpke.ts';
import { nobleEngine } from '../../../electron/vault/noble-engine.ts';
import { hex, sharedFile } from './support.ts';

type Vector = {
  mode: number;
  aead_id: number;
  info: string;
  skRm: string;
  skEm: string;
  pkRm: string;
  enc: string;
  psk?: string;
  psk_id?: string;
  encryptions: { aad: string; ct: string; pt: string }[];
  exports: { exporter_context: string; L: number; exported_value: string }[];
};

const file = sharedFile('vectors/hpke-rfc9180-p256.json');
const vectors: Vector[] = file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8'));
const engines: [string, Engine][] = [
  ['the detected engine', detectEngine()],
  ['noble', nobleEngine],
];

describe.skipIf(file === undefined)('RFC 9180 vectors (skipped where the shared vectors are not there)', () => {
  for (const [name, engine] of engines) {
    test.each(vectors)(`${name} computes mode $mode with AEAD $aead_id`, (vector) => {
      const options = {
        engine,
        aead: vector.aead_id === 2 ? ('aes-256-gcm' as const) : ('chacha20-poly1305' as const),
        info: hex(vector.info),
        ...(vector.psk && vector.psk_id ? { psk: { key: hex(vector.psk), id: hex(vector.psk_id) } } : {}),
      };
      const sender = setupSender(hex(vector.pkRm), { ...options, ephemeralSecret: hex(vector.skEm) });
      const receiver = setupReceiver(hex(vector.enc), hex(vector.skRm), options);
      expect(sender.enc).toEqual(hex(vector.enc));
      for (const { aad, ct, pt } of vector.encryptions) {
        expect(sender.context.seal(hex(pt), hex(aad))).toEqual(hex(ct));
        expect(receiver.open(hex(ct), hex(aad))).toEqual(hex(pt));
      }
      for (const { exporter_context, L, exported_value } of vector.exports) {
        expect(receiver.exportSecret(hex(exporter_context), L)).toEqual(hex(exported_value));
      }
    });
  }

  test('the set holds both modes and both AEADs', () => {
    expect(vectors.map((v) => [v.mode, v.aead_id])).toEqual([
      [0, 2],
      [1, 2],
      [0, 3],
      [1, 3],
    ]);
  });
});

test('a ciphertext that does not authenticate does not advance the receiver', () => {
  const secret = nobleEngine.curve.generate();
  const { enc, context } = setupSender(nobleEngine.curve.publicKeyOf(secret));
  const receiver = setupReceiver(enc, secret);
  const sealed = context.seal(new Uint8Array([1, 2, 3]));
  expect(receiver.open(sealed.with(0, (sealed[0] ?? 0) ^ 1))).toBeUndefined();
  expect(receiver.open(sealed)).toEqual(new Uint8Array([1, 2, 3]));
});

test('a pre-shared key shorter than 32 bytes or without id is refused', () => {
  const recipient = nobleEngine.curve.publicKeyOf(nobleEngine.curve.generate());
  const id = new Uint8Array([1]);
  expect(() => setupSender(recipient, { psk: { key: new Uint8Array(31), id } })).toThrow('at least 32 bytes');
  expect(() => setupSender(recipient, { psk: { key: new Uint8Array(32), id: new Uint8Array() } })).toThrow('an id');
});

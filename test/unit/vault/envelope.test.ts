import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../electron/vault/bytes.ts';
import { engine } from '../../../electron/vault/engine.ts';
import {
  FIXED_BYTES,
  isHeaderOf,
  parseEnvelope,
  sealEnvelope,
  stanzaBytes,
  unwrapForRecipient,
} from '../../../electron/vault/envelope.ts';

const { curve } = engine();
const secret = curve.generate();
const to = { recipients: [curve.publicKeyOf(secret)], isAnonymous: false };

async function sealed() {
  const { bytes, fileKey } = await sealEnvelope('aes-256-gcm', 'module', to);
  return { header: bytes.slice(0, -32), mac: bytes.slice(-32), fileKey };
}

describe('the MAC of a header', () => {
  test('belongs to the file key and the header that it was made with, and to no other', async () => {
    const [a, b] = [await sealed(), await sealed()];
    expect(isHeaderOf(a.fileKey, a.header, a.mac)).toBe(true);
    expect(isHeaderOf(b.fileKey, a.header, a.mac)).toBe(false);
    expect(isHeaderOf(a.fileKey, b.header, a.mac)).toBe(false);
    expect(isHeaderOf(a.fileKey, a.header, b.mac)).toBe(false);
    expect(isHeaderOf(a.fileKey, a.header, a.mac.subarray(0, 31))).toBe(false);
    for (let at = 0; at < a.header.length; at++) {
      expect(isHeaderOf(a.fileKey, a.header.with(at, (a.header[at] ?? 0) ^ 1), a.mac)).toBe(false);
    }
  });
});

describe('a header', () => {
  test('gives its file key to its recipient only, and only with its own fixed part', async () => {
    const { header, fileKey } = await sealed();
    const envelope = parseEnvelope(header);
    const [stanza] = envelope?.stanzas ?? [];
    if (envelope === undefined || stanza === undefined) throw new Error('expected a header');
    expect(unwrapForRecipient(envelope, stanza, secret)).toEqual(fileKey);
    expect(unwrapForRecipient(envelope, stanza, curve.generate())).toBeUndefined();
    const otherKind = { ...envelope, bytes: envelope.bytes.with(10, 2) };
    expect(unwrapForRecipient(otherKind, stanza, secret)).toBeUndefined();
  });

  test('of unknown version, suite, kind, or with no or too many stanzas is none', async () => {
    const fixed = (await sealed()).header.slice(0, FIXED_BYTES);
    expect(stanzaBytes(fixed)).toBe(125);
    const bad = [
      [8, 0],
      [8, 2],
      [9, 0],
      [9, 3],
      [10, 0],
      [10, 5],
      [11, 0],
      [11, 33],
      [12, 1],
      [0, 0x88],
    ] as const;
    for (const [at, byte] of bad) expect([at, byte, stanzaBytes(fixed.with(at, byte))]).toEqual([at, byte, undefined]);
  });

  test('skips stanzas of unknown type, and takes no known one of another length', async () => {
    const { header } = await sealed();
    const stanza = header.slice(FIXED_BYTES);
    const withStanzas = (count: number, ...stanzas: Uint8Array[]) => {
      const body = concatBytes(...stanzas);
      return concatBytes(header.slice(0, 11), Uint8Array.of(count, 0, 0, body.length >> 8, body.length & 255), body);
    };
    const unknown = Uint8Array.of(0, 77, 0, 3, 1, 2, 3);
    expect(parseEnvelope(withStanzas(2, unknown, stanza))?.stanzas).toHaveLength(1);
    expect(parseEnvelope(withStanzas(1, unknown))?.stanzas).toEqual([]);
    expect(parseEnvelope(withStanzas(1, unknown, stanza))).toBeUndefined();
    expect(parseEnvelope(withStanzas(1, Uint8Array.of(0, 1, 0, 3, 1, 2, 3)))).toBeUndefined();
    expect(parseEnvelope(withStanzas(1, Uint8Array.of(0, 1, 0)))).toBeUndefined();
    const passphrase = concatBytes(Uint8Array.of(0, 2, 0, 76), new Uint8Array(76));
    expect(parseEnvelope(withStanzas(1, passphrase))?.stanzas[0]?.type).toBe('passphrase');
    expect(parseEnvelope(withStanzas(2, passphrase, stanza))).toBeUndefined();
    expect(parseEnvelope(withStanzas(2, passphrase, unknown))).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, equalBytes, utf8 } from '../../../electron/vault/bytes.ts';
import { engine } from '../../../electron/vault/engine.ts';
import { FIXED_BYTES, isSealed, type SealTo, sealEnvelope } from '../../../electron/vault/envelope.ts';
import { findByKeys, findByPassphrase, type OpeningKey } from '../../../electron/vault/opener.ts';
import { keyIdOf } from '../../../electron/vault/p256.ts';
import { openStream, type SealOptions, sealStream } from '../../../electron/vault/sealed-stream.ts';
import { quickArgon2 } from './support.ts';

const suites = ['aes-256-gcm', 'chacha20-poly1305'] as const;
const message = 'the sealed data could not be opened';
const [alice, bob] = [testKey(), testKey()];
const passphrase = { passphrase: 'a passphrase of some length', argon2: quickArgon2 };

function testKey(): OpeningKey {
  const secret = engine().curve.generate();
  const point = engine().curve.publicKeyOf(secret);
  return { keyId: keyIdOf(point), point, secret };
}

function to(...keys: OpeningKey[]): SealTo {
  return { recipients: keys.map((key) => key.point), isAnonymous: false };
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return concatBytes(...pieces);
}

function seal(content: Uint8Array, changes: Partial<SealOptions> = {}): Promise<Uint8Array> {
  const meta = { name: 'x.wasm', mediaType: 'application/wasm', sizeBytes: content.length };
  return collect(sealStream([content], { suite: 'aes-256-gcm', kind: 'module', to: to(alice), meta, ...changes }));
}

async function open(sealed: Uint8Array, find = findByKeys([alice])) {
  const { kind, meta, content } = await openStream([sealed], find);
  return { kind, meta, content: await collect(content) };
}

describe.each(suites)('sealed with %s', (suite) => {
  test.each([0, 1, 16_383 - 70, 16_384, 40_000, 1_048_576, 1_200_000])('%i bytes open again', async (length) => {
    const content = new Uint8Array(length).map((_, i) => i * 7);
    const sealed = await seal(content, { suite });
    expect(isSealed(sealed)).toBe(true);
    const opened = await open(sealed);
    expect(opened.kind).toBe('module');
    expect(opened.meta).toEqual({ name: 'x.wasm', mediaType: 'application/wasm', sizeBytes: length });
    expect(equalBytes(opened.content, content)).toBe(true);
  });

  test('every recipient can open, nobody else can', async () => {
    const sealed = await seal(utf8('for two'), { suite, to: to(alice, bob) });
    for (const key of [alice, bob])
      expect((await open(sealed, findByKeys([testKey(), key]))).content).toEqual(utf8('for two'));
    await expect(open(sealed, findByKeys([testKey()]))).rejects.toThrow(message);
    await expect(open(sealed, findByKeys([]))).rejects.toThrow(message);
  });

  test('an anonymous file names nobody and is opened by trying', async () => {
    const sealed = await seal(utf8('psst'), { suite, to: { recipients: [bob.point], isAnonymous: true } });
    expect(sealed.subarray(FIXED_BYTES + 4, FIXED_BYTES + 12)).toEqual(new Uint8Array(8));
    const found: string[] = [];
    await open(
      sealed,
      findByKeys([alice, bob], (key) => found.push(key.keyId)),
    );
    expect(found).toEqual([bob.keyId]);
  });

  test('a passphrase opens, another one and a key do not', async () => {
    const sealed = await seal(utf8('words'), { suite, to: passphrase });
    expect((await open(sealed, findByPassphrase(passphrase.passphrase, quickArgon2))).content).toEqual(utf8('words'));
    await expect(open(sealed, findByPassphrase('another passphrase', quickArgon2))).rejects.toThrow(message);
    await expect(open(sealed)).rejects.toThrow(message);
  });

  test('every single flipped bit and every prefix fails with the one message', async () => {
    const sealed = await seal(utf8('small'), { suite });
    for (let at = 0; at < sealed.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const error = await open(sealed.with(at, (sealed[at] ?? 0) ^ (1 << bit))).catch((reason) => reason);
        expect([at, bit, error.code, error.message]).toEqual([at, bit, 'vault.cannot-open', message]);
      }
      await expect(open(sealed.subarray(0, at))).rejects.toThrow(message);
    }
    await expect(open(concatBytes(sealed, Uint8Array.of(0)))).rejects.toThrow(message);
  });
});

test('every flipped bit of a passphrase header fails, and no absurd parameter is ever tried', async () => {
  const tried: number[] = [];
  const find = findByPassphrase(passphrase.passphrase, (secret, salt, parameters) => {
    tried.push(parameters.memoryKiB * parameters.passes);
    return quickArgon2(secret, salt, parameters);
  });
  const sealed = await seal(utf8('small'), { to: passphrase });
  for (let bit = 0; bit < (FIXED_BYTES + 4 + 76 + 32) * 8; bit++) {
    const at = bit >> 3;
    await expect(open(sealed.with(at, (sealed[at] ?? 0) ^ (1 << (bit & 7))), find)).rejects.toThrow(message);
  }
  expect(Math.max(...tried)).toBeLessThanOrEqual(4 * 1024 * 1024);
});

describe('two sealed files of the same length', () => {
  const content = (byte: number) => new Uint8Array(50_000).fill(byte);

  test('cannot be mixed at any chunk border, nor their headers or MACs exchanged', async () => {
    const [a, b] = [await seal(content(1)), await seal(content(2))];
    const header = FIXED_BYTES + 4 + 121;
    const borders = [FIXED_BYTES + 40, header, header + 32, header + 32 + 24, header + 88];
    for (let at = header + 88; at < a.length; at += 16_400) borders.push(at);
    for (const at of borders) {
      await expect(open(concatBytes(a.subarray(0, at), b.subarray(at)))).rejects.toThrow(message);
    }
    const [mac, otherMac] = [a, b].map((sealed) => sealed.slice(header, header + 32));
    expect(mac).not.toEqual(otherMac);
  });

  test('chunks of one cannot be exchanged, repeated or left out', async () => {
    const sealed = await seal(content(1));
    const start = FIXED_BYTES + 4 + 121 + 88;
    const chunk = (i: number) => sealed.slice(start + i * 16_400, start + (i + 1) * 16_400);
    const before = sealed.slice(0, start);
    for (const order of [[1, 0, 2, 3], [0, 0, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [3], [0, 1, 2, 3, 3], []]) {
      await expect(open(concatBytes(before, ...order.map(chunk)))).rejects.toThrow(message);
    }
    expect((await open(concatBytes(before, ...[0, 1, 2, 3].map(chunk)))).content).toEqual(content(1));
  });
});

describe('a header', () => {
  const withStanzas = async (change: (stanza: Uint8Array) => Uint8Array, count: number) => {
    const sealed = await seal(utf8('x'));
    const stanzas = change(sealed.slice(FIXED_BYTES, FIXED_BYTES + 125));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, stanzas.length);
    return concatBytes(sealed.slice(0, 11), Uint8Array.of(count), length, stanzas, sealed.slice(FIXED_BYTES + 125));
  };

  test('whose stanza was doubled, or joined by one that nobody sealed, fails by its MAC', async () => {
    await expect(open(await withStanzas((stanza) => concatBytes(stanza, stanza), 2))).rejects.toThrow(message);
    const unknown = Uint8Array.of(0, 9, 0, 2, 1, 2);
    await expect(open(await withStanzas((stanza) => concatBytes(stanza, unknown), 2))).rejects.toThrow(message);
  });

  test('that promises more than 64 KiB of stanzas is refused before they are read', async () => {
    const sealed = await seal(utf8('x'));
    const read: number[] = [];
    async function* endless() {
      yield concatBytes(sealed.slice(0, 12), Uint8Array.of(0, 1, 0, 1));
      for (;;) {
        read.push(65_536);
        yield new Uint8Array(65_536);
      }
    }
    await expect(openStream(endless(), findByKeys([alice]))).rejects.toThrow(message);
    expect(read).toEqual([]);
  });

  test('can have 1 to 32 recipients', async () => {
    await expect(sealEnvelope('aes-256-gcm', 'input', to())).rejects.toThrow('1 to 32');
    await expect(sealEnvelope('aes-256-gcm', 'input', to(...Array(33).fill(alice)))).rejects.toThrow('1 to 32');
    const sealed = await seal(utf8('many'), { to: to(...Array(31).fill(alice), bob) });
    expect((await open(sealed, findByKeys([bob]))).content).toEqual(utf8('many'));
  });
});

test('pieces of any size give the same plaintext', async () => {
  const content = new Uint8Array(70_000).map((_, i) => i);
  const sealed = await seal(content);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...cuts.map((cut) => cut % sealed.length).sort((a, b) => a - b), sealed.length];
      const pieces = at.slice(1).map((end, i) => sealed.subarray(at[i], end));
      const { content: stream } = await openStream(pieces, findByKeys([alice]));
      expect(equalBytes(await collect(stream), content)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('no bytes at all give anything but the one error', async () => {
  const start = (await seal(utf8('x'))).slice(0, 12);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (noise, hasStart) => {
      await expect(open(hasStart ? concatBytes(start, noise) : noise)).rejects.toThrow(message);
    }),
  );
});

test('content of another length than was said is an error on both sides', async () => {
  const meta = { name: 'x', mediaType: '', sizeBytes: 4 };
  await expect(seal(utf8('12345'), { meta })).rejects.toThrow('must have the size');
  const unsized = await seal(utf8('12345'), { meta: { ...meta, sizeBytes: null } });
  expect((await open(unsized)).content).toEqual(utf8('12345'));
});

test('progress is told in content bytes and a cancelled seal or open stops', async () => {
  const content = new Uint8Array(3_000_000);
  const told: number[] = [];
  const sealed = await seal(content, { onProgress: (doneBytes) => told.push(doneBytes) });
  expect(told.at(-1)).toBe(3_000_000);
  expect(told).toEqual([...told].sort((a, b) => a - b));

  const cancelled = AbortSignal.abort();
  await expect(seal(content, { signal: cancelled })).rejects.toMatchObject({ code: 'call.cancelled' });
  const stop = new AbortController();
  const { content: stream } = await openStream([sealed], findByKeys([alice]), {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(collect(stream)).rejects.toMatchObject({ code: 'call.cancelled' });
});

test('50 seals at once repeat no salt, no encapsulated key and no wrapped key', async () => {
  const sealed = await Promise.all(Array.from({ length: 50 }, () => seal(utf8('same'))));
  const parts = [
    [FIXED_BYTES + 12, 65],
    [FIXED_BYTES + 77, 48],
    [FIXED_BYTES + 125, 32],
    [FIXED_BYTES + 157, 24],
    [FIXED_BYTES + 181, 32],
  ] as const;
  for (const [at, length] of parts) {
    expect(new Set(sealed.map((one) => Buffer.from(one.subarray(at, at + length)).toString('hex'))).size).toBe(50);
  }
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { concatBytes, utf8 } from '../../../electron/vault/bytes.ts';
import { engine } from '../../../electron/vault/engine.ts';
import { findByKeys } from '../../../electron/vault/opener.ts';
import { pointOfSpki } from '../../../electron/vault/p256.ts';
import { openStream, sealStream } from '../../../electron/vault/sealed-stream.ts';
import { Sessions } from '../../../electron/vault/sessions.ts';

const { curve } = engine();
const caller = curve.generate();
const replyTo = curve.publicKeyOf(caller);
let sessions: Sessions;

beforeEach(() => {
  vi.useFakeTimers();
  sessions = new Sessions(Date.now);
});
afterEach(() => {
  vi.useRealTimers();
});

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return concatBytes(...pieces);
}

function sealTo(publicKey: Uint8Array, content: Uint8Array, kind: 'module' | 'input' = 'module'): Promise<Uint8Array> {
  const to = { recipients: [pointOfSpki(publicKey)], isAnonymous: false };
  const meta = { name: 'x', mediaType: '', sizeBytes: content.length };
  return collect(sealStream([content], { suite: 'chacha20-poly1305', kind, to, meta }));
}

const notFound = { code: 'session.not-found' };

describe('a session', () => {
  test('opens what was sealed to it and replies to its caller only', async () => {
    const { sessionId, publicKey } = sessions.open(replyTo, 60_000);
    const use = sessions.take(sessionId);
    expect((await use.open(await sealTo(publicKey, utf8('in')), 'module')).content).toEqual(utf8('in'));
    const reply = await use.reply(utf8('out'));
    use.end();
    const opened = await openStream([reply], findByKeys([{ keyId: '', point: replyTo, secret: caller }]));
    expect([opened.kind, await collect(opened.content)]).toEqual(['output', utf8('out')]);
    const stranger = curve.generate();
    const key = { keyId: '', point: curve.publicKeyOf(stranger), secret: stranger };
    await expect(openStream([reply], findByKeys([key]))).rejects.toThrow('could not be opened');
  });

  test('does not take one kind for another', async () => {
    const { sessionId, publicKey } = sessions.open(replyTo, 60_000);
    const sealed = await sealTo(publicKey, utf8('in'), 'input');
    await expect(sessions.take(sessionId).open(sealed, 'module')).rejects.toMatchObject({ code: 'vault.cannot-open' });
  });

  test('is taken once, and its key is wiped when it ends', async () => {
    const { sessionId, publicKey } = sessions.open(replyTo, 60_000);
    const sealed = await sealTo(publicKey, utf8('in'));
    const use = sessions.take(sessionId);
    expect(() => sessions.take(sessionId)).toThrow('closed');
    use.end();
    expect(sessions.list()).toEqual([]);
    await expect(use.open(sealed, 'module')).rejects.toThrow('could not be opened');
  });

  test('ends when its time is up, when closed and on shutdown, each time wiped', async () => {
    const short = sessions.open(replyTo, 1000).sessionId;
    const closed = sessions.open(replyTo, 60_000).sessionId;
    const left = sessions.open(replyTo, 60_000).sessionId;
    sessions.close(closed);
    expect(() => sessions.close(closed)).toThrow('closed');
    vi.advanceTimersByTime(1000);
    expect(sessions.list().map((one) => one.sessionId)).toEqual([left]);
    const { publicKey } = sessions.open(replyTo, 60_000);
    const sealed = await sealTo(publicKey, utf8('in'));
    const use = sessions.take(left);
    sessions.closeAll(false);
    expect(sessions.list().map((one) => one.isInUse)).toEqual([true]);
    sessions.closeAll(true);
    expect(sessions.list()).toEqual([]);
    await expect(use.open(sealed, 'module')).rejects.toThrow('could not be opened');
    for (const id of [short, closed, left]) expect(() => sessions.take(id)).toThrow(expect.objectContaining(notFound));
  });

  test('is not cut off by its time while it is in use', () => {
    const { sessionId } = sessions.open(replyTo, 1000);
    const use = sessions.take(sessionId);
    vi.advanceTimersByTime(5000);
    expect(sessions.list()).toHaveLength(1);
    use.end();
    expect(sessions.list()).toEqual([]);
  });

  test('lives an hour at most and wants a good reply key', () => {
    expect(() => sessions.open(replyTo, 3_600_001)).toThrow('at most one hour');
    expect(() => sessions.open(replyTo, Number.NaN)).toThrow('at most one hour');
    for (const bad of [new Uint8Array(), new Uint8Array(65), replyTo.with(0, 6)]) {
      expect(() => sessions.open(bad, 1000)).toThrow(expect.objectContaining({ code: 'vault.bad-key' }));
    }
  });
});

test('100 sessions at once share nothing', async () => {
  const open = Array.from({ length: 100 }, () => sessions.open(replyTo, 60_000));
  const sealed = await Promise.all(open.map(({ publicKey }, i) => sealTo(publicKey, utf8(`for ${i}`))));
  const uses = open.map(({ sessionId }) => sessions.take(sessionId));
  const opened = await Promise.all(uses.map((use, i) => use.open(sealed[i] ?? replyTo, 'module')));
  expect(opened.map(({ content }) => new TextDecoder().decode(content))).toEqual(open.map((_, i) => `for ${i}`));
  const crossed = await Promise.allSettled(uses.map((use, i) => use.open(sealed[(i + 1) % 100] ?? replyTo, 'module')));
  expect(new Set(crossed.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(new Set(open.map(({ publicKey }) => String(publicKey))).size).toBe(100);
});

test('more than a thousand open sessions are refused', () => {
  for (let i = 0; i < 1000; i++) sessions.open(replyTo, 60_000);
  expect(() => sessions.open(replyTo, 60_000)).toThrow(expect.objectContaining({ code: 'session.too-many' }));
});

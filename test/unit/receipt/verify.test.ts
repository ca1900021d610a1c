import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { describe, expect, test } from 'vitest';
import { commit, opensTo } from '../../../electron/receipt/commitment.ts';
import { preAuthenticationEncoding, type SignPort, signEnvelope } from '../../../electron/receipt/dsse.ts';
import { frame } from '../../../electron/receipt/frame.ts';
import {
  buildReceipt,
  type KnownSigner,
  type ReceiptFacts,
  receiptText,
  sigstoreBundle,
  type VerifyPorts,
  verifyReceipt,
} from '../../../electron/receipt/index.ts';
import { concatBytes, utf8 } from '../../../electron/vault/bytes.ts';
import { nobleEngine } from '../../../electron/vault/noble-engine.ts';
import { derOfSignature, ORDER, signatureOfDer } from '../../../electron/vault/p256-encoding.ts';
import type { DsseEnvelope } from '../../../shared/model/receipt.ts';
import { hex, sharedFile } from '../vault/support.ts';
import { exampleFacts, testSigner } from './support.ts';

const signer = testSigner();
const now = () => Date.UTC(2026, 10, 24);
const own: KnownSigner = {
  publicKey: signer.publicKey,
  label: 'My signing key',
  isOwn: true,
  isVerified: true,
  revokedAt: null,
};

function knowing(known: KnownSigner, more: VerifyPorts = {}): VerifyPorts {
  return { now, findSigner: (keyId) => (keyId === signer.keyId ? known : undefined), ...more };
}

function receipt(changes: Partial<ReceiptFacts> = {}) {
  return buildReceipt(exampleFacts(changes), signer);
}

function fileOf(dsse: DsseEnvelope, tlogProof: string | null = null): Uint8Array {
  return utf8(receiptText(dsse, tlogProof));
}

/** Signs any payload as if it were a receipt's. */
function signed(
  payload: string | Uint8Array,
  type = 'application/vnd.in-toto+json',
  by: SignPort = signer,
): Uint8Array {
  return fileOf(signEnvelope(type, typeof payload === 'string' ? utf8(payload) : payload, by));
}

function linesOf({ checks }: { checks: { name: string; state: string }[] }) {
  return Object.fromEntries(checks.map(({ name, state }) => [name, state]));
}

describe('the verdict is', () => {
  test('valid for an own key, with a line for every check', async () => {
    const { dsse, statement } = receipt();
    const result = await verifyReceipt(fileOf(dsse), knowing(own));
    expect(result).toMatchObject({
      verdict: 'valid',
      statement,
      signer: { keyId: signer.keyId, label: 'My signing key' },
    });
    expect(linesOf(result)).toEqual({
      format: 'done',
      signature: 'done',
      statement: 'done',
      signer: 'done',
      inclusion: 'not-checked',
      limits: 'done',
      time: 'not-checked',
      module: 'not-checked',
      commitments: 'not-checked',
      replay: 'not-checked',
    });
    expect(result.checks.every(({ message }) => message.length > 0)).toBe(true);
  });

  test('valid for a contact that was verified; signer unknown for one that was not, and for a stranger', async () => {
    const file = fileOf(receipt().dsse);
    const contact = { ...own, isOwn: false, label: 'Ada' };
    expect((await verifyReceipt(file, knowing(contact))).verdict).toBe('valid');
    expect((await verifyReceipt(file, knowing({ ...contact, isVerified: false }))).verdict).toBe(
      'valid-unknown-signer',
    );
    const stranger = await verifyReceipt(file, { now });
    expect([stranger.verdict, stranger.signer?.label]).toEqual(['valid-unknown-signer', null]);
  });

  test.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['JSON of something else', '{"a":1}'],
    ['a receipt with a name twice', '{"dsse":{},"dsse":{},"tlogProof":null}'],
  ])('cannot check for %s', async (_what, text) => {
    const result = await verifyReceipt(utf8(text), knowing(own));
    expect([result.verdict, linesOf(result)]).toEqual(['cannot-check', { format: 'failed' }]);
    expect(result.statement).toBeNull();
  });

  test('cannot check for another payload type, another predicate, and a key that is nowhere', async () => {
    const payload = JSON.stringify(receipt().statement);
    expect((await verifyReceipt(signed(payload, 'text/plain'), knowing(own))).verdict).toBe('cannot-check');
    const other = JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [],
      predicateType: 'https://slsa.dev/provenance/v1',
    });
    expect((await verifyReceipt(signed(other), knowing(own))).verdict).toBe('cannot-check');
    expect((await verifyReceipt(signed(other), { now })).verdict).toBe('cannot-check');
  });

  test('invalid for every changed byte of the payload or signature', async () => {
    const { dsse } = receipt();
    for (const part of ['payload', 'sig'] as const) {
      const bytes = Buffer.from(part === 'payload' ? dsse.payload : (dsse.signatures[0]?.sig ?? ''), 'base64');
      for (let at = 0; at < bytes.length; at += part === 'payload' ? 41 : 1) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const text = changed.toString('base64');
        const [first] = dsse.signatures;
        const forged =
          part === 'payload'
            ? { ...dsse, payload: text }
            : { ...dsse, signatures: [{ keyid: first?.keyid ?? '', sig: text }] };
        const result = await verifyReceipt(fileOf(forged), knowing(own));
        expect([part, at, result.verdict, result.statement]).toEqual([part, at, 'invalid', null]);
      }
    }
  });

  test('invalid for the same text signed under another payload type', async () => {
    const { dsse } = receipt();
    const payload = new Uint8Array(Buffer.from(dsse.payload, 'base64'));
    const confused = { ...signEnvelope('application/json', payload, signer), payloadType: dsse.payloadType };
    expect((await verifyReceipt(fileOf(confused), knowing(own))).verdict).toBe('invalid');
  });

  test('invalid for a stranger who names a known key, or whose own key is not the one named', async () => {
    const stranger = testSigner();
    const { dsse } = buildReceipt(exampleFacts(), stranger);
    const [signature] = dsse.signatures;
    const asOwn = { ...dsse, signatures: [{ keyid: signer.keyId, sig: signature?.sig ?? '' }] };
    expect((await verifyReceipt(fileOf(asOwn), knowing(own))).verdict).toBe('invalid');
    expect((await verifyReceipt(fileOf(asOwn), { now })).verdict).toBe('invalid');
  });

  const good = () => JSON.stringify(receipt().statement);
  test.each([
    ['a name twice', () => good().replace('"predicate":{', '"predicate":{"runId":"run_01JD0000000000000000000001",')],
    ['__proto__', () => good().replace('"predicate":{', '"predicate":{"__proto__":{},')],
    ['a field nobody knows', () => good().replace('"predicate":{', '"predicate":{"extra":1,')],
    ['an integer wider than 53 bits', () => good().replace(/"outputBytes":\d+/, '"outputBytes":9007199254740993')],
    ['a lone surrogate', () => good().replace('"v8 14"', '"\\ud800"')],
    ['a module that is not its subject', () => good().replace(/"sha256":"../, '"sha256":"00')],
    ['limits outside their ranges', () => good().replace(/"memoryBytes":\d+/, '"memoryBytes":1')],
    ['more memory used than allowed', () => good().replace(/"memoryPeakBytes":\d+/, '"memoryPeakBytes":67108865')],
    ['an end before its start', () => good().replace(/"finishedAt":"2026/, '"finishedAt":"2025')],
    ['an end in the future', () => good().replace(/"finishedAt":"2026/, '"finishedAt":"2027')],
  ])('invalid for a good signature over %s', async (_what, make) => {
    expect(make()).not.toBe(good());
    expect((await verifyReceipt(signed(make()), knowing(own))).verdict).toBe('invalid');
  });

  test('invalid for a revoked key, unless the log had the receipt before', async () => {
    const { dsse, receiptId, statement } = receipt();
    const revoked = { ...own, revokedAt: Date.parse(statement.predicate.finishedAt) + 1000 };
    expect((await verifyReceipt(fileOf(dsse), knowing(revoked))).verdict).toBe('invalid');
    const ts = revoked.revokedAt - 500;
    const line = JSON.stringify({ ts, data: { run: statement.predicate.runId, receipt: receiptId } });
    const inclusion = () => ({ line, size: 7 });
    const result = await verifyReceipt(fileOf(dsse, 'proof'), knowing(revoked, { inclusion }));
    expect([result.verdict, linesOf(result).time]).toEqual(['valid', 'done']);
  });
});

describe('inclusion', () => {
  const { dsse, receiptId, statement } = receipt();
  const entry = {
    ts: Date.parse(statement.predicate.finishedAt) + 2,
    data: { run: statement.predicate.runId, receipt: receiptId },
  };
  const check = async (found: unknown) => {
    const inclusion = () =>
      typeof found === 'string' ? (found as 'broken') : { line: JSON.stringify(found), size: 3 };
    const result = await verifyReceipt(fileOf(dsse, 'proof'), knowing(own, { inclusion }));
    return [result.verdict, linesOf(result).inclusion];
  };

  test('is done when the proven entry names this receipt of this run', async () => {
    expect(await check(entry)).toEqual(['valid', 'done']);
  });
  test('fails for another entry, another receipt of the same run, and a broken proof', async () => {
    expect(await check({ ...entry, data: { ...entry.data, run: 'run_01JD0000000000000000000001' } })).toEqual([
      'invalid',
      'failed',
    ]);
    expect(await check({ ...entry, data: { ...entry.data, receipt: '0'.repeat(64) } })).toEqual(['invalid', 'failed']);
    expect(await check({ ...entry, data: {} })).toEqual(['invalid', 'failed']);
    expect(await check('broken')).toEqual(['invalid', 'failed']);
  });
  test('is not checked for a log that is not known', async () => {
    expect(await check('unknown-log')).toEqual(['valid', 'not-checked']);
  });
});

test('a foreign signature with high s is taken, one that is not DER is not', async () => {
  const { dsse } = receipt();
  const raw = signatureOfDer(new Uint8Array(Buffer.from(dsse.signatures[0]?.sig ?? '', 'base64')));
  if (raw === undefined) throw new Error('expected a signature');
  const s = BigInt(`0x${Buffer.from(raw.subarray(32)).toString('hex')}`);
  const high = concatBytes(raw.subarray(0, 32), hex((ORDER - s).toString(16).padStart(64, '0')));
  const withSignature = (sig: Uint8Array) =>
    fileOf({ ...dsse, signatures: [{ keyid: signer.keyId, sig: Buffer.from(sig).toString('base64') }] });
  expect((await verifyReceipt(withSignature(derOfSignature(high)), knowing(own))).verdict).toBe('valid');
  expect((await verifyReceipt(withSignature(raw), knowing(own))).verdict).toBe('invalid');
});

test('@sigstore/verify accepts an exported bundle and refuses a changed one', async () => {
  const { dsse } = receipt();
  const publicKey = createPublicKey({ key: Buffer.from(signer.publicKey), format: 'der', type: 'spki' });
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: (hint) => {
        expect(hint).toBe(signer.keyId);
        return { publicKey, validFor: () => true };
      },
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  const bundle = JSON.parse(JSON.stringify(sigstoreBundle(dsse)));
  verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
  bundle.dsseEnvelope.payload = Buffer.from(`${Buffer.from(dsse.payload, 'base64')} `).toString('base64');
  expect(() => verifier.verify(toSignedEntity(bundleFromJSON(bundle)))).toThrow('signature verification failed');
  expect((await verifyReceipt(utf8(JSON.stringify(sigstoreBundle(dsse))), knowing(own))).verdict).toBe('valid');
});

const vectorFile = sharedFile('vectors/dsse.json');
describe.skipIf(vectorFile === undefined)('the DSSE vector (skipped where it is not there)', () => {
  test('encodes and verifies as published', () => {
    const vector = JSON.parse(readFileSync(vectorFile ?? '', 'utf8'));
    const encoded = preAuthenticationEncoding(vector.payloadType, utf8(vector.payload));
    expect(new TextDecoder().decode(encoded)).toBe(vector.pae);
    const coordinate = (text: string) => hex(BigInt(text).toString(16).padStart(64, '0'));
    const point = concatBytes(Uint8Array.of(4), coordinate(vector.X), coordinate(vector.Y));
    const signature = new Uint8Array(Buffer.from(vector.sig_p1363_b64, 'base64'));
    expect(nobleEngine.curve.verify(point, encoded, signature)).toBe(true);
  });
});

describe('commitments', () => {
  test('a dictionary of 1,000,000 guesses finds nothing, though the committed value is in it', () => {
    const answer = utf8('73291');
    const { commitment } = commit(answer);
    const without = new Uint8Array(32);
    let hits = 0;
    for (let guess = 0; guess < 1_000_000; guess++) if (opensTo(commitment, without, utf8(`${guess}`))) hits++;
    expect(hits).toBe(0);
  });

  test('framing keeps apart what concatenation would not', () => {
    const values = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      'abc',
      utf8('abc'),
      [['abc']],
      { abc: null },
      [null, 'abc'],
      ['', 'abc'],
      { a: 'b', c: '' },
      true,
      null,
      [],
      {},
    ];
    expect(new Set(values.map((value) => Buffer.from(frame(value)).toString('hex'))).size).toBe(values.length);
    expect(frame({ a: '1', b: undefined })).toEqual(frame({ a: '1' }));
    expect(frame({ b: '2', a: '1' })).toEqual(frame({ a: '1', b: '2' }));
    expect(() => frame('\ud800')).toThrow('well-formed');
  });
});

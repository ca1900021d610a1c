import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { opensTo } from '../../../electron/receipt/commitment.ts';
import { preAuthenticationEncoding } from '../../../electron/receipt/dsse.ts';
import { buildReceipt, digestModule } from '../../../electron/receipt/index.ts';
import { inputBytes, outputBytes } from '../../../electron/receipt/run-data.ts';
import { receiptStatement } from '../../../shared/model/receipt.ts';
import { outcomeKind } from '../../../shared/model/run.ts';
import { exampleFacts, testSigner } from './support.ts';

describe('a receipt', () => {
  test('is a DSSE envelope that OpenSSL verifies over the exact payload', () => {
    const signer = testSigner();
    const { dsse } = buildReceipt(exampleFacts(), signer);
    const payload = Buffer.from(dsse.payload, 'base64');
    const key = createPublicKey({ key: Buffer.from(signer.publicKey), format: 'der', type: 'spki' });
    const [signature] = dsse.signatures;
    expect(dsse.payloadType).toBe('application/vnd.in-toto+json');
    expect(signature?.keyid).toBe(createHash('sha256').update(signer.publicKey).digest('hex'));
    const encoded = preAuthenticationEncoding(dsse.payloadType, payload);
    expect(verify('sha256', encoded, key, Buffer.from(signature?.sig ?? '', 'base64'))).toBe(true);
  });

  test.each(outcomeKind.options)('says what it should for a run that ended %s', (kind) => {
    const { dsse, statement } = buildReceipt(exampleFacts({ outcome: { kind } }), testSigner());
    const parsed = receiptStatement.parse(JSON.parse(Buffer.from(dsse.payload, 'base64').toString()));
    expect(parsed).toEqual(statement);
    expect(parsed.predicate.result).toEqual({ kind });
    expect(parsed.subject).toEqual([
      {
        name: 'module.wasm',
        digest: { sha256: statement.predicate.module.sha256, sha512: statement.predicate.module.sha512 },
      },
    ]);
  });

  test('names a sealed output as a subject of its own', () => {
    const output = { sha256: 'ab'.repeat(32), recipients: [] };
    const { statement } = buildReceipt(exampleFacts({ sealed: { module: null, input: null, output } }), testSigner());
    expect(statement.subject[1]).toEqual({ name: 'output.sealed', digest: { sha256: output.sha256 } });
  });

  test('commits to input and output, which its openings show', () => {
    const facts = exampleFacts();
    const { statement, openings } = buildReceipt(facts, testSigner());
    const { input, output } = statement.predicate;
    expect(opensTo(input, openings.input, inputBytes(facts.input))).toBe(true);
    expect(opensTo(output, openings.output, outputBytes(facts.items))).toBe(true);
    expect(opensTo(input, openings.output, inputBytes(facts.input))).toBe(false);
    const other = { ...facts.input, entry: { kind: 'export' as const, name: 'add', args: ['12', '3'] } };
    expect(opensTo(input, openings.input, inputBytes(other))).toBe(false);
  });

  test('of the same run twice has other commitments', () => {
    const [a, b] = [0, 1].map(() => buildReceipt(exampleFacts(), testSigner()).statement.predicate);
    expect(a?.input.value).not.toBe(b?.input.value);
    expect(a?.output.value).not.toBe(b?.output.value);
  });

  test('holds no argument, output, message or frame name of the run', () => {
    const receipt = JSON.stringify(
      buildReceipt(
        exampleFacts({
          outcome: {
            kind: 'trapped',
            message: 'SECRET-MESSAGE',
            trap: {
              kind: 'unreachable',
              message: 'SECRET-TRAP',
              frames: [{ functionIndex: 4, functionName: 'SECRET-NAME', offset: 99 }],
            },
          },
        }),
        testSigner(),
      ).statement,
    );
    expect(receipt).not.toContain('SECRET');
    expect(receipt).toContain('"trap":{"kind":"unreachable","functionIndex":4,"offset":99}');
  });
});

test('a module is named by digests that other tools compute', () => {
  const bytes = new Uint8Array([0, 97, 115, 109]);
  const digest = (name: string) => createHash(name).update(bytes).digest('hex');
  expect(digestModule(bytes, true)).toEqual({
    sha256: digest('sha256'),
    sha512: digest('sha512'),
    'sha3-256': digest('sha3-256'),
    sizeBytes: 4,
  });
});

import * as z from 'zod/mini';
import { capability } from './capability.ts';
import { limits } from './limits.ts';
import { limitHit, outcomeKind, trapKind } from './run.ts';
import { count, keyId, moduleDigest, runId, sessionId, timestamp, u64 } from './scalars.ts';

/** What a Glovebox receipt claims (in-toto predicate type). */
export const PREDICATE_TYPE = 'https://glovebox.dev/wasm-execution/v1';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** DSSE payload type of an in-toto statement. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const hex256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const hex512 = z.string().check(z.regex(/^[0-9a-f]{128}$/));
const rfc3339 = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));

/** HMAC-SHA-256 of framed data under a 32-byte opening that only the owner has. */
export const commitment = z.strictObject({ algorithm: z.literal('hmac-sha256'), value: hex256 });
export type Commitment = z.infer<typeof commitment>;

/** How one instance ended; no text that a guest could have chosen. */
export const receiptResult = z.strictObject({
  kind: outcomeKind,
  exitCode: z.optional(count),
  trap: z.optional(z.strictObject({ kind: trapKind, functionIndex: z.nullable(count), offset: z.nullable(count) })),
  limit: z.optional(limitHit),
});
export type ReceiptResult = z.infer<typeof receiptResult>;

/** Something sealed that took part in a run: SHA-256 of the sealed bytes, and to whom they are sealed when known. */
const sealedPart = z.strictObject({ sha256: hex256, recipients: z.array(keyId) });

/** The signed claim about one run (CRYPTO §4). Integers wider than 53 bits are decimal strings. */
export const receiptPredicate = z.strictObject({
  runId,
  sessionId: z.nullable(sessionId),
  runtime: z.strictObject({ name: z.literal('glovebox'), version: z.string(), engine: z.string(), host: z.string() }),
  /** base64 of the signer's SPKI; its SHA-256 is the envelope's keyid */
  signer: z.strictObject({ publicKey: z.string() }),
  module: z.strictObject({ sha256: moduleDigest, sha512: hex512, sizeBytes: count, 'sha3-256': z.optional(hex256) }),
  entry: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('export'), name: z.string() }),
    z.strictObject({ kind: z.literal('command') }),
  ]),
  limits,
  capabilities: z.array(capability),
  isDeterministic: z.boolean(),
  batchSize: count,
  input: commitment,
  output: commitment,
  sealed: z.nullable(
    z.strictObject({
      module: z.nullable(sealedPart),
      input: z.nullable(sealedPart),
      output: z.nullable(sealedPart),
    }),
  ),
  result: receiptResult,
  /** one for each instance, for a batch of several */
  results: z.optional(z.array(receiptResult)),
  usage: z.strictObject({
    fuelUsed: z.nullable(u64),
    memoryPeakBytes: z.nullable(count),
    outputBytes: count,
    queuedMs: z.number(),
    compileMs: z.number(),
    runMs: z.number(),
    totalMs: z.number(),
  }),
  startedAt: rfc3339,
  finishedAt: rfc3339,
});
export type ReceiptPredicate = z.infer<typeof receiptPredicate>;

export const receiptSubject = z.strictObject({
  name: z.string(),
  digest: z.strictObject({ sha256: hex256, sha512: z.optional(hex512), 'sha3-256': z.optional(hex256) }),
});

/** in-toto Statement v1 with a Glovebox predicate. */
export const receiptStatement = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(receiptSubject).check(z.minLength(1), z.maxLength(16)),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: receiptPredicate,
});
export type ReceiptStatement = z.infer<typeof receiptStatement>;

/** DSSE v1 envelope, JSON form. */
export const dsseEnvelope = z.strictObject({
  payload: z.base64(),
  payloadType: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64() })).check(z.minLength(1), z.maxLength(16)),
});
export type DsseEnvelope = z.infer<typeof dsseEnvelope>;

/** `NAME.receipt.json`: the envelope, and the proof that the log has the run (c2sp.org/tlog-proof). */
export const receiptFile = z.strictObject({ dsse: dsseEnvelope, tlogProof: z.nullable(z.string()) });
export type ReceiptFile = z.infer<typeof receiptFile>;

/** A receipt as lists show it. */
export const receiptSummary = z.strictObject({
  receiptId: hex256,
  runId,
  module: moduleDigest,
  kind: outcomeKind,
  signer: keyId,
  finishedAt: timestamp,
});
export type ReceiptSummary = z.infer<typeof receiptSummary>;

/** The only four headlines there are. `valid-unknown-signer` is never shown in green. */
export const verdict = z.enum(['valid', 'valid-unknown-signer', 'invalid', 'cannot-check']);
export type Verdict = z.infer<typeof verdict>;

/** One line of a verification. */
export const receiptCheck = z.strictObject({
  name: z.enum([
    'format',
    'signature',
    'signer',
    'statement',
    'module',
    'limits',
    'inclusion',
    'time',
    'commitments',
    'replay',
  ]),
  state: z.enum(['done', 'failed', 'not-checked']),
  /** what was found, or why it was not checked; lower case, no full stop */
  message: z.string(),
});
export type ReceiptCheck = z.infer<typeof receiptCheck>;

export const receiptVerification = z.strictObject({
  verdict,
  checks: z.array(receiptCheck),
  /** the signed statement; null unless the signature over it is good */
  statement: z.nullable(receiptStatement),
  signer: z.nullable(z.strictObject({ keyId, fingerprint: z.string(), label: z.nullable(z.string()) })),
  /** what a good verdict proves and what it does not */
  proves: z.string(),
});
export type ReceiptVerification = z.infer<typeof receiptVerification>;

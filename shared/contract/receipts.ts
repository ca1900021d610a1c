import * as z from 'zod/mini';
import { receiptSummary, receiptVerification } from '../model/receipt.ts';
import { bytes, count, keyId, moduleDigest, runId } from '../model/scalars.ts';
import { call } from './call.ts';

const textFile = z.strictObject({ text: z.string(), fileName: z.string() });
const oneRun = z.strictObject({ runId });

export const receipts = {
  list: call({
    summary: 'Receipts of this machine, newest first',
    scope: 'read',
    input: z.strictObject({ module: z.optional(moduleDigest), limit: z._default(count.check(z.lte(1000)), 100) }),
    output: z.array(receiptSummary),
  }),
  get: call({
    summary: 'The receipt file of a run',
    scope: 'read',
    input: oneRun,
    output: z.strictObject({ ...textFile.shape, summary: receiptSummary }),
    errors: ['receipt.not-found'],
  }),
  exportBundle: call({
    summary: 'The receipt of a run as Sigstore bundle v0.3',
    scope: 'read',
    input: oneRun,
    output: textFile,
    errors: ['receipt.not-found'],
  }),
  /** The openings leave the vault only sealed: with them, data can be shown to be what the receipt commits to. */
  exportOpenings: call({
    summary: "The openings of a receipt's commitments, sealed to own keys or contacts",
    scope: 'keys',
    input: z.strictObject({ runId, recipients: z.array(keyId).check(z.minLength(1), z.maxLength(32)) }),
    output: z.strictObject({ bytes, fileName: z.string() }),
    errors: ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'receipt.not-found'],
  }),
  verify: call({
    summary: 'Check a receipt or a Sigstore bundle; four verdicts, a line for every check',
    scope: 'read',
    input: z.strictObject({
      receipt: bytes,
      /** run the module again, when it was deterministic, is loaded and its input was kept */
      replay: z._default(z.boolean(), false),
    }),
    output: receiptVerification,
  }),
};

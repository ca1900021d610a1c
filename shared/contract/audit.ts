import * as z from 'zod/mini';
import { ledgerEntry } from '../model/entry.ts';
import { count, timestamp } from '../model/scalars.ts';
import { call } from './call.ts';

/** The filter language: `outcome:denied module:fib kind:run.* actor:cli seq:10..20 since:2026-11-01 "text" -term`. */
const filter = z.string().check(z.maxLength(4096));

/**
 * A filter for text looks at the lines themselves, which takes a while in a long log: an answer then covers the first
 * `scanned` of `total` entries, and asking again tells more. With `wait` the answer comes when all were looked at.
 */
const wait = z.optional(z.boolean());
const progress = { matched: count, scanned: count, total: count };
const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** One row of the list: what an entry shows without being opened. */
export const auditRow = z.strictObject({
  seq: count,
  ts: timestamp,
  op: z.string(),
  actor: z.string(),
  outcome: z.nullable(z.string()),
  module: z.nullable(z.string()),
  run: z.nullable(z.string()),
  summary: z.string(),
});
export type AuditRow = z.infer<typeof auditRow>;

/** A place in the log that is not as it should be. `tampering`: no accident, or a grave one; `damage`: hides nothing. */
export const finding = z.strictObject({
  kind: z.string(),
  severity: z.enum(['tampering', 'damage', 'note']),
  seq: z.nullable(count),
  month: z.nullable(z.string()),
  line: z.nullable(count),
  offset: z.nullable(count),
  message: z.string(),
});
export type AuditFinding = z.infer<typeof finding>;

/** A signed tree head: `note` is the signed note, as other tools read it. */
export const checkpoint = z.strictObject({ size: count, root: hex, note: z.string() });
export type AuditCheckpoint = z.infer<typeof checkpoint>;

export const ledgerStatus = z.strictObject({
  state: z.enum(['open', 'read-only', 'failed']),
  entries: count,
  /** entries before it were pruned */
  firstSeq: count,
  head: z.string(),
  message: z.nullable(z.string()),
  alarm: z.nullable(finding),
  origin: z.nullable(z.string()),
  keyId: z.nullable(hex),
  checkpoint: z.nullable(checkpoint),
});
export type AuditStatus = z.infer<typeof ledgerStatus>;

/** The last step's `parent` is the root; a tree of one entry has no steps, its leaf is the root. */
export const entryProof = z.strictObject({
  seq: count,
  line: z.string(),
  leafHash: hex,
  treeSize: count,
  root: hex,
  steps: z.array(z.strictObject({ sibling: hex, side: z.enum(['left', 'right']), parent: hex })),
  checkpoint: z.string(),
  /** the same as one text (c2sp.org/tlog-proof), with the line as extra data: checkable without Glovebox */
  tlogProof: z.string(),
});
export type AuditProof = z.infer<typeof entryProof>;

/** What a verification found out, and what it cannot know. */
export const verificationReport = z.strictObject({
  /** `intact`: everything fits; `damaged`: something broke that hides nothing; `changed`: something was altered */
  verdict: z.enum(['intact', 'damaged', 'changed']),
  origin: z.nullable(z.string()),
  entries: count,
  firstSeq: count,
  size: count,
  root: z.nullable(hex),
  keys: z.array(z.strictObject({ keyId: hex, fromSize: count, toSize: z.nullable(count) })),
  checkpoints: count,
  /** entries under the largest checkpoint that fits */
  signedSize: count,
  findings: z.array(finding),
  cannotKnow: z.array(z.string()),
  durationMs: z.number(),
});
export type AuditVerificationReport = z.infer<typeof verificationReport>;

/** The present verification, or the last one. */
export const verificationState = z.strictObject({
  state: z.enum(['never', 'running', 'done', 'cancelled', 'failed']),
  startedAt: z.nullable(timestamp),
  finishedAt: z.nullable(timestamp),
  progress: z.nullable(z.strictObject({ bytes: count, totalBytes: count, seq: count })),
  report: z.nullable(verificationReport),
  message: z.nullable(z.string()),
});
export type AuditVerification = z.infer<typeof verificationState>;

/** What to export: everything, a range of numbers (both included), or the matches of a filter. */
export const exportSelection = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('range'), fromSeq: count, toSeq: count }),
  z.strictObject({ kind: z.literal('matches'), filter }),
]);
export type AuditExportSelection = z.infer<typeof exportSelection>;

/** A piece of an export; ask for the next with `id` until `isEnd`. */
const exportPiece = z.strictObject({ id: z.string(), text: z.string(), isEnd: z.boolean() });

export const audit = {
  page: call({
    summary: 'Rows `from` to `from + length` of the entries that match, oldest first',
    scope: 'read',
    input: z.strictObject({ filter, from: count, length: count.check(z.lte(1000)), wait }),
    output: z.strictObject({ rows: z.array(auditRow), ...progress }),
    errors: ['ledger.bad-filter'],
  }),
  histogram: call({
    summary: 'Entries per outcome class in equal spans of time',
    scope: 'read',
    input: z.strictObject({
      filter,
      fromTs: z.nullable(timestamp),
      toTs: z.nullable(timestamp),
      bins: z.int().check(z.gte(1), z.lte(2000)),
      wait,
    }),
    output: z.strictObject({
      fromTs: timestamp,
      toTs: timestamp,
      classes: z.array(z.string()),
      /** `classes.length` arrays of `bins` counts */
      counts: z.array(z.array(count)),
      ...progress,
    }),
    errors: ['ledger.bad-filter'],
  }),
  locate: call({
    summary: 'The position among the matches of the first entry at or after a sequence number or time',
    scope: 'read',
    input: z.strictObject({ filter, seq: z.optional(count), ts: z.optional(timestamp), wait }),
    output: z.strictObject({ position: count, ...progress }),
    errors: ['ledger.bad-filter'],
  }),
  stopSearch: call({
    summary: 'Stop looking through the lines for the text of a filter',
    scope: 'read',
    input: z.strictObject({ filter }),
    output: z.strictObject({}),
  }),
  vocabulary: call({
    summary: 'Values that occur in the log, for completing filters',
    scope: 'read',
    input: z.strictObject({}),
    output: z.strictObject({
      kind: z.array(z.string()),
      outcome: z.array(z.string()),
      actor: z.array(z.string()),
      module: z.array(z.string()),
    }),
  }),
  get: call({
    summary: 'One entry, with the exact line it has in the file and its leaf hash',
    scope: 'read',
    input: z.strictObject({ seq: count }),
    output: z.strictObject({ entry: ledgerEntry, line: z.string(), leafHash: z.string() }),
    errors: ['ledger.not-found'],
  }),
  status: call({
    summary: 'The log itself: its name, its key, its newest checkpoint, and what is wrong with it',
    scope: 'read',
    input: z.strictObject({}),
    output: ledgerStatus,
  }),
  checkpoint: call({
    summary: 'Sign the log as it is now',
    scope: 'run',
    input: z.strictObject({}),
    output: checkpoint,
    errors: ['vault.locked'],
  }),
  prove: call({
    summary: 'Prove that an entry is in the log: the way from its leaf to a signed root, step by step',
    scope: 'read',
    input: z.strictObject({ seq: count }),
    output: entryProof,
    errors: ['ledger.not-found', 'ledger.damaged', 'vault.locked'],
  }),
  verify: call({
    summary: 'Verify the whole log in the background; with `wait`, answer when it has ended',
    scope: 'read',
    input: z.strictObject({ wait }),
    output: verificationState,
  }),
  verification: call({
    summary: 'How the present or the last verification goes',
    scope: 'read',
    input: z.strictObject({}),
    output: verificationState,
  }),
  cancelVerification: call({
    summary: 'Give up the verification that runs',
    scope: 'read',
    input: z.strictObject({}),
    output: z.strictObject({}),
  }),
  export: call({
    summary: 'Begin an export: JSON lines with a signed checkpoint and proofs, checkable without the rest of the log',
    scope: 'read',
    input: z.strictObject({ selection: exportSelection }),
    output: exportPiece,
    errors: ['ledger.bad-filter', 'ledger.damaged', 'vault.locked'],
  }),
  exportMore: call({
    summary: 'The next piece of an export',
    scope: 'read',
    input: z.strictObject({ id: z.string() }),
    output: exportPiece,
    errors: ['ledger.not-found'],
  }),
  checkProofs: call({
    summary: 'Hold proofs of inclusion from receipts against this log: finds entries that went missing, and forks',
    scope: 'read',
    input: z.strictObject({
      proofs: z
        .array(z.strictObject({ name: z.string(), tlogProof: z.string(), line: z.optional(z.string()) }))
        .check(z.maxLength(1000)),
    }),
    output: z.strictObject({
      checked: z.array(
        z.strictObject({
          name: z.string(),
          verdict: z.enum(['present', 'missing', 'forked', 'other-log', 'unknown-key', 'malformed']),
          seq: z.nullable(count),
          message: z.string(),
        }),
      ),
    }),
  }),
  prune: call({
    summary: 'Remove months older than a retention; hashes stay, so proofs and receipts stay valid',
    scope: 'admin',
    input: z.strictObject({ retentionMonths: z.int().check(z.gte(12), z.lte(1200)) }),
    output: z.strictObject({ entries: count }),
    errors: ['ledger.damaged', 'vault.locked'],
  }),
};

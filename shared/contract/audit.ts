import * as z from 'zod/mini';
import { ledgerEntry } from '../model/entry.ts';
import { count, timestamp } from '../model/scalars.ts';
import { call } from './call.ts';

/** The filter language: `outcome:denied module:fib kind:run.* actor:cli seq:10..20 since:2026-11-01 "text" -term`. */
const filter = z.string().check(z.maxLength(4096));

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

export const audit = {
  page: call({
    summary: 'Rows `from` to `from + length` of the entries that match, oldest first',
    scope: 'read',
    input: z.strictObject({ filter, from: count, length: count.check(z.lte(1000)) }),
    output: z.strictObject({ rows: z.array(auditRow), matched: count, total: count }),
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
    }),
    output: z.strictObject({
      fromTs: timestamp,
      toTs: timestamp,
      classes: z.array(z.string()),
      /** `classes.length` arrays of `bins` counts */
      counts: z.array(z.array(count)),
      matched: count,
      total: count,
    }),
    errors: ['ledger.bad-filter'],
  }),
  locate: call({
    summary: 'The position among the matches of the first entry at or after a sequence number or time',
    scope: 'read',
    input: z.strictObject({ filter, seq: z.optional(count), ts: z.optional(timestamp) }),
    output: z.strictObject({ position: count, matched: count }),
    errors: ['ledger.bad-filter'],
  }),
  get: call({
    summary: 'One entry, with the exact line it has in the file and its leaf hash',
    scope: 'read',
    input: z.strictObject({ seq: count }),
    output: z.strictObject({ entry: ledgerEntry, line: z.string(), leafHash: z.string() }),
    errors: ['ledger.not-found'],
  }),
};

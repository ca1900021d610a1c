import * as z from 'zod/mini';
import { count, timestamp } from './scalars.ts';

/** JSON as it stands in an entry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export const json: z.ZodMiniType<Json, Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
) as z.ZodMiniType<Json, Json>;

/** Who caused an entry. */
export const actor = z.enum(['window', 'cli', 'http', 'system']);
export type Actor = z.infer<typeof actor>;

/** One record of the log as written (CRYPTO §5): `prev` is the hex leaf hash of the entry before, 64 zeros for the first. */
export const ledgerEntry = z.strictObject({
  v: z.literal(1),
  seq: count,
  ts: timestamp,
  op: z.string().check(z.regex(/^[a-z]+(\.[a-z-]+)+$/)),
  actor,
  session: z.optional(z.string()),
  data: z.record(z.string(), json),
  prev: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

/** What a room hands to the ledger; the ledger adds the rest. */
export type EntryDraft = {
  readonly op: string;
  readonly actor: Actor;
  readonly session?: string;
  readonly data: { readonly [key: string]: Json };
};

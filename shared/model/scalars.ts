import * as z from 'zod/mini';
import { fromBase64 } from '../base64.ts';

/** Lower-case hex SHA-256 of a module's bytes: the module's name everywhere. */
export const moduleDigest = z
  .string()
  .check(z.regex(/^[0-9a-f]{64}$/))
  .brand<'ModuleDigest'>();
export type ModuleDigest = z.infer<typeof moduleDigest>;

/** `run_` and 26 characters of Crockford base 32 (a ULID): sorts by time. */
export const runId = z
  .string()
  .check(z.regex(/^run_[0-9A-HJKMNP-TV-Z]{26}$/))
  .brand<'RunId'>();
export type RunId = z.infer<typeof runId>;

/** Lower-case hex SHA-256 of a key's SPKI DER. */
export const keyId = z
  .string()
  .check(z.regex(/^[0-9a-f]{64}$/))
  .brand<'KeyId'>();
export type KeyId = z.infer<typeof keyId>;

/** `ses_` and a ULID. */
export const sessionId = z
  .string()
  .check(z.regex(/^ses_[0-9A-HJKMNP-TV-Z]{26}$/))
  .brand<'SessionId'>();
export type SessionId = z.infer<typeof sessionId>;

/** An unsigned integer of up to 64 bits as a decimal string: fuel, i64 results, wide counters. */
export const u64 = z.string().check(z.regex(/^(0|[1-9][0-9]{0,19})$/));
/** A signed 64-bit integer as a decimal string. */
export const i64 = z.string().check(z.regex(/^-?(0|[1-9][0-9]{0,18})$/));

/** A whole number that fits a double exactly and is not negative. */
export const count = z.int().check(z.nonnegative());

/** Milliseconds since the epoch, UTC. */
export const timestamp = z.number();

/**
 * Raw bytes: a `Uint8Array` over IPC, base64 (RFC 4648 §4) in JSON. Either is read; what is handed on is always a
 * `Uint8Array`.
 */
export const bytes = z.pipe(
  z.union([z.custom<Uint8Array>((value) => value instanceof Uint8Array), z.base64()]),
  z.transform((value): Uint8Array => (typeof value === 'string' ? fromBase64(value) : value)),
);

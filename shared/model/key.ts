import * as z from 'zod/mini';
import { count, keyId, timestamp } from './scalars.ts';

/** What a key is for; never two at once. `seal`: others encrypt to it. `sign`: receipts. `log`: checkpoints. */
export const keyRole = z.enum(['seal', 'sign', 'log']);
export type KeyRole = z.infer<typeof keyRole>;

/**
 * `active` seals or signs; `retired` and `expired` still open what was sealed to them; `revoked` too, and what it signed
 * is marked; `destroyed` has no private key any more and is kept to recognise old signatures.
 */
export const keyState = z.enum(['active', 'retired', 'expired', 'revoked', 'destroyed']);
export type KeyState = z.infer<typeof keyState>;

/** `SHA256:` and base64 of SHA-256(SPKI). */
export const fingerprint = z.string().check(z.regex(/^SHA256:[A-Za-z0-9+/]{43}=$/));

export const keyLabel = z.string().check(z.minLength(1), z.maxLength(64));

/** An own key as lists show it; nothing of it is secret. */
export const keyRecord = z.strictObject({
  keyId,
  role: keyRole,
  label: keyLabel,
  state: keyState,
  fingerprint,
  /** base64 of SPKI DER */
  publicKey: z.string(),
  createdAt: timestamp,
  /** when it became what `state` says */
  changedAt: timestamp,
  expiresAt: z.nullable(timestamp),
  origin: z.enum(['generated', 'imported', 'restored']),
  uses: count,
  lastUsedAt: z.nullable(timestamp),
});
export type KeyRecord = z.infer<typeof keyRecord>;

/** Someone else's public key. `isVerified` once its fingerprint was compared with what the owner says. */
export const contact = z.strictObject({
  keyId,
  /** `seal`: outputs can be sealed to it. `sign`: receipts by it have a known signer. */
  role: z.enum(['seal', 'sign']),
  name: keyLabel,
  fingerprint,
  publicKey: z.string(),
  addedAt: timestamp,
  isVerified: z.boolean(),
});
export type Contact = z.infer<typeof contact>;

/** How the master key is protected at rest. `file` is no protection beyond the owner-only file permission. */
export const keyProtection = z.enum(['keychain', 'passphrase', 'file']);
export type KeyProtection = z.infer<typeof keyProtection>;

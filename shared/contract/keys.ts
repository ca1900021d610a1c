import * as z from 'zod/mini';
import { contact, fingerprint, keyLabel, keyProtection, keyRecord, keyRole } from '../model/key.ts';
import { bytes, count, keyId, timestamp } from '../model/scalars.ts';
import { call } from './call.ts';

const nothing = z.strictObject({});
const oneKey = z.strictObject({ keyId });
const passphrase = z.string().check(z.maxLength(4096));
/** a key file or pasted text: PEM, JWK, PKCS#8 or SPKI DER, raw, hex or base64 */
const material = bytes;

export const keys = {
  list: call({
    summary: 'All own keys, and how they are protected',
    scope: 'read',
    input: nothing,
    output: z.strictObject({
      keys: z.array(keyRecord),
      protection: keyProtection,
      autoLockMs: z.nullable(count),
      hasKeychain: z.boolean(),
    }),
    errors: ['vault.locked'],
  }),
  generate: call({
    summary: 'Make a key; a new sign or log key takes the place of the active one, which is retired',
    scope: 'keys',
    input: z.strictObject({ role: keyRole, label: keyLabel, expiresAt: z.optional(z.nullable(timestamp)) }),
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-unusable', 'disk.failed'],
  }),
  rename: call({
    summary: 'Give a key another label',
    scope: 'keys',
    input: z.strictObject({ keyId, label: keyLabel }),
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-not-found', 'disk.failed'],
  }),
  expire: call({
    summary: 'Set the time after which a key no longer seals or signs; null removes it',
    scope: 'keys',
    input: z.strictObject({ keyId, expiresAt: z.nullable(timestamp) }),
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'disk.failed'],
  }),
  /** Nothing is stored. Over a wrong or missing passphrase it says `vault.bad-key`, as over anything else unreadable. */
  preview: call({
    summary: 'Read key material and say what it is, before it is imported',
    scope: 'keys',
    input: z.strictObject({ material, passphrase: z.optional(passphrase) }),
    output: z.strictObject({
      keyId,
      fingerprint,
      isPrivate: z.boolean(),
      format: z.enum(['pem', 'jwk', 'der', 'raw']),
      isEncrypted: z.boolean(),
      known: z.nullable(z.enum(['key', 'contact'])),
    }),
    errors: ['vault.locked', 'vault.bad-key'],
  }),
  import: call({
    summary: 'Take over a private key',
    scope: 'keys',
    input: z.strictObject({ material, passphrase: z.optional(passphrase), role: keyRole, label: keyLabel }),
    output: keyRecord,
    errors: ['vault.locked', 'vault.bad-key', 'vault.key-unusable', 'disk.failed'],
  }),
  exportPublic: call({
    summary: 'The public half as text for others',
    scope: 'read',
    input: z.strictObject({ keyId, format: z.enum(['pem', 'jwk', 'raw']) }),
    output: z.strictObject({ text: z.string(), fileName: z.string() }),
    errors: ['vault.locked', 'vault.key-not-found'],
  }),
  /** Confirmed on the main side. The bytes are protected by the passphrase before they leave the vault. */
  exportPrivate: call({
    summary: 'The private key as PKCS#8 under PBES2 with 600,000 rounds, in PEM',
    scope: 'keys',
    input: z.strictObject({ keyId, passphrase }),
    output: z.strictObject({ bytes, fileName: z.string() }),
    errors: [
      'vault.locked',
      'vault.key-not-found',
      'vault.key-unusable',
      'vault.weak-passphrase',
      'vault.confirmation-needed',
    ],
  }),
  /** Confirmed on the main side; opened once again before it is handed out. */
  backup: call({
    summary: 'Some or all private keys as one file sealed under a passphrase',
    scope: 'keys',
    input: z.strictObject({ keyIds: z.nullable(z.array(keyId).check(z.minLength(1))), passphrase }),
    output: z.strictObject({ bytes, fileName: z.string(), keys: count }),
    errors: [
      'vault.locked',
      'vault.key-not-found',
      'vault.key-unusable',
      'vault.weak-passphrase',
      'vault.confirmation-needed',
    ],
  }),
  restore: call({
    summary: 'Take over the keys of a backup that are not here',
    scope: 'keys',
    input: z.strictObject({ backup: bytes, passphrase }),
    output: z.strictObject({ restored: z.array(keyRecord), alreadyHere: count }),
    errors: ['vault.locked', 'vault.cannot-open', 'disk.failed'],
  }),
  rotate: call({
    summary: 'Make a new key with the same role and label; the old one opens but no longer seals or signs',
    scope: 'keys',
    input: oneKey,
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'disk.failed'],
  }),
  retire: call({
    summary: 'Stop sealing to a key; it still opens, and can be activated again',
    scope: 'keys',
    input: oneKey,
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'disk.failed'],
  }),
  activate: call({
    summary: 'Use a retired key again',
    scope: 'keys',
    input: oneKey,
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'disk.failed'],
  }),
  revoke: call({
    summary: 'Mark a key as no longer to be trusted, for good; it still opens',
    scope: 'keys',
    input: oneKey,
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'disk.failed'],
  }),
  dependents: call({
    summary: 'What becomes unreadable when a key is destroyed',
    scope: 'read',
    input: oneKey,
    output: z.strictObject({
      /** sealed to this key and to no other own key, newest first; as far as this vault knows */
      unreadable: z.array(z.strictObject({ name: z.string(), sizeBytes: count, createdAt: timestamp })),
      /** sealed to another own key as well */
      alsoReadableByOthers: count,
      /** signatures made with it; they stay verifiable */
      signatures: count,
    }),
    errors: ['vault.locked', 'vault.key-not-found'],
  }),
  /** Confirmed by the typed label, and on the main side. */
  destroy: call({
    summary: 'Destroy a private key for good; the public half is kept to recognise old signatures',
    scope: 'keys',
    input: z.strictObject({ keyId, typedLabel: z.string() }),
    output: keyRecord,
    errors: ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'vault.confirmation-needed', 'disk.failed'],
  }),
  lock: call({ summary: 'Forget all private keys until unlocked', scope: 'read', input: nothing, output: nothing }),
  unlock: call({
    summary: 'Open the key store; without a passphrase where it has none',
    scope: 'keys',
    input: z.strictObject({ passphrase: z.optional(passphrase) }),
    output: nothing,
    errors: ['vault.wrong-passphrase'],
  }),
  protect: call({
    summary: 'Protect the key store another way, or change its passphrase',
    scope: 'keys',
    input: z.strictObject({
      kind: keyProtection,
      passphrase: z.optional(passphrase),
      /** the passphrase it has now */
      current: z.optional(passphrase),
    }),
    output: nothing,
    errors: [
      'vault.locked',
      'vault.wrong-passphrase',
      'vault.weak-passphrase',
      'vault.key-unusable',
      'vault.confirmation-needed',
      'disk.failed',
    ],
  }),
  autoLock: call({
    summary: 'Lock by itself after so many milliseconds without use; null never',
    scope: 'keys',
    input: z.strictObject({ idleMs: z.nullable(z.int().check(z.gte(60_000), z.lte(86_400_000))) }),
    output: nothing,
    errors: ['vault.locked', 'disk.failed'],
  }),
  /** Confirmed on the main side. */
  setAside: call({
    summary: 'Keep a store that cannot be opened under another name and start a new one',
    scope: 'keys',
    input: z.strictObject({ passphrase: z.optional(passphrase) }),
    output: z.strictObject({ fileName: z.string() }),
    errors: ['vault.key-unusable', 'vault.weak-passphrase', 'vault.confirmation-needed', 'disk.failed'],
  }),
};

export const contacts = {
  list: call({
    summary: "Other people's public keys",
    scope: 'read',
    input: nothing,
    output: z.array(contact),
    errors: ['vault.locked'],
  }),
  add: call({
    summary: 'Keep a public key; not verified until its fingerprint was compared',
    scope: 'keys',
    input: z.strictObject({ material, name: keyLabel, role: z.enum(['seal', 'sign']) }),
    output: contact,
    errors: ['vault.locked', 'vault.bad-key', 'vault.key-unusable', 'disk.failed'],
  }),
  rename: call({
    summary: 'Give a contact another name',
    scope: 'keys',
    input: z.strictObject({ keyId, name: keyLabel }),
    output: contact,
    errors: ['vault.locked', 'vault.key-not-found', 'disk.failed'],
  }),
  verify: call({
    summary: 'Compare with the fingerprint that the owner told; marks the contact when it is the same',
    scope: 'keys',
    input: z.strictObject({ keyId, fingerprint: z.string().check(z.maxLength(256)) }),
    output: z.strictObject({ isSame: z.boolean(), contact }),
    errors: ['vault.locked', 'vault.key-not-found', 'disk.failed'],
  }),
  remove: call({
    summary: 'Forget a public key',
    scope: 'keys',
    input: oneKey,
    output: nothing,
    errors: ['vault.locked', 'vault.key-not-found', 'disk.failed'],
  }),
};

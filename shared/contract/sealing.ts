import * as z from 'zod/mini';
import { moduleRecord } from '../model/module-report.ts';
import { runRecord } from '../model/run.ts';
import { bytes, count, keyId, runId, sessionId, timestamp } from '../model/scalars.ts';
import { call } from './call.ts';

const nothing = z.strictObject({});
const fileName = z.string().check(z.minLength(1), z.maxLength(255));
const path = z.string().check(z.minLength(1), z.maxLength(32_768));
const passphrase = z.string().check(z.maxLength(4096));

/** What a sealed file holds; bound into its header. */
export const sealedKind = z.enum(['module', 'input', 'output', 'backup']);
export type SealedKind = z.infer<typeof sealedKind>;
export const sealedSuite = z.enum(['aes-256-gcm', 'chacha20-poly1305']);

/** To whom: own keys and contacts, or a passphrase; never both. */
const sealTo = {
  recipients: z.array(keyId).check(z.maxLength(32)),
  passphrase: z.optional(passphrase),
  suite: z._default(sealedSuite, 'aes-256-gcm'),
  kind: z._default(z.enum(['module', 'input', 'output']), 'input'),
  /** leave the key tags out, so that the file does not say whose it is */
  isAnonymous: z._default(z.boolean(), false),
};
/** Names a job of the caller's choosing, for `sealing.progressed` and `sealing.cancel`. */
const job = z.string().check(z.minLength(1), z.maxLength(64));
const sealErrors = ['vault.locked', 'vault.key-not-found', 'vault.key-unusable', 'vault.weak-passphrase'] as const;
const openErrors = ['vault.locked', 'vault.cannot-open'] as const;

export const sealing = {
  seal: call({
    summary: 'Seal bytes to recipients or a passphrase; at most 256 MiB, larger files by path',
    scope: 'run',
    input: z.strictObject({ name: fileName, mediaType: z.optional(z.string()), bytes, ...sealTo }),
    output: z.strictObject({ bytes, fileName }),
    errors: [...sealErrors, 'contract.too-large'],
  }),
  /** Refused to the window: opened contents go to a file, or into a run. */
  open: call({
    summary: 'Open sealed bytes; at most 256 MiB, larger files by path',
    scope: 'keys',
    input: z.strictObject({ bytes, passphrase: z.optional(passphrase) }),
    output: z.strictObject({
      bytes,
      name: fileName,
      mediaType: z.string(),
      kind: sealedKind,
      keyId: z.nullable(keyId),
    }),
    errors: [...openErrors, 'contract.too-large'],
  }),
  inspect: call({
    summary: 'What the header of a sealed file tells without opening it',
    scope: 'read',
    input: z.strictObject({ header: bytes }),
    output: z.strictObject({
      kind: sealedKind,
      suite: sealedSuite,
      hasPassphrase: z.boolean(),
      /** one for each recipient: an own key, a contact, or neither (null: unknown or anonymous) */
      recipients: z.array(z.strictObject({ keyId: z.nullable(keyId), isOwn: z.boolean(), isAnonymous: z.boolean() })),
    }),
    errors: ['vault.locked', 'vault.cannot-open'],
  }),
  /** Over HTTP refused: the paths are the server's. `to` null asks with a native dialog. */
  sealPath: call({
    summary: 'Seal a file of this machine into another, streaming',
    scope: 'admin',
    input: z.strictObject({ from: path, to: z.nullable(path), job, mediaType: z.optional(z.string()), ...sealTo }),
    output: z.strictObject({ fileName, sizeBytes: count }),
    errors: [...sealErrors, 'disk.failed', 'call.cancelled'],
  }),
  openPath: call({
    summary: 'Open a sealed file of this machine into another, streaming; nothing is left when it fails',
    scope: 'admin',
    input: z.strictObject({ from: path, to: z.nullable(path), job, passphrase: z.optional(passphrase) }),
    output: z.strictObject({ fileName, sizeBytes: count, kind: sealedKind, keyId: z.nullable(keyId) }),
    errors: [...openErrors, 'disk.failed', 'call.cancelled'],
  }),
  cancel: call({
    summary: 'Stop sealing or opening a file',
    scope: 'admin',
    input: z.strictObject({ job }),
    output: nothing,
  }),
  output: call({
    summary: 'The sealed output of an ended run: `{ "items": [...] }` as JSON inside',
    scope: 'read',
    input: z.strictObject({ runId }),
    output: z.strictObject({ bytes, fileName }),
    errors: ['run.not-found', 'run.not-sealed'],
  }),
  loadModule: call({
    summary: 'Open a sealed module in memory and load it; its plaintext never touches the disk',
    scope: 'run',
    input: z.strictObject({ bytes, passphrase: z.optional(passphrase), keyId: z.optional(keyId) }),
    output: z.strictObject({ record: moduleRecord, isNew: z.boolean() }),
    errors: [...openErrors, 'module.too-large', 'module.malformed', 'module.unsupported', 'module.unreadable'],
  }),
};

export const sessionInfo = z.strictObject({
  sessionId,
  /** SPKI DER: seal module and input to it */
  publicKey: bytes,
  openedAt: timestamp,
  expiresAt: timestamp,
  isInUse: z.boolean(),
});
export type SessionInfo = z.infer<typeof sessionInfo>;

export const sessions = {
  open: call({
    summary: 'Make a key pair in memory for one request; at most one hour',
    scope: 'run',
    input: z.strictObject({
      /** the public key the output is sealed to: SPKI DER or 65 raw bytes */
      replyTo: bytes,
      lifetimeMs: z._default(z.int().check(z.gte(1000), z.lte(3_600_000)), 600_000),
    }),
    output: sessionInfo,
    errors: ['vault.bad-key', 'session.too-many'],
  }),
  list: call({ summary: 'Open sessions', scope: 'read', input: nothing, output: z.array(sessionInfo) }),
  /** The session is closed and its key wiped whatever happens. */
  execute: call({
    summary: 'Open module and request, run, seal the result to the caller, close the session',
    scope: 'run',
    input: z.strictObject({
      sessionId,
      /** sealed file of kind module, to the session */
      module: bytes,
      /** sealed file of kind input, to the session: a run request as JSON, without `module` */
      request: bytes,
    }),
    output: z.strictObject({
      /** sealed file of kind output, to `replyTo`: `{ "items": [...] }` as JSON, or empty when there is nothing */
      output: bytes,
      record: runRecord,
      /** the receipt file as text */
      receipt: z.string(),
    }),
    errors: [
      'session.not-found',
      'vault.cannot-open',
      'contract.invalid-input',
      'module.too-large',
      'module.malformed',
      'module.unsupported',
      'run.no-such-export',
      'run.bad-argument',
      'run.bad-limit',
      'run.busy',
      'run.too-late',
      'policy.not-found',
    ],
  }),
  close: call({
    summary: 'Wipe a session',
    scope: 'run',
    input: z.strictObject({ sessionId }),
    output: nothing,
    errors: ['session.not-found'],
  }),
};

import { randomBytes } from 'node:crypto';
import type { SealedKind } from '../../shared/contract/sealing.ts';
import { bigEndian, concatBytes, equalBytes, utf8, wipe } from './bytes.ts';
import { type AeadName, engine } from './engine.ts';
import { expand } from './hkdf.ts';
import { setupReceiver, setupSender } from './hpke.ts';
import { keyTagOf } from './p256.ts';
import { type Argon2, type Argon2Parameters, areAcceptable, argon2Defaults, stretchPassphrase } from './passphrase.ts';

// CRYPTO: magic, version, suite, kind, number of stanzas, length of the stanzas.
const MAGIC = Uint8Array.of(0x89, 0x47, 0x42, 0x58, 0x0d, 0x0a, 0x1a, 0x0a);
const VERSION = 1;
const SUITES: readonly AeadName[] = ['aes-256-gcm', 'chacha20-poly1305'];
const KINDS: readonly SealedKind[] = ['module', 'input', 'output', 'backup'];
export const FIXED_BYTES = 16;
export const STANZAS_MAX_BYTES = 65_536;
export const MAC_BYTES = 32;
const RECIPIENTS_MAX = 32;
const HPKE_STANZA = 1;
const PASSPHRASE_STANZA = 2;
// tag, enc, wrapped file key; parameters, salt, wrapped file key
const HPKE_STANZA_BYTES = 8 + 65 + 48;
const PASSPHRASE_STANZA_BYTES = 12 + 16 + 48;
const NO_TAG = new Uint8Array(8);
const ZERO_NONCE = new Uint8Array(12);
const HPKE_LABEL = utf8('glovebox sealed v1 recipient');
const PASSPHRASE_LABEL = utf8('glovebox sealed v1 passphrase');

/** One way to the file key. */
export type Stanza =
  | { readonly type: 'hpke'; readonly tag: Uint8Array; readonly enc: Uint8Array; readonly wrapped: Uint8Array }
  | {
      readonly type: 'passphrase';
      readonly parameters: Argon2Parameters;
      readonly salt: Uint8Array;
      readonly wrapped: Uint8Array;
    };

/** A header as it was read; its MAC has not been checked. */
export type Envelope = {
  readonly suite: AeadName;
  readonly kind: SealedKind;
  readonly stanzas: readonly Stanza[];
  /** everything before the MAC */
  readonly bytes: Uint8Array;
};

/** Who can open what is sealed. */
export type SealTo =
  | { readonly recipients: readonly Uint8Array[]; readonly isAnonymous: boolean }
  | { readonly passphrase: string | Uint8Array; readonly argon2?: Argon2 | undefined };

/** A new header with its MAC, the file key, and the context that binds the body to both. The caller wipes the key. */
export async function sealEnvelope(
  suite: AeadName,
  kind: SealedKind,
  to: SealTo,
): Promise<{ bytes: Uint8Array; fileKey: Uint8Array }> {
  const fileKey = new Uint8Array(randomBytes(32));
  const count = 'passphrase' in to ? 1 : to.recipients.length;
  if (count < 1 || count > RECIPIENTS_MAX) throw new RangeError('sealed data must have 1 to 32 recipients');
  const start = concatBytes(MAGIC, Uint8Array.of(VERSION, SUITES.indexOf(suite) + 1, KINDS.indexOf(kind) + 1, count));
  const stanzas =
    'passphrase' in to
      ? [await passphraseStanza(to.passphrase, fileKey, start, suite, to.argon2)]
      : to.recipients.map((publicKey) => hpkeStanza(publicKey, fileKey, start, suite, to.isAnonymous));
  const body = concatBytes(...stanzas);
  const header = concatBytes(start, bigEndian(body.length, 4), body);
  return { bytes: concatBytes(header, headerMac(fileKey, header)), fileKey };
}

/** How many bytes of stanzas follow the 16 fixed ones; undefined when they are no start of a sealed file. */
export function stanzaBytes(fixed: Uint8Array): number | undefined {
  if (fixed.length !== FIXED_BYTES || !MAGIC.every((byte, i) => byte === fixed[i])) return undefined;
  const length = new DataView(fixed.buffer, fixed.byteOffset, fixed.length).getUint32(12);
  const [version, suite = 0, kind = 0, count = 0] = fixed.subarray(8, 12);
  const isKnown = version === VERSION && suite >= 1 && suite <= SUITES.length && kind >= 1 && kind <= KINDS.length;
  return isKnown && count >= 1 && count <= RECIPIENTS_MAX && length <= STANZAS_MAX_BYTES ? length : undefined;
}

/** Whether bytes begin as a sealed file does. */
export function isSealed(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => byte === bytes[i]);
}

/** Reads a whole header without its MAC; undefined unless it is one. Stanzas of unknown type are skipped. */
export function parseEnvelope(bytes: Uint8Array): Envelope | undefined {
  const length = stanzaBytes(bytes.subarray(0, FIXED_BYTES));
  const suite = SUITES[(bytes[9] ?? 0) - 1];
  const kind = KINDS[(bytes[10] ?? 0) - 1];
  if (length !== bytes.length - FIXED_BYTES || suite === undefined || kind === undefined) return undefined;
  const stanzas = parseStanzas(bytes.subarray(FIXED_BYTES), bytes[11] ?? 0);
  return stanzas && { suite, kind, stanzas, bytes };
}

/** The file key out of a recipient's stanza, or undefined. It is not to be trusted before `isHeaderOf` said so. */
export function unwrapForRecipient(envelope: Envelope, stanza: Stanza, secret: Uint8Array): Uint8Array | undefined {
  if (stanza.type !== 'hpke') return undefined;
  try {
    const info = concatBytes(HPKE_LABEL, envelope.bytes.subarray(0, 12));
    const context = setupReceiver(stanza.enc, secret, { aead: envelope.suite, info });
    const fileKey = context.open(stanza.wrapped);
    context.wipe();
    return fileKey;
  } catch {
    return undefined; // enc is no point
  }
}

/** The file key out of the passphrase stanza, or undefined. */
export async function unwrapWithPassphrase(
  envelope: Envelope,
  passphrase: string | Uint8Array,
  argon2?: Argon2,
): Promise<Uint8Array | undefined> {
  const [stanza] = envelope.stanzas;
  if (stanza?.type !== 'passphrase' || !areAcceptable(stanza.parameters)) return undefined;
  const key = await stretchPassphrase(passphrase, stanza.salt, stanza.parameters, argon2);
  const associated = concatBytes(PASSPHRASE_LABEL, envelope.bytes.subarray(0, 12));
  const fileKey = engine().aead[envelope.suite].open(key, ZERO_NONCE, stanza.wrapped, associated);
  wipe(key);
  return fileKey;
}

/** Whether the MAC of a header was made with this file key; in constant time. */
export function isHeaderOf(fileKey: Uint8Array, header: Uint8Array, mac: Uint8Array): boolean {
  return equalBytes(headerMac(fileKey, header), mac);
}

/** The key of the body's chunks. */
export function bodyKey(fileKey: Uint8Array): Uint8Array {
  return expand('sha256', fileKey, utf8('glovebox sealed v1 body'), 32);
}

function headerMac(fileKey: Uint8Array, header: Uint8Array): Uint8Array {
  const key = expand('sha256', fileKey, utf8('glovebox sealed v1 header'), 32);
  const mac = engine().hmac('sha256', key, header);
  wipe(key);
  return mac;
}

function hpkeStanza(
  publicKey: Uint8Array,
  fileKey: Uint8Array,
  start: Uint8Array,
  suite: AeadName,
  isAnonymous: boolean,
): Uint8Array {
  const { enc, context } = setupSender(publicKey, { aead: suite, info: concatBytes(HPKE_LABEL, start) });
  const wrapped = context.seal(fileKey);
  context.wipe();
  return stanza(HPKE_STANZA, concatBytes(isAnonymous ? NO_TAG : keyTagOf(publicKey), enc, wrapped));
}

async function passphraseStanza(
  passphrase: string | Uint8Array,
  fileKey: Uint8Array,
  start: Uint8Array,
  suite: AeadName,
  argon2: Argon2 | undefined,
): Promise<Uint8Array> {
  const salt = new Uint8Array(randomBytes(16));
  const { memoryKiB, passes, lanes } = argon2Defaults;
  const key = await stretchPassphrase(passphrase, salt, argon2Defaults, argon2);
  // The salt makes this key new for every file, so its one nonce may be zero.
  const wrapped = engine().aead[suite].seal(key, ZERO_NONCE, fileKey, concatBytes(PASSPHRASE_LABEL, start));
  wipe(key);
  const parameters = concatBytes(bigEndian(memoryKiB, 4), bigEndian(passes, 4), bigEndian(lanes, 4));
  return stanza(PASSPHRASE_STANZA, concatBytes(parameters, salt, wrapped));
}

function stanza(type: number, body: Uint8Array): Uint8Array {
  return concatBytes(bigEndian(type, 2), bigEndian(body.length, 2), body);
}

function parseStanzas(bytes: Uint8Array, count: number): Stanza[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stanzas: Stanza[] = [];
  let offset = 0;
  let seen = 0;
  for (; offset + 4 <= bytes.length; seen++) {
    const type = view.getUint16(offset);
    const end = offset + 4 + view.getUint16(offset + 2);
    if (end > bytes.length) return undefined;
    const body = bytes.subarray(offset + 4, end);
    offset = end;
    if (type !== HPKE_STANZA && type !== PASSPHRASE_STANZA) continue;
    const parsed = type === HPKE_STANZA ? parseHpke(body) : parsePassphrase(body);
    if (parsed === undefined) return undefined;
    stanzas.push(parsed);
  }
  const isWhole = offset === bytes.length && seen === count;
  const hasPassphrase = stanzas.some((one) => one.type === 'passphrase');
  return isWhole && (!hasPassphrase || seen === 1) ? stanzas : undefined;
}

function parseHpke(body: Uint8Array): Stanza | undefined {
  if (body.length !== HPKE_STANZA_BYTES) return undefined;
  return { type: 'hpke', tag: body.subarray(0, 8), enc: body.subarray(8, 73), wrapped: body.subarray(73) };
}

function parsePassphrase(body: Uint8Array): Stanza | undefined {
  if (body.length !== PASSPHRASE_STANZA_BYTES) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const parameters = { memoryKiB: view.getUint32(0), passes: view.getUint32(4), lanes: view.getUint32(8) };
  return { type: 'passphrase', parameters, salt: body.subarray(12, 28), wrapped: body.subarray(28) };
}

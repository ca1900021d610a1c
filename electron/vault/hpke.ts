import { bigEndian, concatBytes, utf8, wipe } from './bytes.ts';
import { type AeadName, type Engine, engine } from './engine.ts';
import { expand, extract } from './hkdf.ts';
import { checkPublicKey, checkSecret } from './p256.ts';

// RFC 9180 §7: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256. A post-quantum hybrid (0x0050) would be a second KEM here.
const KEM_ID = 0x0010;
const KDF_ID = 0x0001;
const AEAD_IDS: { readonly [name in AeadName]: number } = { 'aes-256-gcm': 0x0002, 'chacha20-poly1305': 0x0003 };
const HPKE_V1 = utf8('HPKE-v1');
const KEM_SUITE = concatBytes(utf8('KEM'), bigEndian(KEM_ID, 2));
const EMPTY = new Uint8Array();

/** A pre-shared key and its id: both, or the mode is base (RFC 9180 §5.1.2). The key has at least 32 bytes. */
export type Psk = { readonly key: Uint8Array; readonly id: Uint8Array };

export type HpkeOptions = {
  readonly aead?: AeadName;
  readonly info?: Uint8Array;
  readonly psk?: Psk;
  readonly engine?: Engine;
  /** the sender's ephemeral scalar, for known-answer tests only */
  readonly ephemeralSecret?: Uint8Array;
};

/** One direction of an encryption context. Every message has its own nonce; `wipe` ends it. */
export type HpkeContext = {
  seal(plaintext: Uint8Array, aad?: Uint8Array): Uint8Array;
  /** undefined when the ciphertext does not authenticate */
  open(ciphertext: Uint8Array, aad?: Uint8Array): Uint8Array | undefined;
  exportSecret(context: Uint8Array, length: number): Uint8Array;
  wipe(): void;
};

/**
 * SetupBaseS or SetupPSKS (RFC 9180 §5.1): `enc` (65 bytes) goes to the recipient with the ciphertexts.
 * @throws KeyError when `recipient` is no public key
 */
export function setupSender(
  recipient: Uint8Array,
  options: HpkeOptions = {},
): { enc: Uint8Array; context: HpkeContext } {
  const by = options.engine ?? engine();
  checkPublicKey(recipient, by);
  const secret = options.ephemeralSecret?.slice() ?? by.curve.generate();
  const enc = by.curve.publicKeyOf(secret);
  const shared = sharedSecret(by, secret, recipient, enc, recipient);
  wipe(secret);
  return { enc, context: keySchedule(by, shared, options) };
}

/**
 * SetupBaseR or SetupPSKR (RFC 9180 §5.1).
 * @throws KeyError when `secret` is no private or `enc` no public key
 */
export function setupReceiver(enc: Uint8Array, secret: Uint8Array, options: HpkeOptions = {}): HpkeContext {
  const by = options.engine ?? engine();
  checkPublicKey(enc, by);
  checkSecret(secret);
  return keySchedule(by, sharedSecret(by, secret, enc, enc, by.curve.publicKeyOf(secret)), options);
}

// Encap and Decap after the Diffie-Hellman step (RFC 9180 §4.1).
function sharedSecret(
  by: Engine,
  secret: Uint8Array,
  other: Uint8Array,
  enc: Uint8Array,
  recipient: Uint8Array,
): Uint8Array {
  const dh = by.curve.sharedSecret(secret, other);
  const prk = labeledExtract(by, KEM_SUITE, EMPTY, 'eae_prk', dh);
  const shared = labeledExpand(by, KEM_SUITE, prk, 'shared_secret', concatBytes(enc, recipient), 32);
  wipe(dh, prk);
  return shared;
}

function keySchedule(by: Engine, shared: Uint8Array, options: HpkeOptions): HpkeContext {
  const aead = options.aead ?? 'aes-256-gcm';
  if (options.psk !== undefined && (options.psk.key.length < 32 || options.psk.id.length === 0)) {
    throw new RangeError('pre-shared key must have at least 32 bytes and an id');
  }
  const suite = concatBytes(utf8('HPKE'), bigEndian(KEM_ID, 2), bigEndian(KDF_ID, 2), bigEndian(AEAD_IDS[aead], 2));
  const pskIdHash = labeledExtract(by, suite, EMPTY, 'psk_id_hash', options.psk?.id ?? EMPTY);
  const infoHash = labeledExtract(by, suite, EMPTY, 'info_hash', options.info ?? EMPTY);
  const context = concatBytes(Uint8Array.of(options.psk === undefined ? 0 : 1), pskIdHash, infoHash);
  const secret = labeledExtract(by, suite, shared, 'secret', options.psk?.key ?? EMPTY);
  const key = labeledExpand(by, suite, secret, 'key', context, 32);
  const baseNonce = labeledExpand(by, suite, secret, 'base_nonce', context, 12);
  const exporter = labeledExpand(by, suite, secret, 'exp', context, 32);
  wipe(shared, secret);
  let sequence = 0;

  function nonce(): Uint8Array {
    const counter = bigEndian(sequence, 12);
    return counter.map((byte, i) => byte ^ (baseNonce[i] ?? 0));
  }
  return {
    seal(plaintext, aad = EMPTY) {
      const ciphertext = by.aead[aead].seal(key, nonce(), plaintext, aad);
      sequence++;
      return ciphertext;
    },
    open(ciphertext, aad = EMPTY) {
      const plaintext = by.aead[aead].open(key, nonce(), ciphertext, aad);
      if (plaintext !== undefined) sequence++;
      return plaintext;
    },
    exportSecret: (exporterContext, length) => labeledExpand(by, suite, exporter, 'sec', exporterContext, length),
    wipe: () => wipe(key, baseNonce, exporter),
  };
}

function labeledExtract(by: Engine, suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return extract('sha256', salt, concatBytes(HPKE_V1, suite, utf8(label), ikm), by);
}

function labeledExpand(
  by: Engine,
  suite: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  return expand('sha256', prk, concatBytes(bigEndian(length, 2), HPKE_V1, suite, utf8(label), info), length, by);
}

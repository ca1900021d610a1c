import { wipe } from './bytes.ts';
import { type Envelope, type Stanza, unwrapForRecipient, unwrapWithPassphrase } from './envelope.ts';
import { keyTagOf } from './p256.ts';
import type { Argon2 } from './passphrase.ts';
import type { KeyFinder } from './sealed-stream.ts';

/** A private key that may open something. The secret stays the caller's. */
export type OpeningKey = { readonly keyId: string; readonly point: Uint8Array; readonly secret: Uint8Array };

/** Finds the file key by the tags, then, for stanzas without a tag, by trying every key. Tells which key it was. */
export function findByKeys(keys: readonly OpeningKey[], onFound: (key: OpeningKey) => void = () => {}): KeyFinder {
  return async (envelope, isRight) => {
    for (const stanza of envelope.stanzas) {
      for (const key of keys) {
        const fileKey = isFor(stanza, key) ? unwrapForRecipient(envelope, stanza, key.secret) : undefined;
        if (fileKey === undefined) continue;
        if (isRight(fileKey)) {
          onFound(key);
          return fileKey;
        }
        wipe(fileKey);
      }
    }
    return undefined;
  };
}

/** Opens with a passphrase. */
export function findByPassphrase(passphrase: string | Uint8Array, argon2?: Argon2): KeyFinder {
  return async (envelope, isRight) => {
    const fileKey = await unwrapWithPassphrase(envelope, passphrase, argon2);
    if (fileKey === undefined || isRight(fileKey)) return fileKey;
    wipe(fileKey);
    return undefined;
  };
}

/** Whether a header was sealed under a passphrase. */
export function wantsPassphrase(envelope: Envelope): boolean {
  return envelope.stanzas.some((stanza) => stanza.type === 'passphrase');
}

/** Whether a stanza names no key. */
export function isAnonymous(stanza: Stanza): boolean {
  return stanza.type === 'hpke' && stanza.tag.every((byte) => byte === 0);
}

/** Whether a stanza names this key, or none. */
export function isFor(stanza: Stanza, key: { readonly point: Uint8Array }): boolean {
  if (stanza.type !== 'hpke') return false;
  if (isAnonymous(stanza)) return true;
  const tag = keyTagOf(key.point);
  return stanza.tag.every((byte, i) => byte === tag[i]);
}

import { fromBase64 } from '../../../shared/base64.ts';

export type HashVerdict = 'empty' | 'not-a-hash' | 'same' | 'different';

/** Holds pasted text against a hex digest. Takes hex (with `sha256:` and a file name behind it), and base64. */
export function compareHash(digest: string, text: string): HashVerdict {
  const token =
    text
      .trim()
      .replace(/^sha-?256[:-]/i, '')
      .split(/\s+/)[0] ?? '';
  if (token === '') return 'empty';
  const hex = toHex(token);
  if (hex === undefined) return 'not-a-hash';
  return hex === digest ? 'same' : 'different';
}

function toHex(token: string): string | undefined {
  if (/^[0-9a-f]{64}$/i.test(token)) return token.toLowerCase();
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(token)) return undefined;
  const bytes = fromBase64(token.padEnd(44, '='));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

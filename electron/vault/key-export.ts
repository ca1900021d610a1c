import { spkiOfPoint } from './p256-encoding.ts';
import { encryptPkcs8 } from './pkcs8.ts';

/** A public key as text that other tools read: SPKI PEM, JWK (RFC 7517), or base64 of the 65 bytes of the point. */
export function publicKeyText(point: Uint8Array, format: 'pem' | 'jwk' | 'raw'): string {
  if (format === 'pem') return pem('PUBLIC KEY', spkiOfPoint(point));
  if (format === 'raw') return `${Buffer.from(point).toString('base64')}\n`;
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => Buffer.from(half).toString('base64url'));
  return `${JSON.stringify({ kty: 'EC', crv: 'P-256', x, y })}\n`;
}

/** A private key as encrypted PKCS#8 in PEM (see `encryptPkcs8`). */
export async function privateKeyPem(secret: Uint8Array, passphrase: string): Promise<string> {
  return pem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(secret, passphrase));
}

/** A name for a file about a key: its label made harmless, or the start of its id. */
export function keyFileName(label: string, keyId: string, suffix: string): string {
  const harmless = label
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 48);
  return `${harmless === '' ? keyId.slice(0, 16) : harmless}${suffix}`;
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

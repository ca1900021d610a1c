import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { LogSigner } from '../../electron/ledger/index.ts';

/** A new P-256 key in the test's memory. */
export function newSigner(): LogSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return {
    publicKeySpki: publicKey.export({ type: 'spki', format: 'der' }),
    sign: (bytes) => sign('sha256', bytes, key),
  };
}

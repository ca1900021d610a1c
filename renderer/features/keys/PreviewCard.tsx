import type { ReactNode } from 'react';
import { Facts } from '../../ui/Facts.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { FingerprintBlock } from './FingerprintBlock.tsx';
import type { KeyPreview, PreviewState } from './use-preview.ts';

const FORMATS = { pem: 'PEM', jwk: 'JWK', der: 'DER', raw: 'raw' };

/** What was found in key material, before anything is stored. */
export function PreviewCard(props: { state: PreviewState; children?: (preview: KeyPreview) => ReactNode }) {
  const { state } = props;
  switch (state.kind) {
    case 'empty':
      return null;
    case 'reading':
      return <p role="status">Reading…</p>;
    case 'refused':
      return (
        <Notice tone="warning">
          <p>
            No key could be read from this: expected a P-256 key as PEM, DER, JWK or raw. If it is encrypted, its
            passphrase is missing or wrong.
          </p>
        </Notice>
      );
    case 'read': {
      const { preview } = state;
      return (
        <>
          <FingerprintBlock keyId={preview.keyId} fingerprint={preview.fingerprint} />
          <Facts
            rows={[
              ['Algorithm', 'P-256'],
              ['What it is', preview.isPrivate ? 'a private key' : 'a public key'],
              ['Format', `${FORMATS[preview.format]}${preview.isEncrypted ? ', encrypted' : ''}`],
            ]}
          />
          {preview.known !== null && (
            <Notice tone="warning">
              {preview.known === 'key' ? 'You already have this key.' : 'This key is one of your contacts.'}
            </Notice>
          )}
          {props.children?.(preview)}
        </>
      );
    }
  }
}

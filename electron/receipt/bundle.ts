import type { DsseEnvelope } from '../../shared/model/receipt.ts';

/** Media type of Sigstore bundles of this version. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/**
 * A receipt as Sigstore bundle v0.3: the same envelope, with the key id as hint at the public key, and neither
 * certificate nor log entry of Sigstore's own services.
 */
export function sigstoreBundle(dsse: DsseEnvelope): { [name: string]: unknown } {
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      publicKey: { hint: dsse.signatures[0]?.keyid ?? '' },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope: dsse,
  };
}

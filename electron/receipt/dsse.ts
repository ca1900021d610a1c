import type { DsseEnvelope } from '../../shared/model/receipt.ts';
import { concatBytes, utf8 } from '../vault/bytes.ts';

/** Signs pre-authenticated bytes: DER, with the key that `keyId` (hex SHA-256 of SPKI) names. */
export type SignPort = {
  readonly keyId: string;
  /** SPKI DER */
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
};

/** DSSE v1 pre-authentication encoding: what is signed in place of the payload, so that its type is signed too. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

/** Puts a payload into a signed envelope. */
export function signEnvelope(payloadType: string, payload: Uint8Array, signer: SignPort): DsseEnvelope {
  const signature = signer.sign(preAuthenticationEncoding(payloadType, payload));
  return {
    payload: Buffer.from(payload).toString('base64'),
    payloadType,
    signatures: [{ keyid: signer.keyId, sig: Buffer.from(signature).toString('base64') }],
  };
}

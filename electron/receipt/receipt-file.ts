import * as z from 'zod/mini';
import { type DsseEnvelope, dsseEnvelope, receiptFile } from '../../shared/model/receipt.ts';
import { BUNDLE_MEDIA_TYPE } from './bundle.ts';
import { parseStrictJson } from './strict-json.ts';

/** The largest receipt that is looked at: a batch of 100 with its proof is well under a tenth of it. */
export const RECEIPT_MAX_BYTES = 4 * 1024 * 1024;

const bundle = z.object({ mediaType: z.literal(BUNDLE_MEDIA_TYPE), dsseEnvelope: dsseEnvelope });

/** An envelope out of a file, and the form it came in. */
export type ParsedReceipt = {
  readonly dsse: DsseEnvelope;
  readonly payload: Uint8Array;
  readonly tlogProof: string | null;
  readonly form: 'receipt' | 'envelope' | 'bundle';
};

/** Reads a receipt file, a bare DSSE envelope or a Sigstore bundle; undefined when it is none of them, strictly read. */
export function parseReceipt(bytes: Uint8Array): ParsedReceipt | undefined {
  if (bytes.length > RECEIPT_MAX_BYTES) return undefined;
  try {
    const value = parseStrictJson(bytes);
    const file = receiptFile.safeParse(value);
    if (file.success) return whole(file.data.dsse, file.data.tlogProof, 'receipt');
    const found = bundle.safeParse(value);
    if (found.success) return whole(found.data.dsseEnvelope, null, 'bundle');
    const envelope = dsseEnvelope.safeParse(value);
    return envelope.success ? whole(envelope.data, null, 'envelope') : undefined;
  } catch {
    return undefined;
  }
}

function whole(dsse: DsseEnvelope, tlogProof: string | null, form: ParsedReceipt['form']): ParsedReceipt {
  return { dsse, tlogProof, form, payload: new Uint8Array(Buffer.from(dsse.payload, 'base64')) };
}

/** The text of a receipt file. */
export function receiptText(dsse: DsseEnvelope, tlogProof: string | null): string {
  return `${JSON.stringify({ dsse, tlogProof }, undefined, 2)}\n`;
}

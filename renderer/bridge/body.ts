import { toBase64 } from '../../shared/base64.ts';

/** More raw bytes than this travel as parts of a form instead of base64 inside the JSON. */
const INLINE_BYTES = 64 * 1024;

export type EncodedBody = { body: string | FormData; headers: Record<string, string> };

/** Encodes a call's input: JSON where it is small, else `multipart/form-data` with `{"$part":"…"}` in place of bytes. */
export async function encodeBody(input: unknown): Promise<EncodedBody> {
  const parts = new Map<string, Blob>();
  const value = await replaceBytes(input, parts);
  const json = JSON.stringify(value);
  if (parts.size === 0) return { body: json, headers: { 'content-type': 'application/json' } };
  const form = new FormData();
  form.append('input', json);
  for (const [name, blob] of parts) form.append(name, blob);
  return { body: form, headers: {} };
}

async function replaceBytes(value: unknown, parts: Map<string, Blob>): Promise<unknown> {
  if (value instanceof Blob) return addPart(value, parts);
  if (value instanceof Uint8Array) {
    if (value.byteLength <= INLINE_BYTES) return toBase64(value);
    return addPart(new Blob([value.slice()]), parts);
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => replaceBytes(item, parts)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await replaceBytes(item, parts)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function addPart(blob: Blob, parts: Map<string, Blob>): { $part: string } {
  const name = `bytes${parts.size}`;
  parts.set(name, blob);
  return { $part: name };
}

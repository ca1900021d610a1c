import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { importStub } from '../../shared/model/capability.ts';
import { determinism, entryPoint, runRequest, wasiInput } from '../../shared/model/run.ts';
import { bigEndian, concatBytes, utf8, wipe } from '../vault/bytes.ts';
import { engine } from '../vault/engine.ts';
import type { Openings } from './build.ts';
import type { RunInput } from './run-data.ts';

/** What the owner keeps of a run, apart from its receipt. `input` null when it was too large to keep. */
export type OwnerRecord = { readonly openings: Openings; readonly input: RunInput | null };

/** Larger inputs are not kept; the receipt still commits to them. */
const INPUT_MAX_BYTES = 1024 * 1024;

const keptInput = z.strictObject({
  entry: entryPoint,
  wasi: z.optional(wasiInput),
  stubs: z.optional(z.array(importStub)),
  determinism: z.optional(determinism),
  batch: runRequest.shape.batch,
});

/** Encrypts under the owner's data key, bound to the receipt: nonce, then openings, length and JSON of the input. */
export function sealOwnerRecord(
  dataKey: Uint8Array,
  receiptId: string,
  openings: Openings,
  input: RunInput,
): Uint8Array {
  const { entry, wasi, stubs, determinism: seed, batch } = input;
  const text = isSmall(input) ? JSON.stringify({ entry, wasi, stubs, determinism: seed, batch }, bytesAsBase64) : '';
  const json = utf8(text);
  const plain = concatBytes(openings.input, openings.output, bigEndian(json.length, 4), json);
  const nonce = new Uint8Array(randomBytes(12));
  const sealed = engine().aead['aes-256-gcm'].seal(dataKey, nonce, plain, utf8(receiptId));
  wipe(plain, json);
  return concatBytes(nonce, sealed);
}

/** Undefined when the record is of another receipt or key, or was changed. */
export function openOwnerRecord(dataKey: Uint8Array, receiptId: string, record: Uint8Array): OwnerRecord | undefined {
  const aead = engine().aead['aes-256-gcm'];
  const plain = aead.open(dataKey, record.subarray(0, 12), record.subarray(12), utf8(receiptId));
  if (plain === undefined || plain.length < 68) return undefined;
  try {
    const json = new TextDecoder().decode(plain.subarray(68));
    const input = json === '' ? null : (keptInput.parse(JSON.parse(json)) as RunInput);
    return { openings: { input: plain.slice(0, 32), output: plain.slice(32, 64) }, input };
  } catch {
    return undefined;
  } finally {
    wipe(plain);
  }
}

function isSmall({ entry, wasi, batch }: RunInput): boolean {
  const args = entry.kind === 'export' ? entry.args : [];
  const parts = [
    wasi?.stdin,
    ...(wasi?.files ?? []).map(({ content }) => content),
    ...(batch ?? []).map(({ stdin }) => stdin),
  ];
  const texts = [
    ...args,
    ...(wasi?.args ?? []),
    ...(wasi?.env ?? []).flat(),
    ...(batch ?? []).flatMap((one) => one.args ?? []),
  ];
  const length = [...parts, ...texts].reduce((sum, part) => sum + (part?.length ?? 0), 0);
  return length <= INPUT_MAX_BYTES;
}

function bytesAsBase64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../../shared/result.ts';
import { formatBytes } from '../../../shared/units.ts';

/** A part that the JSON refers to, in place of bytes. */
type PartReference = { readonly $part: string };

/**
 * Reads a call's input from a request: JSON as it is; or a form whose part `input` is JSON in which `{"$part":"name"}`
 * stands for the raw bytes of the part `name`.
 * @throws Refusal `contract.invalid-input`, `contract.too-large`
 */
export async function readInput(request: FastifyRequest, maxBytes: number): Promise<unknown> {
  if (!request.isMultipart()) return request.body ?? {};
  const { json, parts } = await readParts(request, maxBytes);
  if (json === undefined) throw new Refusal('contract.invalid-input', 'expected a part named input with JSON');
  return fillIn(parseJson(json), parts);
}

async function readParts(request: FastifyRequest, maxBytes: number) {
  const parts = new Map<string, Uint8Array>();
  let json: string | undefined;
  let total = 0;
  try {
    for await (const part of request.parts()) {
      const name = part.fieldname;
      if (name === 'input') json = await textOf(part);
      else if (parts.has(name)) throw new Refusal('contract.invalid-input', 'expected every part once');
      else parts.set(name, await bytesOf(part));
    }
  } catch (error) {
    throw refusalOfForm(error);
  }
  if (total > maxBytes) {
    const message = `the parts have ${formatBytes(total)}, expected at most ${formatBytes(maxBytes)}`;
    throw new Refusal('contract.too-large', message, { sizeBytes: total, limitBytes: maxBytes });
  }
  return { json, parts };

  async function bytesOf(part: MultipartFile | MultipartValue): Promise<Uint8Array> {
    if (part.type === 'field') return Buffer.from(String(part.value));
    const chunks: Uint8Array[] = [];
    // Past the cap the rest is read and dropped: a browser takes an answer in mid-upload for a broken connection.
    for await (const chunk of part.file as AsyncIterable<Uint8Array>) {
      total += chunk.length;
      if (total <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
    return Buffer.concat(chunks);
  }

  async function textOf(part: MultipartFile | MultipartValue): Promise<string> {
    return part.type === 'field' ? String(part.value) : Buffer.from(await bytesOf(part)).toString('utf8');
  }
}

/** What the form reader throws is about the form; its limits are ours. */
function refusalOfForm(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) return new Refusal('contract.too-large', 'the form has more or larger parts than are taken');
  return new Refusal('contract.invalid-input', 'expected a form with a boundary and whole parts');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('contract.invalid-input', 'the part named input is not JSON');
  }
}

function fillIn(value: unknown, parts: ReadonlyMap<string, Uint8Array>): unknown {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, parts));
  if (typeof value !== 'object' || value === null) return value;
  if (isReference(value)) {
    const bytes = parts.get(value.$part);
    if (bytes === undefined) throw new Refusal('contract.invalid-input', 'a $part names a part that was not sent');
    return bytes;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, parts)]));
}

function isReference(value: object): value is PartReference {
  return '$part' in value && typeof value.$part === 'string' && Object.keys(value).length === 1;
}

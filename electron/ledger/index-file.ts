import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { count } from '../../shared/model/scalars.ts';
import { type Disk, readFileIfThere } from '../disk/index.ts';
import { type Columns, columnNames } from './columns.ts';
import { sha256 } from './hashing.ts';
import type { Head } from './head.ts';

/**
 * The columns on disk, so that opening a log does not read its entries: `index/NNNNNN.columns`, each with the rows of
 * 32,768 entries and the strings they use. The index is a cache: it can be thrown away, it is never believed about
 * whether an entry is genuine, and verification does not look at it.
 */
export const INDEX_ROWS = 32_768;

const MAGIC = Buffer.from('GBXINDX1', 'latin1');
const DIGEST_BYTES = 32;
const words = z.array(z.string());
const indexHeader = z.strictObject({
  firstSeq: count,
  rows: count.check(z.lte(INDEX_ROWS)),
  months: words,
  ops: words,
  actors: words,
  outcomes: words,
  modules: words,
  /** the head of the log after the last row */
  end: z.strictObject({ size: count, month: z.string(), offset: count, leaf: z.string() }),
});

/** Writes the rows of the chunk that holds the entry before `end.size`. `end` is the head after its last row. */
export async function writeIndexChunk(disk: Disk, folder: string, columns: Columns, end: Head): Promise<void> {
  const number = Math.floor((end.size - 1) / INDEX_ROWS);
  const firstSeq = Math.max(number * INDEX_ROWS, columns.base);
  const { arrays, ...strings } = columns.pack(firstSeq - columns.base, end.size - columns.base);
  const header = Buffer.from(JSON.stringify({ firstSeq, rows: end.size - firstSeq, ...strings, end }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const body = Buffer.concat([MAGIC, length, header, ...arrays.map(asBytes)]);
  await disk.ensureDir(join(folder, 'index'));
  await disk.writeFileAtomic(chunkPath(folder, number), Buffer.concat([body, sha256(body)]));
}

/**
 * Fills empty columns from the index, as far as it goes without a gap.
 * @returns the head after the last row that was filled in, or undefined when there is no usable index
 */
export async function readIndex(folder: string, columns: Columns): Promise<Head | undefined> {
  let end: Head | undefined;
  const numbers = await chunkNumbers(folder);
  columns.reserve(numbers.length * INDEX_ROWS);
  for (const number of numbers) {
    const bytes = await readFileIfThere(chunkPath(folder, number));
    const chunk = bytes && readChunk(bytes);
    const next = columns.base + columns.length;
    if (!chunk || chunk.header.end.size <= next) continue;
    if (chunk.header.firstSeq > next || chunk.header.firstSeq + chunk.header.rows !== chunk.header.end.size) break;
    const { rows, firstSeq, months, ops, actors, outcomes, modules } = chunk.header;
    columns.unpack(chunk.columns, rows, next - firstSeq, { months, ops, actors, outcomes, modules });
    end = chunk.header.end;
    if (rows % INDEX_ROWS !== 0 && end.size % INDEX_ROWS !== 0) break;
  }
  return end;
}

/** Throws the index away, or the part of it that is wholly before an entry. */
export async function dropIndex(disk: Disk, folder: string, beforeSeq = Number.POSITIVE_INFINITY): Promise<void> {
  for (const number of await chunkNumbers(folder)) {
    if ((number + 1) * INDEX_ROWS <= beforeSeq) await disk.remove(chunkPath(folder, number));
  }
}

function readChunk(bytes: Buffer): { header: z.infer<typeof indexHeader>; columns: Buffer } | undefined {
  const body = bytes.subarray(0, -DIGEST_BYTES);
  if (body.length < 12 || !body.subarray(0, 8).equals(MAGIC)) return undefined;
  if (!sha256(body).equals(bytes.subarray(-DIGEST_BYTES))) return undefined;
  const headerEnd = 12 + body.readUInt32BE(8);
  const header = indexHeader.safeParse(parseJson(body.toString('utf8', 12, headerEnd)));
  if (!header.success) return undefined;
  const columns = body.subarray(headerEnd);
  return columns.length === header.data.rows * rowBytes ? { header: header.data, columns } : undefined;
}

const rowBytes = columnNames.reduce((sum, { type }) => sum + type.BYTES_PER_ELEMENT, 0);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function chunkPath(folder: string, number: number): string {
  return join(folder, 'index', `${String(number).padStart(6, '0')}.columns`);
}

async function chunkNumbers(folder: string): Promise<number[]> {
  const names = await readdir(join(folder, 'index')).catch(() => [] as string[]);
  const numbers = names.map((name) => /^(\d{6,9})\.columns$/.exec(name)?.[1]).filter((text) => text !== undefined);
  return numbers.map(Number).sort((a, b) => a - b);
}

function asBytes(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

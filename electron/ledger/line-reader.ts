import { open } from 'node:fs/promises';

/** Where a line stands: in `bytes` from `start` to `end` (without its line feed), in the file at `offset`. */
export type Line = { readonly start: number; readonly end: number; readonly offset: number };

/**
 * Whole lines of one read. The byte before each line may be overwritten: the leaf prefix goes there, so that a line is
 * hashed where it lies.
 */
export type LineBatch = { readonly bytes: Buffer; readonly lines: readonly Line[] };

/** What follows the last line feed: a torn line, or nothing. */
export type Rest = { readonly offset: number; readonly lengthBytes: number };

const CHUNK_BYTES = 256 * 1024;
/** Without a line feed for this long a file holds no lines; reading stops and the rest is returned. */
const MAX_LINE_BYTES = 1024 * 1024;
const LF = 10;

/** Reads on until `visit` says that it has seen enough, and lets go of the file in any case. @returns what is left, or null */
export async function visitLines(
  path: string,
  from: number,
  to: number,
  visit: (batch: LineBatch) => boolean,
): Promise<Rest | null> {
  const batches = readLines(path, from, to);
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done) return next.value;
      if (!visit(next.value)) return null;
    }
  } finally {
    await batches.return({ offset: from, lengthBytes: 0 });
  }
}

/**
 * Reads the lines of a file from byte `from` to byte `to` in slices, so that other work goes on in between.
 * @returns what follows the last line feed before `to`
 */
async function* readLines(path: string, from: number, to: number): AsyncGenerator<LineBatch, Rest> {
  const file = await open(path, 'r');
  try {
    let offset = from;
    let carried = Buffer.alloc(0);
    while (offset + carried.length < to && carried.length <= MAX_LINE_BYTES) {
      const wanted = Math.min(CHUNK_BYTES, to - offset - carried.length);
      // One byte in front stays free for the leaf prefix of the first line.
      const bytes = Buffer.allocUnsafe(1 + carried.length + wanted);
      bytes.set(carried, 1);
      const { bytesRead } = await file.read(bytes, 1 + carried.length, wanted, offset + carried.length);
      if (bytesRead === 0) break;
      const filled = bytes.subarray(0, 1 + carried.length + bytesRead);
      const lines = splitLines(filled, offset);
      const last = lines.at(-1);
      const consumed = last === undefined ? 1 : last.end + 1;
      carried = Buffer.from(filled.subarray(consumed));
      offset += consumed - 1;
      if (lines.length > 0) yield { bytes: filled, lines };
    }
    return { offset, lengthBytes: to - offset };
  } finally {
    await file.close();
  }
}

function splitLines(bytes: Buffer, fileOffset: number): Line[] {
  const lines: Line[] = [];
  for (let start = 1; ; ) {
    const end = bytes.indexOf(LF, start);
    if (end < 0) return lines;
    lines.push({ start, end, offset: fileOffset + start - 1 });
    start = end + 1;
  }
}

import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One month of entries: a file whose name is the month. Months follow each other in the order of `seq`. */
export type Segment = {
  /** `2026-11` */
  readonly month: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** number of its first entry; null when the file is empty or does not begin with an entry */
  readonly firstSeq: number | null;
};

const NAME = /^(\d{4,6}-\d{2})\.ndjson$/;
const FIRST_SEQ = /^\{"v":1,"seq":(\d{1,15}),/;

/** The month of a time in UTC, as segments are named. */
export function monthOf(ts: number): string {
  return new Date(ts).toISOString().replace(/^[+]?/, '').slice(0, -17);
}

/** The file of a month. */
export function segmentPath(folder: string, month: string): string {
  return join(folder, 'entries', `${month}.ndjson`);
}

/** The months there are, oldest first; an absent folder has none. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = await readdir(join(folder, 'entries')).catch(() => [] as string[]);
  const months = names.map((name) => NAME.exec(name)?.[1]).filter((month) => month !== undefined);
  months.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return Promise.all(months.map((month) => readSegment(folder, month)));
}

async function readSegment(folder: string, month: string): Promise<Segment> {
  const path = segmentPath(folder, month);
  const sizeBytes = (await stat(path)).size;
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const match = FIRST_SEQ.exec(buffer.toString('latin1', 0, bytesRead));
    return { month, path, sizeBytes, firstSeq: match ? Number(match[1]) : null };
  } finally {
    await file.close();
  }
}

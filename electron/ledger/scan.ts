import type { LedgerEntry } from '../../shared/model/entry.ts';
import { sha256, toHex } from './hashing.ts';
import type { Head } from './head.ts';
import { visitLines } from './line-reader.ts';
import { parseRecord } from './record.ts';
import { listSegments, type Segment } from './segment.ts';
import type { Committed } from './writer.ts';

/** An entry as a scan meets it. */
export type Scanned = Omit<Committed, 'framed'> & { readonly lengthBytes: number };

/** Why a scan could not go on (`missing`: the file does not reach to where it should begin): everything from `offset` in `month`, and later months, is not part of the chain. */
export type Break = {
  readonly kind: 'torn' | 'missing' | 'not-an-entry' | 'wrong-number' | 'wrong-prev';
  readonly seq: number;
  readonly month: string;
  readonly offset: number;
  /** bytes of that month from `offset` on */
  readonly lengthBytes: number;
};

/** What a scan found: the end of the good chain, and what broke it if it was broken. */
export type ScanResult = { readonly end: Head; readonly broken: Break | null };

/**
 * Follows the chain of entries from `start` to the end of the last month in slices, and stops at the first line that
 * does not continue it. A torn last line breaks the chain like any other.
 */
export async function scanEntries(
  folder: string,
  start: Head,
  onEntries: (entries: readonly Scanned[]) => void,
): Promise<ScanResult> {
  let end = start;
  const segments = await listSegments(folder);
  const { size: seq, month, offset } = start;
  if (month !== '' && !segments.some((segment) => segment.month === month && segment.sizeBytes >= offset)) {
    return { end, broken: { kind: 'missing', seq, month, offset, lengthBytes: 0 } };
  }
  for (const segment of segments) {
    const from = segment.month === start.month ? start.offset : 0;
    if (isBefore(segment, start)) continue;
    const result = await scanSegment(segment, from, end, onEntries);
    end = result.end;
    if (result.broken) return result;
  }
  return { end, broken: null };
}

function isBefore(segment: Segment, start: Head): boolean {
  const { month } = segment;
  return month.length < start.month.length || (month.length === start.month.length && month < start.month);
}

async function scanSegment(
  segment: Segment,
  from: number,
  start: Head,
  onEntries: (entries: readonly Scanned[]) => void,
): Promise<ScanResult> {
  const { month, path, sizeBytes } = segment;
  let end = start;
  let broken: Break | null = null;
  const breakAt = (kind: Break['kind'], offset: number) => {
    broken = { kind, seq: end.size, month, offset, lengthBytes: sizeBytes - offset };
  };
  const rest = await visitLines(path, from, sizeBytes, ({ bytes, lines }) => {
    const good: Scanned[] = [];
    for (const line of lines) {
      const entry = parseRecord(bytes.toString('utf8', line.start, line.end));
      const problem = problemOf(entry, end);
      if (entry === undefined || problem !== null) {
        breakAt(problem ?? 'not-an-entry', line.offset);
        break;
      }
      bytes[line.start - 1] = 0;
      const leaf = sha256(bytes.subarray(line.start - 1, line.end));
      const lengthBytes = line.end - line.start;
      good.push({ seq: entry.seq, ts: entry.ts, month, offset: line.offset, lengthBytes, leaf, entry });
      end = { size: entry.seq + 1, month, offset: line.offset + lengthBytes + 1, leaf: toHex(leaf) };
    }
    onEntries(good);
    return broken === null;
  });
  if (rest !== null && rest.lengthBytes !== 0) breakAt('torn', rest.offset);
  return { end, broken };
}

function problemOf(entry: LedgerEntry | undefined, end: Head): Break['kind'] | null {
  if (entry === undefined) return 'not-an-entry';
  if (entry.seq !== end.size) return 'wrong-number';
  return entry.prev === end.leaf ? null : 'wrong-prev';
}

import type { EntryDraft, LedgerEntry } from '../../shared/model/entry.ts';
import { sha256 } from './hashing.ts';

/** The longest line, without its line feed. */
export const MAX_RECORD_BYTES = 65_536;

const OP = /^[a-z]+(\.[a-z-]+)+$/;
const HASH = /^[0-9a-f]{64}$/;
const ACTORS = new Set(['window', 'cli', 'http', 'system']);
const KEYS = new Set(['v', 'seq', 'ts', 'op', 'actor', 'session', 'data', 'prev']);

/** One line as it is written once and never again: `framed` is `0x00 || line || LF`. */
export type EncodedRecord = { readonly entry: LedgerEntry; readonly framed: Buffer; readonly leaf: Buffer };

/**
 * Writes the line of an entry: JSON with the keys in the order of CRYPTO §5, and its RFC 6962 leaf hash.
 * @throws RangeError when the line would be longer than `MAX_RECORD_BYTES` or the draft is not an entry
 */
export function encodeRecord(draft: EntryDraft, seq: number, ts: number, prev: string): EncodedRecord {
  const { op, actor, session, data } = draft;
  const entry = { v: 1, seq, ts, op, actor, ...(session === undefined ? {} : { session }), data, prev };
  if (!isEntry(entry)) throw new RangeError('an entry must have an operation like room.verb, an actor and data');
  const text = JSON.stringify(entry);
  const framed = Buffer.from(`\0${text}\n`);
  if (framed.length - 2 > MAX_RECORD_BYTES) throw new RangeError(`an entry must be at most ${MAX_RECORD_BYTES} bytes`);
  return { entry, framed, leaf: sha256(framed.subarray(0, -1)) };
}

/** Reads a line (without its line feed) strictly; undefined when it is not an entry of this format. */
export function parseRecord(line: string): LedgerEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) if (!KEYS.has(key)) return false;
  const { v, seq, ts, op, actor, session, data, prev } = value as Record<string, unknown>;
  return (
    v === 1 &&
    Number.isSafeInteger(seq) &&
    (seq as number) >= 0 &&
    Number.isFinite(ts) &&
    typeof op === 'string' &&
    OP.test(op) &&
    typeof actor === 'string' &&
    ACTORS.has(actor) &&
    (session === undefined || typeof session === 'string') &&
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    typeof prev === 'string' &&
    HASH.test(prev)
  );
}

import { HASH_BYTES } from './hashing.ts';
import { parseNote, type SignedNote } from './note.ts';

/** A signed tree head (c2sp.org/tlog-checkpoint): the log's name, how many entries, and their root. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Buffer };

const BODY = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

/** The text that is signed. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Reads a checkpoint strictly, without extension lines; undefined when it is not one. Signatures are not looked at. */
export function parseCheckpoint(source: string): { checkpoint: Checkpoint; note: SignedNote } | undefined {
  const note = parseNote(source);
  const match = note && BODY.exec(note.text);
  if (!note || !match) return undefined;
  const size = Number(match[2]);
  const root = Buffer.from(match[3]!, 'base64');
  const isExact = Number.isSafeInteger(size) && root.length === HASH_BYTES && root.toString('base64') === match[3];
  return isExact ? { checkpoint: { origin: match[1]!, size, root }, note } : undefined;
}

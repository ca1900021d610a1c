import { closeSync, openSync, readSync } from 'node:fs';
import type { Segment } from '../segment.ts';
import type { Finder } from './entry-walk.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
/** Each search reads the whole log; in one that is thoroughly shuffled a few places are enough. */
const MOST_SEARCHES = 16;

/** Looks for the line of an entry in all months. */
export function createFinder(segments: readonly Segment[]): Finder {
  let searches = 0;
  return (seq) => {
    if (searches++ >= MOST_SEARCHES) return undefined;
    for (const { month, path } of segments) {
      const line = findLine(path, Buffer.from(`{"v":1,"seq":${seq},`));
      if (line !== undefined) return { month, line };
    }
    return undefined;
  };
}

/** The number of the line that begins with `beginning`, from 1. */
function findLine(path: string, beginning: Buffer): number | undefined {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let line = 1;
    let kept = 0;
    for (;;) {
      const read = readSync(file, chunk, kept, CHUNK_BYTES - kept, null);
      const bytes = chunk.subarray(0, kept + read);
      for (let at = 0; at < bytes.length; ) {
        if (at + beginning.length > bytes.length && read > 0) break;
        if (bytes.subarray(at, at + beginning.length).equals(beginning)) return line + countLines(bytes, at);
        const end = bytes.indexOf(10, at);
        at = end < 0 ? bytes.length : end + 1;
      }
      if (read === 0) return undefined;
      // The last, perhaps cut, line is looked at again with the next chunk.
      const rest = bytes.lastIndexOf(10) + 1;
      line += countLines(bytes, rest);
      if (rest === 0 && bytes.length === CHUNK_BYTES) return undefined;
      kept = bytes.length - rest;
      bytes.copy(chunk, 0, rest);
    }
  } finally {
    closeSync(file);
  }
}

function countLines(bytes: Buffer, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0 && at < to; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

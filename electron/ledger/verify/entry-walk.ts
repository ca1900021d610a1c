import { type Finding, findingOf } from '../finding.ts';
import { sha256, toHex, ZERO_HASH } from '../hashing.ts';
import { isKeyOp, type KeyRing } from '../key-ring.ts';
import type { Line } from '../line-reader.ts';
import { parseRecord } from '../record.ts';
import { monthOf, type Segment } from '../segment.ts';
import type { Findings } from './report.ts';
import type { StoredTiles } from './stored-tiles.ts';
import type { TreeCheck } from './tree-check.ts';

/** Finds where else in the log an entry stands: its month and line, or undefined. */
export type Finder = (seq: number) => { month: string; line: number } | undefined;

/** What a line says of itself. */
type Claim = { readonly seq: number; readonly prev: string; readonly ts: number; readonly isLedgerOp: boolean };

const HEAD = /^\{"v":1,"seq":(\d{1,15}),"ts":(-?\d+(?:\.\d+)?),"op":"(ledger\.)?/;
const TAIL_BYTES = '"prev":"'.length + 64 + '"}'.length;

/**
 * Follows the chain line by line, and where it breaks finds out what the break looks like: the numbers of the lines, the
 * link each has to the one before, and the leaf hashes that the tiles hold tell an edited entry from one that was removed,
 * doubled, moved or put in. After a break it goes on as the log would be without it, so that one change is one finding.
 */
export class EntryWalk {
  readonly #findings: Findings;
  readonly #tiles: StoredTiles;
  readonly #tree: TreeCheck;
  readonly #keys: KeyRing;
  readonly #find: Finder;
  readonly #known = new Set<number>();
  #expected: number;
  /** leaf of the line before, as that line hashes, and whether it was put into the tree */
  #last: Buffer | undefined;
  #lastPlace: Partial<Finding> = {};
  #lastTs = Number.NEGATIVE_INFINITY;
  #segment: Segment | undefined;
  #line = 0;
  #lastLine: { readonly bytes: Buffer; readonly start: number; readonly end: number } | undefined;
  /** another line that calls itself the last entry: the next one's link tells which is the right one */
  #rival: { readonly leaf: Buffer; readonly place: Partial<Finding> } | undefined;
  #isLastTaken = true;
  #isTreeLost = false;
  #entries = 0;
  #prunedTo = 0;

  constructor(
    first: { readonly seq: number; readonly leaf: Buffer | undefined },
    parts: { findings: Findings; tiles: StoredTiles; tree: TreeCheck; keys: KeyRing; find: Finder },
  ) {
    this.#expected = first.seq;
    this.#last = first.leaf;
    this.#findings = parts.findings;
    this.#tiles = parts.tiles;
    this.#tree = parts.tree;
    this.#keys = parts.keys;
    this.#find = parts.find;
  }

  /** The number that the next entry should have. */
  get expected(): number {
    return this.#expected;
  }

  get entries(): number {
    return this.#entries;
  }

  /** False when entries are missing whose hashes nothing holds any more. */
  get isTreeWhole(): boolean {
    return !this.#isTreeLost;
  }

  /** Entries before this number were pruned, as an entry says. */
  get prunedTo(): number {
    return this.#prunedTo;
  }

  /** hex leaf hash of the last line */
  get lastLeaf(): string {
    return this.#last ? toHex(this.#last) : ZERO_HASH;
  }

  beginMonth(segment: Segment): void {
    this.#segment = segment;
    this.#line = 0;
  }

  /** Looks at one line; the byte before it is overwritten. */
  visit(bytes: Buffer, { start, end, offset }: Line): void {
    this.#line++;
    const place = { month: this.#segment!.month, line: this.#line, offset };
    const claim = claimOf(bytes, start, end);
    bytes[start - 1] = 0;
    const leaf = sha256(bytes.subarray(start - 1, end));
    if (claim === undefined) {
      this.#garbled(place);
      return;
    }
    if (claim.seq !== this.#expected && !this.#misplaced(claim, leaf, place)) return;
    if (claim.prev !== this.lastLeaf) this.#unlinked(claim, leaf, place);
    else if (this.#rival) this.#inserted(this.#rival.place);
    this.#rival = undefined;
    this.#observe(claim, bytes, start, end, place);
    this.#take(leaf, place);
    this.#lastLine = { bytes, start, end };
  }

  /**
   * Puts the last entry into the tree, after looking at it more closely: nothing is chained to it.
   * @param durableLeaf the hex leaf hash that the last entry had when it became durable, if known
   */
  finish(durableLeaf: string | undefined): void {
    const seq = this.#expected - 1;
    const stored = this.#isLastTaken ? undefined : this.#tiles.leaf(seq);
    const line = this.#lastLine;
    if (line && parseRecord(line.bytes.toString('utf8', line.start, line.end)) === undefined) {
      const message = `the last entry, ${seq}, cannot be read`;
      this.#findings.add(findingOf('line-garbled', message, { ...this.#lastPlace, seq }));
    }
    const isRivalRight = stored !== undefined && this.#rival?.leaf.equals(stored);
    if (this.#rival) this.#inserted(isRivalRight ? this.#lastPlace : this.#rival.place);
    const isOther = stored !== undefined && this.#last !== undefined && !stored.equals(this.#last);
    const isEdited = isOther && durableLeaf !== this.lastLeaf && this.#tree.firstDifferentLeaf === undefined;
    if (isEdited && !this.#rival) {
      const message = `entry ${seq} was changed: the tree holds the hash of another version of it`;
      this.#findings.add(findingOf('entry-edited', message, { ...this.#lastPlace, seq }));
    }
    this.#commitLast(isRivalRight || isEdited ? Buffer.from(stored!) : undefined);
  }

  #take(leaf: Buffer, place: Partial<Finding>): void {
    this.#commitLast(undefined);
    this.#last = leaf;
    this.#lastPlace = place;
    this.#isLastTaken = false;
    this.#expected++;
    this.#entries++;
  }

  /** @param truth the leaf that the entry had, when its line has another one now */
  #commitLast(truth: Buffer | undefined): void {
    if (this.#isLastTaken || !this.#last) return;
    this.#isLastTaken = true;
    if (!this.#isTreeLost) this.#tree.append(truth ?? this.#last);
  }

  #garbled(place: Partial<Finding>): void {
    const seq = this.#expected;
    const message = `line ${place.line} of ${place.month} is not an entry: entry ${seq} should stand there`;
    this.#findings.add(findingOf('line-garbled', message, { ...place, seq }));
    this.#skipTo(seq + 1);
  }

  /** A line with another number than expected. @returns whether the line is the next of the chain after all */
  #misplaced(claim: Claim, leaf: Buffer, place: Partial<Finding>): boolean {
    const { seq } = claim;
    if (seq < this.#expected) {
      this.#repeated(seq, leaf, place);
      return false;
    }
    const missing = this.#expected;
    const elsewhere = this.#find(missing);
    if (elsewhere === undefined) this.#removed(missing, seq, place);
    else if (elsewhere.month !== place.month && place.line === 1) {
      const message = `${place.month} begins with entry ${seq} where entry ${missing} should be, which stands in ${elsewhere.month}: months were swapped`;
      this.#findings.add(findingOf('month-swapped', message, { ...place, seq: missing }));
    } else {
      const message = `entry ${missing} was moved: it stands in line ${elsewhere.line} of ${elsewhere.month}, after entry ${seq}`;
      this.#findings.add(findingOf('entry-moved', message, { ...elsewhere, seq: missing }));
    }
    for (let gone = missing; elsewhere !== undefined && gone < seq; gone++) this.#known.add(gone);
    this.#skipTo(seq);
    return true;
  }

  #repeated(seq: number, leaf: Buffer, place: Partial<Finding>): void {
    // It was reported where it was missed.
    if (this.#known.delete(seq)) return;
    const isLast = seq === this.#expected - 1 && !this.#isLastTaken;
    const original = isLast ? this.#last : this.#tiles.leaf(seq);
    if (original && !original.equals(leaf)) {
      if (isLast) this.#rival = { leaf, place };
      else this.#inserted({ ...place, seq });
      return;
    }
    const message = `entry ${seq} stands a second time in line ${place.line} of ${place.month}`;
    this.#findings.add(findingOf('entry-duplicated', message, { ...place, seq }));
  }

  #inserted(place: Partial<Finding>): void {
    const seq = place.seq ?? this.#expected - 1;
    const message = `line ${place.line} of ${place.month} was put in: it calls itself entry ${seq}, which is another one`;
    this.#findings.add(findingOf('entry-inserted', message, { ...place, seq }));
  }

  #removed(from: number, to: number, place: Partial<Finding>): void {
    const which = to - from === 1 ? `entry ${from} is` : `entries ${from} to ${to - 1} are`;
    const isMonth = place.line === 1 && this.#entries > 0;
    const message = isMonth
      ? `${which} missing before ${place.month}: a month’s file, or its end, was removed`
      : `${which} missing: line ${place.line} of ${place.month} is already entry ${to}`;
    this.#findings.add(findingOf(isMonth ? 'month-missing' : 'entry-removed', message, { ...place, seq: from }));
  }

  /** Goes on with entry `seq` as if those before it were there; the tiles still hold their hashes, if they do. */
  #skipTo(seq: number): void {
    this.#commitLast(undefined);
    for (; this.#expected < seq; this.#expected++) {
      const leaf = this.#tiles.leaf(this.#expected);
      this.#last = leaf ? Buffer.from(leaf) : undefined;
      this.#lastPlace = {};
      if (leaf === undefined) this.#isTreeLost = true;
      else if (!this.#isTreeLost) this.#tree.append(Buffer.from(leaf));
    }
    this.#isLastTaken = true;
  }

  /** A line that follows in number but is chained to something else than the line before. */
  #unlinked(claim: Claim, leaf: Buffer, place: Partial<Finding>): void {
    const { seq, prev } = claim;
    if (this.#rival && toHex(this.#rival.leaf) === prev) {
      this.#inserted(this.#lastPlace);
      this.#commitLast(this.#rival.leaf);
      return;
    }
    if (this.#rival) this.#inserted(this.#rival.place);
    // After lines that are gone or garbled nothing is known about the one before.
    if (this.#last === undefined && seq > 0) return;
    const before = seq > 0 ? this.#tiles.leaf(seq - 1) : undefined;
    const own = this.#tiles.leaf(seq);
    if (own && !own.equals(leaf) && this.#last && before?.equals(this.#last)) {
      const message = `entry ${seq} was changed: it is chained to another entry ${seq - 1} than the log has`;
      this.#findings.add(findingOf('entry-edited', message, { ...place, seq }));
      return;
    }
    if (seq === 0 || this.#isLastTaken) {
      const message = `entry ${seq} is not chained to what stands before it`;
      this.#findings.add(findingOf('chain-broken', message, { ...place, seq }));
      return;
    }
    const isSure = before !== undefined && toHex(before) === prev;
    const message = isSure
      ? `entry ${seq - 1} was changed: entry ${seq} and the tree hold the hash of another version of it`
      : `entry ${seq - 1} was changed: entry ${seq} is chained to another version of it`;
    this.#findings.add(findingOf('entry-edited', message, { ...this.#lastPlace, seq: seq - 1 }));
    this.#commitLast(isSure ? Buffer.from(before) : Buffer.from(prev, 'hex'));
  }

  #observe(claim: Claim, bytes: Buffer, start: number, end: number, place: Partial<Finding>): void {
    const { seq, ts, isLedgerOp } = claim;
    if (ts < this.#lastTs) {
      const seconds = ((this.#lastTs - ts) / 1000).toFixed(3);
      const message = `the clock went back ${seconds} s at entry ${seq}; the order of entries is that of their numbers`;
      this.#findings.add(findingOf('clock-went-back', message, { ...place, seq }));
    }
    this.#lastTs = ts;
    if (place.line === 1 && isLater(monthOf(Math.max(0, ts)), place.month!)) {
      const message = `${place.month} begins with an entry of ${monthOf(ts)}: the file was renamed or swapped`;
      this.#findings.add(findingOf('month-swapped', message, { ...place, seq }));
    }
    if (isLedgerOp) this.#observeLedgerOp(bytes.toString('utf8', start, end), seq, place);
  }

  #observeLedgerOp(line: string, seq: number, place: Partial<Finding>): void {
    const entry = parseRecord(line);
    if (entry?.op === 'ledger.pruned' && typeof entry.data.toSeq === 'number') this.#prunedTo = entry.data.toSeq + 1;
    if (!entry || !isKeyOp(entry.op) || this.#keys.observe(entry)) return;
    const message = `entry ${seq} changes the log’s key but names none that can be read`;
    this.#findings.add(findingOf('key-entry-garbled', message, { ...place, seq }));
  }
}

/** Reads the parts of a line that the chain is made of, without parsing all of it. */
function claimOf(bytes: Buffer, start: number, end: number): Claim | undefined {
  const head = HEAD.exec(bytes.toString('latin1', start, Math.min(start + 96, end)));
  const tail = bytes.toString('latin1', Math.max(start, end - TAIL_BYTES), end);
  const isTail = tail.length === TAIL_BYTES && tail.startsWith('"prev":"') && tail.endsWith('"}');
  if (!head || !isTail) return undefined;
  return { seq: Number(head[1]), ts: Number(head[2]), prev: tail.slice(8, 72), isLedgerOp: head[3] !== undefined };
}

function isLater(month: string, other: string): boolean {
  return month.length > other.length || (month.length === other.length && month > other);
}

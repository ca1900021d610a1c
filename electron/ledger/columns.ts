import type { LedgerEntry } from '../../shared/model/entry.ts';
import { Dictionary } from './dictionary.ts';
import { classOf, factsOf } from './row.ts';

/** Where the line of a row stands. */
export type Place = { readonly month: string; readonly offset: number; readonly lengthBytes: number };

/** How many bytes of columns one row takes. */
const FIRST_CAPACITY = 4096;

/**
 * What queries look at, as typed arrays: row `i` is entry `base + i`. Strings are numbered in dictionaries; run and session
 * ids, of which there are as many as entries, are kept as 32-bit hashes, so a match on them must be confirmed by the line.
 */
export class Columns {
  /** sequence number of the first row: entries before it were pruned */
  readonly base: number;
  readonly months = new Dictionary();
  readonly ops = new Dictionary();
  readonly actors = new Dictionary();
  readonly outcomes = new Dictionary();
  /** `hex digest` LF `name`; number 0 is none */
  readonly modules = new Dictionary();
  ts = new Float64Array(FIRST_CAPACITY);
  offset = new Float64Array(FIRST_CAPACITY);
  lengthBytes = new Uint32Array(FIRST_CAPACITY);
  month = new Uint16Array(FIRST_CAPACITY);
  op = new Uint16Array(FIRST_CAPACITY);
  actor = new Uint8Array(FIRST_CAPACITY);
  outcome = new Uint16Array(FIRST_CAPACITY);
  outcomeClass = new Uint8Array(FIRST_CAPACITY);
  module = new Uint32Array(FIRST_CAPACITY);
  run = new Uint32Array(FIRST_CAPACITY);
  session = new Uint32Array(FIRST_CAPACITY);
  /** false once a clock went back: then times cannot be searched by halving */
  isOrdered = true;
  #length = 0;

  constructor(base: number) {
    this.base = base;
    this.outcomes.numberOf('');
    this.modules.numberOf('');
  }

  get length(): number {
    return this.#length;
  }

  /** Adds the next row. */
  push(entry: LedgerEntry, place: Place): void {
    const row = this.#length;
    this.reserve(row + 1);
    const { outcome, module, moduleName, run } = factsOf(entry);
    this.ts[row] = entry.ts;
    this.offset[row] = place.offset;
    this.lengthBytes[row] = place.lengthBytes;
    this.month[row] = this.months.numberOf(place.month);
    this.op[row] = this.ops.numberOf(entry.op);
    this.actor[row] = this.actors.numberOf(entry.actor);
    this.outcome[row] = this.outcomes.numberOf(outcome ?? '');
    this.outcomeClass[row] = classOf(outcome);
    this.module[row] =
      module === null && moduleName === null ? 0 : this.modules.numberOf(`${module ?? ''}\n${moduleName ?? ''}`);
    this.run[row] = run === null ? 0 : hashOf(run);
    this.session[row] = entry.session === undefined ? 0 : hashOf(entry.session);
    this.#grow(row + 1);
  }

  placeOf(row: number): Place {
    return {
      month: this.months.textOf(this.month[row]!),
      offset: this.offset[row]!,
      lengthBytes: this.lengthBytes[row]!,
    };
  }

  /** Makes room for `rows` rows. */
  reserve(rows: number): void {
    if (rows <= this.ts.length) return;
    const capacity = Math.max(rows, this.ts.length * 2);
    this.ts = grown(this.ts, new Float64Array(capacity));
    this.offset = grown(this.offset, new Float64Array(capacity));
    this.lengthBytes = grown(this.lengthBytes, new Uint32Array(capacity));
    this.month = grown(this.month, new Uint16Array(capacity));
    this.op = grown(this.op, new Uint16Array(capacity));
    this.actor = grown(this.actor, new Uint8Array(capacity));
    this.outcome = grown(this.outcome, new Uint16Array(capacity));
    this.outcomeClass = grown(this.outcomeClass, new Uint8Array(capacity));
    this.module = grown(this.module, new Uint32Array(capacity));
    this.run = grown(this.run, new Uint32Array(capacity));
    this.session = grown(this.session, new Uint32Array(capacity));
  }

  /** Declares rows up to `length` filled, after their columns were written. */
  #grow(length: number): void {
    const from = this.#length;
    this.#length = length;
    for (let row = Math.max(1, from); this.isOrdered && row < length; row++) {
      if (this.ts[row]! < this.ts[row - 1]!) this.isOrdered = false;
    }
  }
}

/** FNV-1a, never 0: 0 is "none". */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}

function grown<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

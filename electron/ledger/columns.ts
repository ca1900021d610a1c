import type { LedgerEntry } from '../../shared/model/entry.ts';
import { Dictionary } from './dictionary.ts';
import { classOf, factsOf } from './row.ts';

/** Where the line of a row stands. */
export type Place = { readonly month: string; readonly offset: number; readonly lengthBytes: number };

const FIRST_CAPACITY = 4096;

/** The columns, widest first so that each begins aligned when they lie one after the other. */
export const columnNames = [
  { name: 'ts', type: Float64Array },
  { name: 'offset', type: Float64Array },
  { name: 'lengthBytes', type: Uint32Array },
  { name: 'module', type: Uint32Array },
  { name: 'run', type: Uint32Array },
  { name: 'session', type: Uint32Array },
  { name: 'month', type: Uint16Array },
  { name: 'op', type: Uint16Array },
  { name: 'outcome', type: Uint16Array },
  { name: 'actor', type: Uint8Array },
] as const;

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;
/** The strings that a part of the columns uses. */
export type Strings = { readonly [name in 'months' | 'ops' | 'actors' | 'outcomes' | 'modules']: readonly string[] };

/**
 * What queries look at, as typed arrays: row `i` is entry `base + i`. Strings are numbered in dictionaries; run and session
 * ids, of which there are as many as entries, are kept as 32-bit hashes, so a match on them must be confirmed by the line.
 */
export class Columns {
  #base: number;
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
  module = new Uint32Array(FIRST_CAPACITY);
  run = new Uint32Array(FIRST_CAPACITY);
  session = new Uint32Array(FIRST_CAPACITY);
  /** not stored: follows from `outcome` */
  outcomeClass = new Uint8Array(FIRST_CAPACITY);
  /** false once a clock went back: then times cannot be searched by halving */
  isOrdered = true;
  #length = 0;

  constructor(base: number) {
    this.#base = base;
    this.outcomes.numberOf('');
    this.modules.numberOf('');
  }

  /** Sequence number of the first row: entries before it were pruned. */
  get base(): number {
    return this.#base;
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

  /** The first and the last time of any entry; zeros for none. */
  timeRange(): [number, number] {
    if (this.#length === 0) return [0, 0];
    if (this.isOrdered) return [this.ts[0]!, this.ts[this.#length - 1]!];
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < this.#length; row++) {
      first = Math.min(first, this.ts[row]!);
      last = Math.max(last, this.ts[row]!);
    }
    return [first, last];
  }

  placeOf(row: number): Place {
    return {
      month: this.months.textOf(this.month[row]!),
      offset: this.offset[row]!,
      lengthBytes: this.lengthBytes[row]!,
    };
  }

  /** Rows `from` to `to` with dictionaries of their own, for storing. */
  pack(from: number, to: number): Strings & { readonly arrays: readonly Column[] } {
    const months = renumbered(this.month.slice(from, to), this.months);
    const ops = renumbered(this.op.slice(from, to), this.ops);
    const actors = renumbered(this.actor.slice(from, to), this.actors);
    const outcomes = renumbered(this.outcome.slice(from, to), this.outcomes);
    const modules = renumbered(this.module.slice(from, to), this.modules);
    const packed: Record<string, Column> = {
      month: months.numbers,
      op: ops.numbers,
      actor: actors.numbers,
      outcome: outcomes.numbers,
      module: modules.numbers,
    };
    return {
      months: months.texts,
      ops: ops.texts,
      actors: actors.texts,
      outcomes: outcomes.texts,
      modules: modules.texts,
      arrays: columnNames.map(({ name }) => packed[name] ?? this[name].subarray(from, to)),
    };
  }

  /** Adds stored rows, the first `skipped` of `rows` left out. */
  unpack(bytes: Uint8Array, rows: number, skipped: number, strings: Strings): void {
    const to = this.#length;
    this.reserve(to + rows - skipped);
    const aligned = new Uint8Array(bytes);
    let at = 0;
    for (const { name, type } of columnNames) {
      const stored = new type(aligned.buffer, at, rows);
      this[name].set(stored.subarray(skipped), to);
      at += stored.byteLength;
    }
    const end = to + rows - skipped;
    renumber(this.month, to, end, strings.months, this.months);
    renumber(this.op, to, end, strings.ops, this.ops);
    renumber(this.actor, to, end, strings.actors, this.actors);
    renumber(this.outcome, to, end, strings.outcomes, this.outcomes);
    renumber(this.module, to, end, strings.modules, this.modules);
    const classes = Uint8Array.from(this.outcomes.texts(), (text) => classOf(text === '' ? null : text));
    for (let row = to; row < end; row++) this.outcomeClass[row] = classes[this.outcome[row]!]!;
    this.#grow(end);
  }

  /** The first row at or after a time; only while `isOrdered`. */
  rowAtTime(ts: number): number {
    const times = this.ts;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! < ts) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets the rows of entries before `seq`; every row gets another number. */
  dropBefore(seq: number): void {
    const dropped = seq - this.#base;
    for (const { name } of columnNames) this[name].copyWithin(0, dropped, this.#length);
    this.outcomeClass.copyWithin(0, dropped, this.#length);
    this.#length -= dropped;
    this.#base = seq;
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

/** Replaces numbers of a large dictionary by those of a dictionary of only the strings used. Works in place. */
function renumbered<T extends Column>(numbers: T, dictionary: Dictionary): { numbers: T; texts: string[] } {
  const local = new Map<number, number>();
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    let mine = local.get(number);
    if (mine === undefined) {
      mine = local.size;
      local.set(number, mine);
    }
    numbers[i] = mine;
  }
  return { numbers, texts: Array.from(local.keys(), (number) => dictionary.textOf(number)) };
}

function renumber(column: Column, from: number, to: number, texts: readonly string[], dictionary: Dictionary): void {
  const numbers = texts.map((text) => dictionary.numberOf(text));
  for (let row = from; row < to; row++) {
    const number = numbers[column[row]!];
    if (number === undefined) throw new RangeError('an index names a string it does not have');
    column[row] = number;
  }
}

function grown<T extends Column>(from: T, to: T): T {
  to.set(from);
  return to;
}

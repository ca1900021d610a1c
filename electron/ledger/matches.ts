import type { Columns } from './columns.ts';
import type { LineStore } from './line-store.ts';
import type { Matcher } from './matcher.ts';
import { outcomeClasses } from './row.ts';
import { RowList } from './row-list.ts';

/** Rows of columns are looked at in slices of this many while lines are read. */
const SLICE_ROWS = 8192;

/** Equal spans of time, and how many of each outcome class fall into each. */
export type Counts = { readonly counts: number[][]; readonly matched: number };

/**
 * The rows that match a filter, as posting lists: all of them, and those of each outcome class. They are found up to
 * `scannedRows`; a filter on columns alone is always caught up, one that needs the lines goes on in the background.
 */
export class Matches {
  readonly rows = new RowList();
  readonly #byClass = outcomeClasses.map(() => new RowList());
  readonly #columns: Columns;
  readonly #lines: LineStore;
  readonly #matcher: Matcher;
  #scanned = 0;
  #scan: Promise<void> | undefined;
  #isStopped = false;

  constructor(columns: Columns, lines: LineStore, matcher: Matcher) {
    this.#columns = columns;
    this.#lines = lines;
    this.#matcher = matcher;
  }

  get scannedRows(): number {
    return this.#scanned;
  }

  get isComplete(): boolean {
    return this.#scanned === this.#columns.length;
  }

  /**
   * Looks at the rows that came since the last time, now if the columns tell, else in the background.
   * @returns the background scan, when there is one
   */
  catchUp(): Promise<void> | undefined {
    if (!this.#matcher.needsLine) {
      this.#scanColumns();
      return undefined;
    }
    this.#isStopped = false;
    if (!this.isComplete) {
      this.#scan ??= this.#scanLines().finally(() => {
        this.#scan = undefined;
      });
    }
    return this.#scan;
  }

  /** Ends the background scan after its present slice; `catchUp` goes on where it ended. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Counts matches in `bins` equal spans from `fromTs` to `toTs` (not included). */
  histogram(fromTs: number, toTs: number, bins: number): Counts {
    const counts = this.#byClass.map((list) =>
      this.#columns.isOrdered ? this.#countOrdered(list, fromTs, toTs, bins) : this.#countAll(list, fromTs, toTs, bins),
    );
    return { counts, matched: this.rows.length };
  }

  /** The position of the first match at or after a row. */
  positionOfRow(row: number): number {
    return this.rows.partition((other) => other < row);
  }

  /** The position of the first match at or after a time. */
  positionOfTime(ts: number): number {
    const times = this.#columns.ts;
    if (this.#columns.isOrdered) return this.rows.partition((row) => times[row]! < ts);
    const found = this.rows.slice().findIndex((row) => times[row]! >= ts);
    return found < 0 ? this.rows.length : found;
  }

  #scanColumns(): void {
    const { length } = this.#columns;
    const { testRow } = this.#matcher;
    for (let row = this.#scanned; row < length; row++) if (testRow(row)) this.#add(row);
    this.#scanned = length;
  }

  async #scanLines(): Promise<void> {
    while (!this.isComplete && !this.#isStopped) {
      const to = Math.min(this.#scanned + SLICE_ROWS, this.#columns.length);
      const candidates = new RowList();
      for (let row = this.#scanned; row < to; row++) if (this.#matcher.testRow(row)) candidates.push(row);
      for await (const span of this.#lines.read(candidates.slice())) {
        for (const { row, line } of span) if (this.#matcher.testLine(line)) this.#add(row);
      }
      this.#scanned = to;
      // File reads that hit the cache return at once: let the event loop have a turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #add(row: number): void {
    this.rows.push(row);
    this.#byClass[this.#columns.outcomeClass[row]!]!.push(row);
  }

  /** One binary search for each edge: independent of how many entries a span holds. */
  #countOrdered(list: RowList, fromTs: number, toTs: number, bins: number): number[] {
    const counts = new Array<number>(bins).fill(0);
    if (list.length === 0) return counts;
    const times = this.#columns.ts;
    let before = list.partition((row) => times[row]! < fromTs);
    for (let bin = 0; bin < bins; bin++) {
      const edge = bin === bins - 1 ? toTs : fromTs + ((toTs - fromTs) * (bin + 1)) / bins;
      const past = list.partition((row) => times[row]! < edge);
      counts[bin] = past - before;
      before = past;
    }
    return counts;
  }

  #countAll(list: RowList, fromTs: number, toTs: number, bins: number): number[] {
    const counts = new Array<number>(bins).fill(0);
    const scale = bins / (toTs - fromTs);
    for (const row of list.slice()) {
      const ts = this.#columns.ts[row]!;
      if (ts >= fromTs && ts < toTs) counts[Math.min(bins - 1, Math.floor((ts - fromTs) * scale))]!++;
    }
    return counts;
  }
}

import type { Columns } from './columns.ts';
import type { LineStore } from './line-store.ts';
import type { Matcher } from './matcher.ts';
import { outcomeClasses } from './row.ts';
import { RowList } from './row-list.ts';

/** Rows are looked at in slices of this many: one fits the processor's cache, the other leaves others their turn. */
const COLUMN_ROWS = 32_768;
const LINE_ROWS = 8192;

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
    const edges = this.#columns.isOrdered ? this.#edgesOf(fromTs, toTs, bins) : undefined;
    const counts = this.#byClass.map((list) =>
      edges ? countBetween(list, edges) : this.#countAll(list, fromTs, toTs, bins),
    );
    return { counts, matched: this.rows.length };
  }

  /** The position of the first match at or after a row. */
  positionOfRow(row: number): number {
    return this.rows.positionOf(row);
  }

  /** The position of the first match at or after a time. */
  positionOfTime(ts: number): number {
    if (this.#columns.isOrdered) return this.rows.positionOf(this.#columns.rowAtTime(ts));
    const times = this.#columns.ts;
    const found = this.rows.slice().findIndex((row) => times[row]! >= ts);
    return found < 0 ? this.rows.length : found;
  }

  #scanColumns(): void {
    while (!this.isComplete) {
      const rows = this.#candidates(COLUMN_ROWS);
      this.rows.append(rows);
      const classes = this.#columns.outcomeClass;
      for (let i = 0; i < rows.length; i++) this.#byClass[classes[rows[i]!]!]!.push(rows[i]!);
    }
  }

  async #scanLines(): Promise<void> {
    while (!this.isComplete && !this.#isStopped) {
      const before = this.#scanned;
      const candidates = this.#candidates(LINE_ROWS);
      const after = this.#scanned;
      // Not looked at before the lines were read, whatever a caller asks in between.
      this.#scanned = before;
      for await (const span of this.#lines.read(candidates)) {
        for (const { row, line } of span) if (this.#matcher.testLine(line)) this.#add(row);
      }
      this.#scanned = after;
      // File reads that hit the cache return at once: let the event loop have a turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Those of the next rows whose columns let them match. */
  #candidates(most: number): Uint32Array {
    const from = this.#scanned;
    const rows = new Uint32Array(Math.min(most, this.#columns.length - from));
    for (let i = 0; i < rows.length; i++) rows[i] = from + i;
    this.#scanned = from + rows.length;
    return rows.subarray(0, this.#matcher.keepRows(rows, rows.length));
  }

  #add(row: number): void {
    this.rows.push(row);
    this.#byClass[this.#columns.outcomeClass[row]!]!.push(row);
  }

  /** The first rows of the spans, and the row after the last one. */
  #edgesOf(fromTs: number, toTs: number, bins: number): Uint32Array {
    const edges = new Uint32Array(bins + 1);
    for (let edge = 0; edge < bins; edge++)
      edges[edge] = this.#columns.rowAtTime(fromTs + ((toTs - fromTs) * edge) / bins);
    edges[bins] = this.#columns.rowAtTime(toTs);
    return edges;
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

/** One search for each edge: independent of how many entries a span holds. */
function countBetween(list: RowList, edges: Uint32Array): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  if (list.length === 0) return counts;
  let before = list.positionOf(edges[0]!);
  for (let bin = 0; bin < counts.length; bin++) {
    const past = list.positionOf(edges[bin + 1]!, before);
    counts[bin] = past - before;
    before = past;
  }
  return counts;
}

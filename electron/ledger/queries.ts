import type { Cancellation } from '../../shared/cancellation.ts';
import type { AuditRow } from '../../shared/contract/audit.ts';
import { parseFilter } from '../../shared/filter/index.ts';
import { Refusal } from '../../shared/result.ts';
import type { Columns } from './columns.ts';
import type { LineStore } from './line-store.ts';
import { compileFilter } from './matcher.ts';
import { Matches } from './matches.ts';
import { parseRecord } from './record.ts';
import { auditRowOf, outcomeClasses } from './row.ts';

/** Matches of this many filters are kept. */
const KEPT_FILTERS = 8;
/** A background scan that nobody asks about for so long stops. */
const IDLE_MS = 10_000;
/** A filter with a relative time is resolved anew after this. */
const RELATIVE_MS = 60_000;
/** An answer waits so long for a background scan: small logs are then complete at once. */
const PATIENCE_MS = 40;

/** `scanned` of `total` entries were looked at; when fewer, the rest is being looked at and asking again tells more. */
export type Progress = { readonly matched: number; readonly scanned: number; readonly total: number };
export type Page = Progress & { readonly rows: AuditRow[] };
export type Histogram = Progress & {
  readonly fromTs: number;
  readonly toTs: number;
  readonly classes: string[];
  readonly counts: number[][];
};
export type Position = Progress & { readonly position: number };

/** `wait` answers when every entry was looked at; `signal` gives up waiting. */
export type QueryOptions = { readonly wait?: boolean | undefined; readonly signal?: Cancellation | undefined };

type Kept = { readonly matches: Matches; readonly staleAt: number; idle: NodeJS.Timeout };

/** Answers questions about the entries of a log from its columns. */
export class Queries {
  readonly #columns: Columns;
  readonly #lines: LineStore;
  readonly #clock: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(columns: Columns, lines: LineStore, clock: () => number) {
    this.#columns = columns;
    this.#lines = lines;
    this.#clock = clock;
  }

  /** Finds what the empty filter matches, so that the first question is answered as fast as later ones. */
  prepare(): void {
    void this.#keep('').matches.catchUp();
  }

  async page(filter: string, from: number, length: number, options?: QueryOptions): Promise<Page> {
    const matches = await this.#matchesOf(filter, options);
    const rows: AuditRow[] = [];
    const wanted = matches.rows.slice(from, from + length).slice();
    const progress = this.#progressOf(matches);
    for await (const span of this.#lines.read(wanted)) {
      for (const { row, line } of span) rows.push(this.#rowOf(row, line));
    }
    return { rows, ...progress };
  }

  async histogram(
    filter: string,
    span: { fromTs: number | null; toTs: number | null; bins: number },
    options?: QueryOptions,
  ): Promise<Histogram> {
    const matches = await this.#matchesOf(filter, options);
    const [first, last] = this.#columns.timeRange();
    const fromTs = span.fromTs ?? first;
    const toTs = Math.max(span.toTs ?? last + 1, fromTs + 1);
    const { counts } = matches.histogram(fromTs, toTs, span.bins);
    return { fromTs, toTs, classes: [...outcomeClasses], counts, ...this.#progressOf(matches) };
  }

  async locate(
    filter: string,
    at: { seq?: number | undefined; ts?: number | undefined },
    options?: QueryOptions,
  ): Promise<Position> {
    const matches = await this.#matchesOf(filter, options);
    let position = 0;
    if (at.seq !== undefined) position = matches.positionOfRow(Math.max(0, at.seq - this.#columns.base));
    else if (at.ts !== undefined) position = matches.positionOfTime(at.ts);
    return { position, ...this.#progressOf(matches) };
  }

  /** The numbers of all matching entries, in order. */
  async select(filter: string, options?: QueryOptions): Promise<number[]> {
    const matches = await this.#matchesOf(filter, { ...options, wait: true });
    return Array.from(matches.rows.slice(), (row) => row + this.#columns.base);
  }

  /** Ends the background scan of a filter, if it has one. */
  stop(filter: string): void {
    this.#kept.get(filter.trim())?.matches.stop();
  }

  /** Values that occur, for completion. */
  vocabulary(): { kind: string[]; outcome: string[]; actor: string[]; module: string[] } {
    const { ops, outcomes, actors, modules } = this.#columns;
    const names = modules.texts().flatMap((module) => module.split('\n').reverse());
    return {
      kind: [...ops.texts()].sort(),
      outcome: ['none', ...outcomes.texts().filter((text) => text !== '')],
      actor: [...actors.texts()].sort(),
      module: [...new Set(names.filter((name) => name !== ''))],
    };
  }

  /** Forgets all matches, for good or because rows have other numbers now. */
  close(): void {
    for (const { matches, idle } of this.#kept.values()) {
      clearTimeout(idle);
      matches.stop();
    }
    this.#kept.clear();
  }

  async #matchesOf(source: string, options: QueryOptions = {}): Promise<Matches> {
    const { matches } = this.#keep(source.trim());
    const scan = matches.catchUp();
    if (options.wait) await complete(matches, options.signal);
    else if (scan) await Promise.race([scan, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    return matches;
  }

  #keep(source: string): Kept {
    const now = this.#clock();
    let kept = this.#kept.get(source);
    if (kept && now >= kept.staleAt) kept.matches.stop();
    if (!kept || now >= kept.staleAt) kept = this.#compile(source, now);
    clearTimeout(kept.idle);
    const { matches } = kept;
    kept.idle = setTimeout(() => matches.stop(), IDLE_MS).unref();
    this.#kept.delete(source);
    this.#kept.set(source, kept);
    for (const [oldest, { matches: unused, idle }] of this.#kept) {
      if (this.#kept.size <= KEPT_FILTERS) break;
      clearTimeout(idle);
      unused.stop();
      this.#kept.delete(oldest);
    }
    return kept;
  }

  #compile(source: string, now: number): Kept {
    const { filter, errors } = parseFilter(source, now);
    const [error] = errors;
    if (error) throw new Refusal('ledger.bad-filter', error.message, { start: error.start, end: error.end });
    const isRelative = filter.terms.some(({ test }) => test.field === 'time' && test.isRelative);
    const matches = new Matches(this.#columns, this.#lines, compileFilter(filter, this.#columns));
    const staleAt = isRelative ? now + RELATIVE_MS : Number.POSITIVE_INFINITY;
    return { matches, staleAt, idle: setTimeout(() => {}, 0) };
  }

  #progressOf(matches: Matches): Progress {
    return { matched: matches.rows.length, scanned: matches.scannedRows, total: this.#columns.length };
  }

  /** A line that was changed under us is still a row, and says so. */
  #rowOf(row: number, line: Buffer): AuditRow {
    const entry = parseRecord(line.toString('utf8'));
    const seq = this.#columns.base + row;
    if (entry?.seq === seq) return auditRowOf(entry);
    const summary = 'this entry can no longer be read from its file';
    return { seq, ts: this.#columns.ts[row]!, op: '', actor: '', outcome: null, module: null, run: null, summary };
  }
}

async function complete(matches: Matches, signal: Cancellation | undefined): Promise<void> {
  const stop = () => matches.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    while (!matches.isComplete && !signal?.aborted) await matches.catchUp();
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  if (signal?.aborted) throw new Refusal('call.cancelled', 'the search was cancelled');
}

import { createHash } from 'node:crypto';
import type { AuditRow } from '../../../shared/contract/audit.ts';
import { type Filter, matchesPattern, parseFilter } from '../../../shared/filter/index.ts';
import type { LedgerEntry } from '../../../shared/model/entry.ts';
import { NOW } from './modules.ts';

const OPS = ['run.started', 'run.finished', 'module.added', 'policy.changed', 'key.used', 'receipt.verified'];
const OUTCOMES = ['', 'finished', 'ok', 'trapped', 'timed-out', 'denied', 'refused', 'exited'];
export const outcomeClasses = [
  'none',
  'ok',
  'finished',
  'exited',
  'trapped',
  'timed-out',
  'denied',
  'refused',
  'other',
];
const ACTORS = ['window', 'cli', 'http', 'system'];

/** A log of any length whose entries are made when they are looked at; its columns answer filters and histograms. */
export class FakeLedger {
  #ts: Float64Array;
  #op: Uint8Array;
  #outcome: Uint8Array;
  #module: Uint8Array;
  #actor: Uint8Array;
  #modules: readonly { sha256: string; name: string }[];
  #matches = new Map<string, Uint32Array>();
  length: number;

  constructor(length: number, modules: readonly { sha256: string; name: string }[]) {
    this.length = length;
    this.#modules = modules.slice(0, 200);
    this.#ts = new Float64Array(length + 10_000);
    this.#op = new Uint8Array(length + 10_000);
    this.#outcome = new Uint8Array(length + 10_000);
    this.#module = new Uint8Array(length + 10_000);
    this.#actor = new Uint8Array(length + 10_000);
    let state = 12345;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state / 2 ** 32;
    };
    let gaps = 0;
    for (let seq = 0; seq < length; seq++) {
      gaps += -Math.log(1 - random()) * (Math.floor(seq / 5000) % 7 === 3 ? 40 : 600);
      this.#ts[seq] = gaps;
      this.#op[seq] = Math.floor(random() * OPS.length);
      const chance = random();
      this.#outcome[seq] =
        chance < 0.4
          ? 1
          : chance < 0.8
            ? 0
            : chance < 0.93
              ? 2
              : chance < 0.95
                ? 3
                : chance < 0.965
                  ? 4
                  : chance < 0.985
                    ? 5
                    : chance < 0.99
                      ? 6
                      : 7;
      this.#module[seq] = Math.floor(random() * Math.max(1, this.#modules.length));
      this.#actor[seq] = Math.floor(random() * ACTORS.length);
    }
    for (let seq = 0; seq < length; seq++) this.#ts[seq] = Math.floor(NOW - gaps + this.#ts[seq]!);
  }

  append(op: string, outcome: string): number {
    const seq = this.length++;
    this.#ts[seq] = Date.now();
    this.#op[seq] = Math.max(0, OPS.indexOf(op));
    this.#outcome[seq] = Math.max(0, OUTCOMES.indexOf(outcome));
    this.#matches.clear();
    return seq;
  }

  vocabulary() {
    const module = this.#modules.map(({ name }) => name);
    return { kind: OPS, outcome: OUTCOMES.filter((outcome) => outcome !== ''), actor: ACTORS, module };
  }

  head(): string {
    return createHash('sha256').update(`leaf ${this.length}`).digest('hex');
  }

  row(seq: number): AuditRow {
    const op = OPS[this.#op[seq]!]!;
    const module = op.startsWith('run') || op.startsWith('module') ? this.#modules[this.#module[seq]!] : undefined;
    const outcome = OUTCOMES[this.#outcome[seq]!] || null;
    return {
      seq,
      ts: this.#ts[seq]!,
      op,
      actor: ACTORS[this.#actor[seq]!]!,
      outcome,
      module: module?.sha256 ?? null,
      run: op.startsWith('run') ? runIdOf(seq) : null,
      summary:
        module === undefined ? `${op.split('.')[0]} entry ${seq}` : `${module.name} · fuel ${(seq * 37) % 99_991}`,
    };
  }

  entry(seq: number): { entry: LedgerEntry; line: string; leafHash: string } {
    const row = this.row(seq);
    const data: Record<string, string | number> = { fuelUsed: `${(seq * 37) % 99_991}` };
    if (row.module !== null) data.module = row.module;
    if (row.run !== null) data.run = row.run;
    if (row.outcome !== null) data.outcome = row.outcome;
    const prev = createHash('sha256')
      .update(`leaf ${seq - 1}`)
      .digest('hex');
    const entry: LedgerEntry = {
      v: 1,
      seq,
      ts: row.ts,
      op: row.op,
      actor: row.actor as LedgerEntry['actor'],
      data,
      prev,
    };
    return { entry, line: JSON.stringify(entry), leafHash: createHash('sha256').update(`leaf ${seq}`).digest('hex') };
  }

  /** Sequence numbers that match, in order; undefined when the filter cannot be understood. */
  match(source: string): Uint32Array | undefined {
    const { filter, errors } = parseFilter(source, Date.now());
    if (errors.length > 0) return undefined;
    const kept = this.#matches.get(source);
    if (kept !== undefined) return kept;
    const found = new Uint32Array(this.length);
    let count = 0;
    for (let seq = 0; seq < this.length; seq++) if (this.#isMatch(seq, filter)) found[count++] = seq;
    const matches = found.slice(0, count);
    this.#matches.set(source, matches);
    return matches;
  }

  #isMatch(seq: number, filter: Filter): boolean {
    return filter.terms.every(({ test, isNegated }) => this.#passes(seq, test) !== isNegated);
  }

  #passes(seq: number, test: Filter['terms'][number]['test']): boolean {
    if (test.field === 'seq') return test.ranges.some(({ from, to }) => seq >= from && seq <= to);
    if (test.field === 'time') return this.#ts[seq]! >= test.fromTs && this.#ts[seq]! < test.toTs;
    if (test.field === 'text') return this.row(seq).summary.includes(test.text);
    const value = this.#word(seq, test.field);
    return test.patterns.some((pattern) => value !== null && matchesPattern(pattern, value));
  }

  #word(seq: number, field: string): string | null {
    if (field === 'kind') return OPS[this.#op[seq]!]!;
    if (field === 'outcome') return OUTCOMES[this.#outcome[seq]!] || null;
    if (field === 'actor') return ACTORS[this.#actor[seq]!]!;
    const row = this.row(seq);
    return field === 'module' ? row.module : field === 'run' ? row.run : null;
  }

  ts(seq: number): number {
    return this.#ts[seq]!;
  }

  histogram(matches: Uint32Array, fromTs: number, toTs: number, bins: number): number[][] {
    const counts = outcomeClasses.map(() => new Array<number>(bins).fill(0));
    for (const seq of matches) {
      const ts = this.#ts[seq]!;
      if (ts < fromTs || ts > toTs) continue;
      const name = OUTCOMES[this.#outcome[seq]!] || 'none';
      const bin = Math.min(bins - 1, Math.floor(((ts - fromTs) / Math.max(1, toTs - fromTs)) * bins));
      counts[outcomeClasses.indexOf(name)]![bin]!++;
    }
    return counts;
  }
}

/** A run id made from a number, in the ids' own alphabet. */
export function runIdOf(number: number): string {
  return `run_${number.toString(10).padStart(26, '0')}`;
}

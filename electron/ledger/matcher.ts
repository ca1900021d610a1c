import {
  type Filter,
  matchesPattern,
  type NumberRange,
  occursIn,
  type Pattern,
  type Term,
} from '../../shared/filter/index.ts';
import type { Json, LedgerEntry } from '../../shared/model/entry.ts';
import { type Columns, hashOf } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import { parseRecord } from './record.ts';
import { factsOf } from './row.ts';

/** A filter ready to be asked about rows. */
export type Matcher = {
  /** Keeps those of the first `length` rows in `rows` whose columns let them match, in place. @returns how many are kept */
  keepRows(rows: Uint32Array, length: number): number;
  /** Whether the line must be looked at too: for text and for ids, of which the columns hold hashes only. */
  readonly needsLine: boolean;
  testLine(line: Buffer): boolean;
};

/** One plain loop for each term: a million rows take a few milliseconds, a call for each row would take several times that. */
type Sieve = (rows: Uint32Array, length: number) => number;
type LineTest = (line: Buffer) => boolean;

/** Turns a filter into tests on columns and on lines. */
export function compileFilter(filter: Filter, columns: Columns): Matcher {
  const sieves: Sieve[] = [];
  const lineTests: LineTest[] = [];
  for (const term of filter.terms) {
    const sieve = sieveOf(term, columns);
    if (sieve) sieves.push(sieve);
    const lineTest = lineTestOf(term);
    if (lineTest) lineTests.push(lineTest);
  }
  return {
    keepRows: (rows, length) => sieves.reduce((kept, sieve) => sieve(rows, kept), length),
    needsLine: lineTests.length > 0,
    testLine: (line) => lineTests.every((test) => test(line)),
  };
}

/** The test on columns, or undefined when they cannot tell. */
function sieveOf({ test, isNegated }: Term, columns: Columns): Sieve | undefined {
  const wanted = isNegated ? 0 : 1;
  switch (test.field) {
    case 'kind':
      return wordSieve(
        columns.ops,
        () => columns.op,
        wanted,
        (op) => fitsAny(test.patterns, op),
      );
    case 'actor':
      return wordSieve(
        columns.actors,
        () => columns.actor,
        wanted,
        (actor) => fitsAny(test.patterns, actor),
      );
    case 'outcome':
      return wordSieve(
        columns.outcomes,
        () => columns.outcome,
        wanted,
        (text) => fitsAny(test.patterns, text || 'none'),
      );
    case 'module':
      return wordSieve(
        columns.modules,
        () => columns.module,
        wanted,
        (module) => fitsModule(test.patterns, module),
      );
    case 'seq':
      return anyRangeSieve(test.ranges, wanted, columns);
    case 'time':
      return timeSieve(test.fromTs, test.toTs, wanted, columns);
    case 'run':
      return isNegated ? undefined : hashSieve(test.patterns, () => columns.run);
    case 'session':
      return isNegated ? undefined : hashSieve(test.patterns, () => columns.session);
    case 'text':
      return undefined;
  }
}

/** Asks about each string of a growing dictionary once. */
function wordSieve(
  dictionary: Dictionary,
  column: () => Uint8Array | Uint16Array | Uint32Array,
  wanted: number,
  fits: (text: string) => boolean,
): Sieve {
  let answers = new Uint8Array(0);
  return (rows, length) => {
    if (answers.length < dictionary.size) {
      const known = answers.length;
      const more = dictionary.texts().slice(known);
      const grown = new Uint8Array(dictionary.size);
      grown.set(answers);
      for (const [i, text] of more.entries()) grown[known + i] = fits(text) ? 1 : 0;
      answers = grown;
    }
    const numbers = column();
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const row = rows[i]!;
      if (answers[numbers[row]!] === wanted) rows[kept++] = row;
    }
    return kept;
  };
}

function anyRangeSieve(ranges: readonly NumberRange[], wanted: number, columns: Columns): Sieve {
  return (rows, length) => {
    const { base } = columns;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const row = rows[i]!;
      let isIn = 0;
      for (const { from, to } of ranges) if (base + row >= from && base + row <= to) isIn = 1;
      if (isIn === wanted) rows[kept++] = row;
    }
    return kept;
  };
}

function timeSieve(fromTs: number, toTs: number, wanted: number, columns: Columns): Sieve {
  return (rows, length) => {
    const times = columns.ts;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const row = rows[i]!;
      const ts = times[row]!;
      if ((ts >= fromTs && ts < toTs ? 1 : 0) === wanted) rows[kept++] = row;
    }
    return kept;
  };
}

/** Keeps rows whose id may be one of the patterns. */
function hashSieve(patterns: readonly Pattern[], column: () => Uint32Array): Sieve {
  const isAny = patterns.some(({ isWildcard }) => isWildcard);
  const hashes = new Set(patterns.map(({ text }) => hashOf(text)));
  return (rows, length) => {
    const ids = column();
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const row = rows[i]!;
      const id = ids[row]!;
      if (isAny ? id !== 0 : hashes.has(id)) rows[kept++] = row;
    }
    return kept;
  };
}

function fitsAny(patterns: readonly Pattern[], text: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, text));
}

/** A module is named by a part of its name or by the beginning of its digest. */
function fitsModule(patterns: readonly Pattern[], module: string): boolean {
  const [digest = '', name = ''] = module.split('\n');
  return patterns.some((pattern) => {
    const isDigest = pattern.text !== '' && digest.startsWith(pattern.text.toLowerCase());
    return (name !== '' && occursIn(pattern, name)) || (digest !== '' && (isDigest || matchesPattern(pattern, digest)));
  });
}

function lineTestOf({ test, isNegated }: Term): LineTest | undefined {
  if (test.field === 'text') {
    const needle = test.text.toLowerCase();
    // As it stands in JSON, so that most lines need no parsing.
    const raw = JSON.stringify(test.text).slice(1, -1).toLowerCase();
    return (line) => {
      const isRawHit = line.toString('utf8').toLowerCase().includes(raw);
      return (isRawHit && holdsText(parseRecord(line.toString('utf8')), needle)) !== isNegated;
    };
  }
  if (test.field !== 'run' && test.field !== 'session') return undefined;
  const { field, patterns } = test;
  return (line) => {
    const entry = parseRecord(line.toString('utf8'));
    const id = entry && (field === 'run' ? factsOf(entry).run : entry.session);
    return (typeof id === 'string' && fitsAny(patterns, id)) !== isNegated;
  };
}

/** Text is sought in what an entry says, not in the names that every line has. */
function holdsText(entry: LedgerEntry | undefined, needle: string): boolean {
  if (entry === undefined) return false;
  const { op, actor, session = '', data } = entry;
  return [op, actor, session].some((text) => text.toLowerCase().includes(needle)) || jsonHolds(data, needle);
}

function jsonHolds(value: Json, needle: string): boolean {
  if (typeof value !== 'object' || value === null) return String(value).toLowerCase().includes(needle);
  if (Array.isArray(value)) return value.some((item: Json) => jsonHolds(item, needle));
  return Object.entries(value).some(([key, item]) => key.toLowerCase().includes(needle) || jsonHolds(item, needle));
}

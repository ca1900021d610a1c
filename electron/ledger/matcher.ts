import { type Filter, matchesPattern, occursIn, type Pattern, type Term } from '../../shared/filter/index.ts';
import type { Json, LedgerEntry } from '../../shared/model/entry.ts';
import { type Columns, hashOf } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import { parseRecord } from './record.ts';
import { factsOf } from './row.ts';

/** A filter ready to be asked about rows. */
export type Matcher = {
  /** Whether the columns of a row let it match. */
  testRow(row: number): boolean;
  /** Whether the line must be looked at too: for text and for ids, of which the columns hold hashes only. */
  readonly needsLine: boolean;
  testLine(line: Buffer): boolean;
};

type RowTest = (row: number) => boolean;
type LineTest = (line: Buffer) => boolean;

/** Turns a filter into tests on columns and on lines. */
export function compileFilter(filter: Filter, columns: Columns): Matcher {
  const rowTests: RowTest[] = [];
  const lineTests: LineTest[] = [];
  for (const term of filter.terms) {
    const rowTest = rowTestOf(term, columns);
    if (rowTest) rowTests.push(rowTest);
    const lineTest = lineTestOf(term);
    if (lineTest) lineTests.push(lineTest);
  }
  return {
    testRow: allOf(rowTests),
    needsLine: lineTests.length > 0,
    testLine: (line) => lineTests.every((test) => test(line)),
  };
}

function allOf(tests: readonly RowTest[]): RowTest {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (row) => first(row) && second(row);
  return (row) => tests.every((test) => test(row));
}

/** The test on columns, or undefined when they cannot tell. */
function rowTestOf({ test, isNegated }: Term, columns: Columns): RowTest | undefined {
  const wanted = !isNegated;
  switch (test.field) {
    case 'kind': {
      const fits = dictionaryTest(columns.ops, (op) => fitsAny(test.patterns, op));
      return (row) => fits(columns.op[row]!) === wanted;
    }
    case 'actor': {
      const fits = dictionaryTest(columns.actors, (actor) => fitsAny(test.patterns, actor));
      return (row) => fits(columns.actor[row]!) === wanted;
    }
    case 'outcome': {
      const fits = dictionaryTest(columns.outcomes, (outcome) => fitsAny(test.patterns, outcome || 'none'));
      return (row) => fits(columns.outcome[row]!) === wanted;
    }
    case 'module': {
      const fits = dictionaryTest(columns.modules, (module) => fitsModule(test.patterns, module));
      return (row) => fits(columns.module[row]!) === wanted;
    }
    case 'seq':
      return (row) =>
        test.ranges.some(({ from, to }) => columns.base + row >= from && columns.base + row <= to) === wanted;
    case 'time':
      return (row) => (columns.ts[row]! >= test.fromTs && columns.ts[row]! < test.toTs) === wanted;
    case 'run':
      return isNegated ? undefined : hashTest(test.patterns, () => columns.run);
    case 'session':
      return isNegated ? undefined : hashTest(test.patterns, () => columns.session);
    case 'text':
      return undefined;
  }
}

/** Rows whose id may be one of the patterns; undefined when a wildcard makes that any. */
function hashTest(patterns: readonly Pattern[], column: () => Uint32Array): RowTest | undefined {
  if (patterns.some(({ isWildcard }) => isWildcard)) return (row) => column()[row] !== 0;
  const hashes = new Set(patterns.map(({ text }) => hashOf(text)));
  return (row) => hashes.has(column()[row]!);
}

/** Asks about each string of a growing dictionary once. */
function dictionaryTest(dictionary: Dictionary, fits: (text: string) => boolean): (number: number) => boolean {
  const answers: boolean[] = [];
  return (number) => {
    for (let next = answers.length; next <= number; next++) answers.push(fits(dictionary.textOf(next)));
    return answers[number]!;
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

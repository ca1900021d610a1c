import { actor } from '../model/entry.ts';
import type { Filter, FilterError, FilterTest, NumberRange, Pattern, Term, WordField } from './filter.ts';
import { wordFields } from './filter.ts';
import { parseTime } from './time.ts';
import { type Token, tokenize, type Value } from './tokens.ts';

/** Fields by the name they are written with; `op` is another name of `kind`. */
export const fieldNames = [...wordFields, 'seq', 'since', 'until'] as const;
export type FieldName = (typeof fieldNames)[number];

/** The outcome of parsing: the terms that could be understood, and what could not. */
export type ParsedFilter = { readonly filter: Filter; readonly errors: readonly FilterError[] };

const RANGE = /^(\d{0,15})\.\.(\d{0,15})$/;

/**
 * Parses the filter language: terms side by side must all match, `-` before a term turns it round, `key:a,b` is either.
 *
 *     outcome:denied module:fib kind:run.* actor:cli,http seq:10..20 since:2026-11-01 until:2h "some text" -word
 *
 * @param now resolves relative times; milliseconds since the epoch
 */
export function parseFilter(source: string, now: number): ParsedFilter {
  const { tokens, errors } = tokenize(source);
  const terms: Term[] = [];
  for (const token of tokens) {
    if (token.values.some(({ text, isQuoted }) => text === '' && !isQuoted)) continue;
    const test = readTest(token, now, errors);
    if (test) terms.push({ test, isNegated: token.isNegated, start: token.start, end: token.end });
  }
  return { filter: { terms }, errors: errors.sort((a, b) => a.start - b.start) };
}

function readTest(token: Token, now: number, errors: FilterError[]): FilterTest | undefined {
  const { key, keyStart, values } = token;
  if (key === null) return { field: 'text', text: values[0]!.text };
  const name = key === 'op' ? 'kind' : key;
  if (name === 'seq') return readSeq(values, errors);
  if (name === 'since' || name === 'until') return readTime(name, values, now, errors);
  if (isWordField(name)) return readWords(name, values, errors);
  const message = `expected one of ${fieldNames.join(', ')} before the colon; put text that has a colon in quotes`;
  errors.push({ message, start: keyStart, end: keyStart + key.length });
  return undefined;
}

function readWords(field: WordField, values: readonly Value[], errors: FilterError[]): FilterTest {
  const patterns = values.map(({ text, isQuoted }): Pattern => ({ text, isWildcard: !isQuoted && text.includes('*') }));
  for (const [i, { text, isWildcard }] of patterns.entries()) {
    if (field !== 'actor' || isWildcard || actor.options.some((known) => known === text)) continue;
    const { start, end } = values[i]!;
    errors.push({ message: `actor must be one of ${actor.options.join(', ')}`, start, end });
  }
  return { field, patterns };
}

function readSeq(values: readonly Value[], errors: FilterError[]): FilterTest {
  const ranges: NumberRange[] = [];
  for (const { text, start, end } of values) {
    const match = RANGE.exec(text);
    if (/^\d{1,15}$/.test(text)) ranges.push({ from: Number(text), to: Number(text) });
    else if (match)
      ranges.push({ from: Number(match[1]), to: match[2] === '' ? Number.MAX_SAFE_INTEGER : Number(match[2]) });
    else errors.push({ message: 'seq must be a number or a range like 10..20, 10.. or ..20', start, end });
  }
  return { field: 'seq', ranges };
}

function readTime(
  name: 'since' | 'until',
  values: readonly Value[],
  now: number,
  errors: FilterError[],
): FilterTest | undefined {
  const [{ text, start }, ...more] = values as [Value, ...Value[]];
  const span = parseTime(text, now);
  if (span === undefined || more.length > 0) {
    const message = `${name} must be one UTC time like 2026-11-01, 2026-11-01T10:30, today, 2h or 7d`;
    errors.push({ message, start, end: values.at(-1)!.end });
    return undefined;
  }
  const { fromTs, toTs, isRelative } = span;
  return name === 'since'
    ? { field: 'time', fromTs, toTs: Number.POSITIVE_INFINITY, isRelative }
    : { field: 'time', fromTs: Number.NEGATIVE_INFINITY, toTs, isRelative };
}

function isWordField(name: string): name is WordField {
  return wordFields.some((field) => field === name);
}

import type { FilterError } from './filter.ts';

/** A value as written: `text` without quotes and escapes. */
export type Value = { readonly text: string; readonly isQuoted: boolean; readonly start: number; readonly end: number };

/** One term as written, before its meaning: `-key:value,value` or `value`. */
export type Token = {
  readonly isNegated: boolean;
  readonly key: string | null;
  readonly keyStart: number;
  readonly values: readonly Value[];
  readonly start: number;
  readonly end: number;
};

const SPACE = /\s/;
const KEY = /([A-Za-z]+):/y;

/** Splits a filter into terms. Errors are those of form only: a quote that is not closed, a missing value. */
export function tokenize(source: string): { tokens: Token[]; errors: FilterError[] } {
  const tokens: Token[] = [];
  const errors: FilterError[] = [];
  for (let at = 0; ; ) {
    while (at < source.length && SPACE.test(source[at]!)) at++;
    if (at >= source.length) return { tokens, errors };
    const token = readToken(source, at, errors);
    tokens.push(token);
    at = token.end;
  }
}

function readToken(source: string, start: number, errors: FilterError[]): Token {
  const isNegated = source[start] === '-';
  const keyStart = isNegated ? start + 1 : start;
  KEY.lastIndex = keyStart;
  const key = KEY.exec(source)?.[1] ?? null;
  let at = key === null ? keyStart : keyStart + key.length + 1;
  const values = [readValue(source, at, key !== null, errors)];
  at = values[0]!.end;
  while (key !== null && source[at] === ',') {
    const value = readValue(source, at + 1, true, errors);
    values.push(value);
    at = value.end;
  }
  return { isNegated, key, keyStart, values, start, end: at };
}

function readValue(source: string, start: number, isListed: boolean, errors: FilterError[]): Value {
  if (source[start] === '"') return readQuoted(source, start, errors);
  let end = start;
  while (end < source.length && !SPACE.test(source[end]!) && !(isListed && source[end] === ',')) end++;
  if (end === start) errors.push({ message: 'expected a value here', start, end });
  return { text: source.slice(start, end), isQuoted: false, start, end };
}

function readQuoted(source: string, start: number, errors: FilterError[]): Value {
  let text = '';
  let at = start + 1;
  for (; at < source.length && source[at] !== '"'; at++) {
    if (source[at] === '\\' && at + 1 < source.length) at++;
    text += source[at];
  }
  if (at >= source.length) errors.push({ message: 'expected a closing quote', start, end: source.length });
  return { text, isQuoted: true, start, end: Math.min(at + 1, source.length) };
}

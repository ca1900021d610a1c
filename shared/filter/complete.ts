import { formatTerm } from './edit.ts';
import { type FieldName, fieldNames } from './parse.ts';
import { type Token, tokenize } from './tokens.ts';

/** Values that occur in a log, most useful first. */
export type Vocabulary = { readonly [field in FieldName]?: readonly string[] };

/** Replacing characters `start` to `end` of the source by a candidate's `text` completes it. */
export type Completion = {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly { readonly text: string; readonly label: string }[];
};

const MOST = 50;
const TIMES = ['today', 'yesterday', '15m', '1h', '24h', '7d', '30d'];

/** What could stand at the cursor: names of fields, or values of the field whose value is being written. */
export function completeFilter(source: string, cursor: number, vocabulary: Vocabulary): Completion {
  const token = tokenize(source).tokens.find(({ start, end }) => start <= cursor && cursor <= end);
  if (token === undefined || token.key === null || cursor <= token.keyStart + token.key.length) {
    return completeName(source, cursor, token);
  }
  const value = token.values.find(({ start, end }) => start <= cursor && cursor <= end) ?? token.values.at(-1)!;
  const typed = (value.isQuoted ? value.text : source.slice(value.start, cursor)).toLowerCase();
  const name = token.key === 'op' ? 'kind' : token.key;
  const known = vocabulary[name as FieldName] ?? (name === 'since' || name === 'until' ? TIMES : []);
  const candidates = ranked(known, typed).map((word) => ({ text: formatTerm(null, word), label: word }));
  return { start: value.start, end: value.end, candidates };
}

function completeName(source: string, cursor: number, token: Token | undefined): Completion {
  if (token === undefined) return { start: cursor, end: cursor, candidates: names('') };
  if (token.key === null && token.values[0]!.isQuoted) return { start: cursor, end: cursor, candidates: [] };
  const end = token.key === null ? token.end : token.keyStart + token.key.length + 1;
  return { start: token.keyStart, end, candidates: names(source.slice(token.keyStart, cursor).toLowerCase()) };
}

function names(typed: string): { text: string; label: string }[] {
  return fieldNames.filter((name) => name.startsWith(typed)).map((name) => ({ text: `${name}:`, label: name }));
}

function ranked(words: readonly string[], typed: string): string[] {
  const beginning = words.filter((word) => word.toLowerCase().startsWith(typed));
  const containing = words.filter((word) => word.toLowerCase().indexOf(typed) > 0);
  return [...beginning, ...containing].slice(0, MOST);
}

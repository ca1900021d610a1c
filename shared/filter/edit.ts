import type { Term } from './filter.ts';

/** A term of one word as it is written: quoted where it must be. */
export function formatTerm(key: string | null, value: string, isNegated = false): string {
  const needsQuotes = value === '' || /[\s",*\\]/.test(value) || (key === null && /^-|^[A-Za-z]+:/.test(value));
  const written = needsQuotes ? `"${value.replace(/[\\"]/g, '\\$&')}"` : value;
  return `${isNegated ? '-' : ''}${key === null ? '' : `${key}:`}${written}`;
}

/** The source with a term at its end; unchanged when the same term is there already. */
export function addTerm(source: string, term: string): string {
  const rest = source.trim();
  if (rest.split(/\s+/).includes(term)) return source;
  return rest === '' ? term : `${rest} ${term}`;
}

/** The source without a term of it. */
export function removeTerm(source: string, term: Pick<Term, 'start' | 'end'>): string {
  const before = source.slice(0, term.start).trimEnd();
  const after = source.slice(term.end).trimStart();
  return before === '' || after === '' ? before + after : `${before} ${after}`;
}

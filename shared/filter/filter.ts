/** A value to compare with; `*` in it stands for any characters when `isWildcard`. Quoted values are never wildcards. */
export type Pattern = { readonly text: string; readonly isWildcard: boolean };

/** Fields whose value is a word. */
export const wordFields = ['kind', 'outcome', 'module', 'actor', 'run', 'session'] as const;
export type WordField = (typeof wordFields)[number];

/** Whole numbers from `from` to `to`, both included. */
export type NumberRange = { readonly from: number; readonly to: number };

/** What one term asks of an entry. */
export type FilterTest =
  | { readonly field: WordField; readonly patterns: readonly Pattern[] }
  | { readonly field: 'seq'; readonly ranges: readonly NumberRange[] }
  /** milliseconds since the epoch: at or after `fromTs`, before `toTs` */
  | { readonly field: 'time'; readonly fromTs: number; readonly toTs: number; readonly isRelative: boolean }
  | { readonly field: 'text'; readonly text: string };

/** One term: a test, perhaps turned round by `-`, and where it stands in the source. */
export type Term = {
  readonly test: FilterTest;
  readonly isNegated: boolean;
  readonly start: number;
  readonly end: number;
};

/** A parsed filter: an entry matches when every term does. No terms match everything. */
export type Filter = { readonly terms: readonly Term[] };

/** What is wrong with a filter, and where: characters `start` to `end` of the source. */
export type FilterError = { readonly message: string; readonly start: number; readonly end: number };

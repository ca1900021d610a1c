import type { Pattern } from './filter.ts';

/** Whether a whole text fits a pattern, whatever the case of its letters. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  const wanted = pattern.text.toLowerCase();
  const given = text.toLowerCase();
  return pattern.isWildcard ? matchesPieces(wanted.split('*'), given) : wanted === given;
}

/** Whether a pattern occurs in a text: a wildcard must fit it whole, a plain one may stand anywhere. */
export function occursIn(pattern: Pattern, text: string): boolean {
  return pattern.isWildcard ? matchesPattern(pattern, text) : text.toLowerCase().includes(pattern.text.toLowerCase());
}

// Greedy from the left: linear, unlike a regular expression made of the pattern.
function matchesPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

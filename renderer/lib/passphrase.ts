/** The vault refuses less for anything new, in characters. */
export const PASSPHRASE_MIN = 12;

export type PassphraseLevel = 'short' | 'weak' | 'fair' | 'strong';
export type PassphraseVerdict = { readonly level: PassphraseLevel; readonly text: string };

const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[ -/:-@[-`{-~]/, 33],
  [/[^ -~]/, 100],
];

/**
 * How hard a passphrase is to guess, roughly and never too kindly: characters that repeat or continue a run count
 * little, and a word made of one kind of letter counts less than random letters do.
 */
export function judgePassphrase(passphrase: string): PassphraseVerdict {
  const length = [...passphrase.normalize('NFKC')].length;
  if (length < PASSPHRASE_MIN) return { level: 'short', text: `${length} of at least ${PASSPHRASE_MIN} characters` };
  const bits = estimateBits(passphrase);
  if (bits < 45) return { level: 'weak', text: 'weak: a patient machine guesses it' };
  if (bits < 70) return { level: 'fair', text: 'fair: more words make it stronger' };
  return { level: 'strong', text: 'strong' };
}

function estimateBits(passphrase: string): number {
  const characters = [...passphrase.normalize('NFKC')];
  const alphabet = CLASSES.reduce((sum, [pattern, size]) => sum + (pattern.test(passphrase) ? size : 0), 0);
  const perCharacter = Math.log2(Math.max(alphabet, 2));
  const seen = new Set<string>();
  let bits = 0;
  for (const [index, character] of characters.entries()) {
    const before = characters[index - 1];
    const step = before === undefined ? Number.NaN : character.codePointAt(0)! - before.codePointAt(0)!;
    const isGuessed = Math.abs(step) <= 1 || seen.has(`${before}${character}`);
    seen.add(`${before}${character}`);
    // Letters of words carry about two bits each, whatever the alphabet.
    const isInWord = /\p{Ll}/u.test(character) && before !== undefined && /\p{L}/u.test(before);
    bits += isGuessed ? 0.5 : isInWord ? Math.min(perCharacter, 2.5) : perCharacter;
  }
  return bits;
}

/** Splits a line into arguments like a shell does: blanks part, quotes and backslashes keep. */
export function splitArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const char = line[index]!;
    if (char === '\\' && quote !== "'" && index + 1 < line.length) word = (word ?? '') + line[++index];
    else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Joins arguments so that `splitArguments` gives them back. */
export function joinArguments(words: readonly string[]): string {
  return words
    .map((word) => (word !== '' && /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`))
    .join(' ');
}

export type EnvironmentLine = readonly [name: string, value: string];

/** Reads the lines of a `.env` file: comments, `export `, quotes. Lines that are none of it are left out and counted. */
export function parseEnvironment(text: string): { entries: EnvironmentLine[]; skipped: number } {
  const entries: EnvironmentLine[] = [];
  let skipped = 0;
  for (const rawLine of text.split(/\r?\n/)) {
    const line = rawLine.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^(?:export\s+)?([^=\s]+)\s*=\s*(.*)$/.exec(line);
    if (match) entries.push([match[1]!, unquote(match[2]!)]);
    else skipped++;
  }
  return { entries, skipped };
}

function unquote(text: string): string {
  const match = /^(["'])(.*)\1$/.exec(text);
  return match ? match[2]! : text;
}

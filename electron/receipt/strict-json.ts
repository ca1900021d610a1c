import type { Json } from '../../shared/model/entry.ts';

const DEPTH_MAX = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside strings
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Thrown for JSON that two readers could understand differently, or that is none. `offset` is in characters. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Reads JSON (RFC 8259) of which there is only one reading: UTF-8 without a byte order mark, no name twice in an object
 * and none called `__proto__`, no lone surrogates, no integer that a double cannot hold, nesting of at most 64.
 * @throws JsonError
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonError('expected UTF-8', 0);
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > DEPTH_MAX) throw this.#error('nesting must be at most 64');
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('expected nothing more');
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    this.#at++;
    if (this.#take('}')) return {};
    do {
      this.#space();
      const start = this.#at;
      const name = this.#string();
      if (members.has(name) || name === '__proto__') {
        this.#at = start;
        throw this.#error('a name must stand once, and not be __proto__');
      }
      this.#expect(':');
      members.set(name, this.value(depth + 1));
    } while (this.#take(','));
    this.#expect('}');
    return Object.fromEntries(members);
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#at++;
    if (this.#take(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.#take(','));
    this.#expect(']');
    return items;
  }

  #string(): string {
    const start = this.#at;
    if (this.#text[this.#at] !== '"') throw this.#error('expected a string');
    this.#at++;
    let value = '';
    for (;;) {
      value += this.#match(PLAIN);
      const next = this.#text[this.#at++];
      if (next === '"') break;
      if (next !== '\\') throw this.#error('expected the end of a string');
      value += this.#escape();
    }
    if (!value.isWellFormed()) {
      this.#at = start;
      throw this.#error('text must be well-formed Unicode');
    }
    return value;
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    if (letter !== 'u') {
      const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
      if (character === undefined) throw this.#error('expected an escape');
      return character;
    }
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#error('expected four hex digits');
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number {
    const digits = this.#match(NUMBER);
    const value = Number(digits);
    if (digits === '') throw this.#error('expected a value');
    const isInteger = /^-?[0-9]+$/.test(digits);
    if (!Number.isFinite(value) || (isInteger && !Number.isSafeInteger(value))) {
      throw this.#error('number must fit a double exactly');
    }
    return value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error('expected a value');
    this.#at += word.length;
    return value;
  }

  #take(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw this.#error(`expected ${character}`);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #error(message: string): JsonError {
    return new JsonError(message, this.#at);
  }
}

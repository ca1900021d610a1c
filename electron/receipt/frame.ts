import { bigEndian, concatBytes, utf8 } from '../vault/bytes.ts';

/** What can be committed to: framed so that no two values have the same bytes. */
export type Framed =
  | null
  | boolean
  | string
  | Uint8Array
  | readonly Framed[]
  | { readonly [name: string]: Framed | undefined };

/**
 * One unambiguous encoding: a tag, a length as 8 bytes big endian, the content. Objects are lists of name and value in
 * code-unit order of their names; absent and undefined are the same. A list of strings can so never be mistaken for
 * another one whose strings are cut elsewhere.
 */
export function frame(value: Framed): Uint8Array {
  if (value === null) return Uint8Array.of(0x6e);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0x74 : 0x66);
  if (typeof value === 'string') return framed(0x73, utf8(wellFormed(value)), undefined);
  if (value instanceof Uint8Array) return framed(0x62, value, undefined);
  if (isList(value)) return framed(0x6c, concatBytes(...value.map(frame)), value.length);
  const names = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort();
  const members = names.flatMap((name) => [frame(name), frame(value[name] ?? null)]);
  return framed(0x6f, concatBytes(...members), names.length);
}

function framed(tag: number, content: Uint8Array, members: number | undefined): Uint8Array {
  return concatBytes(Uint8Array.of(tag), bigEndian(members ?? content.length, 8), content);
}

function isList(value: Framed): value is readonly Framed[] {
  return Array.isArray(value);
}

// UTF-8 turns every lone surrogate into the same replacement character: two inputs would share a commitment.
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('text must be well-formed Unicode');
  return text;
}

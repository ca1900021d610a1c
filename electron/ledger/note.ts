import { type LogKey, verifySignature } from './log-key.ts';

/** A signed note (c2sp.org/signed-note): text that ends with a line feed, and lines of signatures. */
export type SignedNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };

export type NoteSignature = { readonly name: string; readonly noteId: Buffer; readonly signature: Buffer };

const MAX_NOTE_CHARS = 65_536;
const MAX_SIGNATURES = 64;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** Writes a note. */
export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ name, noteId, signature }) => `— ${name} ${Buffer.concat([noteId, signature]).toString('base64')}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** Reads a note strictly; undefined when it is not one. */
export function parseNote(note: string): SignedNote | undefined {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || note.length > MAX_NOTE_CHARS || CONTROL.test(note) || !note.endsWith('\n')) return undefined;
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const match = SIGNATURE_LINE.exec(line);
    const bytes = Buffer.from(match?.[2] ?? '', 'base64');
    if (!match || bytes.length < 5 || bytes.toString('base64') !== match[2]) return undefined;
    signatures.push({ name: match[1]!, noteId: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return { text: note.slice(0, split + 1), signatures };
}

/**
 * Which of `keys` signed the note under `name`. A signature by a known key that does not verify spoils the note; those of
 * unknown keys are passed over.
 * @returns the keys, or undefined when a known key's signature is wrong
 */
export function signersOf(note: SignedNote, name: string, keys: readonly LogKey[]): LogKey[] | undefined {
  const text = Buffer.from(note.text);
  const signers: LogKey[] = [];
  for (const line of note.signatures) {
    const key = line.name === name ? keys.find(({ noteId }) => noteId.equals(line.noteId)) : undefined;
    if (key === undefined) continue;
    if (!verifySignature(key, text, line.signature)) return undefined;
    signers.push(key);
  }
  return signers;
}

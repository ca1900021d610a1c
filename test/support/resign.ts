import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCheckpoint } from '../../electron/ledger/checkpoint.ts';
import { type LogSigner, readLogKey } from '../../electron/ledger/index.ts';
import { formatNote, parseNote } from '../../electron/ledger/note.ts';

/**
 * Signs the newest checkpoint of a log again with another key, or the first kept one of `size` entries, and puts it where the
 * newest stands.
 */
export async function resign(dir: string, signer: LogSigner, size?: number): Promise<void> {
  const kept = (await readFile(join(dir, 'checkpoints.ndjson'), 'utf8')).trimEnd().split('\n');
  const notes = kept.map((line) => (JSON.parse(line) as { note: string }).note);
  const chosen =
    size === undefined ? notes.at(-1) : notes.find((note) => parseCheckpoint(note)?.checkpoint.size === size);
  const note = parseNote(chosen!)!;
  const signature = Buffer.from(await signer.sign(Buffer.from(note.text)));
  const { noteId } = readLogKey(signer.publicKeySpki);
  const signed = formatNote({ text: note.text, signatures: [{ name: note.signatures[0]!.name, noteId, signature }] });
  await writeFile(join(dir, 'checkpoint'), signed);
}

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCheckpoint } from '../../../electron/ledger/checkpoint.ts';
import { fileAnchor, openLedger, readLogKey, verifyProof } from '../../../electron/ledger/index.ts';
import { formatNote, parseNote } from '../../../electron/ledger/note.ts';
import { formatProof, parseProof } from '../../../electron/ledger/tlog-proof.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf, failingDisk, linesOf } from '../../support/ledger.ts';
import { naiveLeaf, naiveRoot } from '../../support/naive-merkle.ts';
import { newSigner } from '../../support/signer.ts';

const signer = newSigner();
const key = readLogKey(signer.publicKeySpki);

async function logOf(entries: number) {
  const dir = await temporaryFolder();
  const ledger = await openLedger({ dir, signer });
  await Promise.all(Array.from({ length: entries }, (_, i) => ledger.append(draftOf(i))));
  return { dir, ledger };
}

describe('checkpoints', () => {
  test('a checkpoint signs the root of the lines under the name of the log', async () => {
    const { dir, ledger } = await logOf(700);
    const made = await ledger.checkpoint();
    const leaves = (await linesOf(dir)).map((line) => naiveLeaf(Buffer.from(line)));
    const { origin } = JSON.parse(await readFile(join(dir, 'log.json'), 'utf8')) as { origin: string };
    const text = await readFile(join(dir, 'checkpoint'), 'utf8');
    expect(text).toBe(made.note);
    expect(text.split('\n').slice(0, 4)).toEqual([origin, '700', naiveRoot(leaves).toString('base64'), '']);
    expect(text.split('\n')[4]).toMatch(new RegExp(`^— ${origin} `));
    const [signature] = parseNote(text)!.signatures;
    expect([signature?.noteId, signature?.signature[0]]).toEqual([key.noteId, 0x30]);
    await ledger.close();
  });

  test('one is made by itself after 1,024 entries and on closing', async () => {
    const { dir, ledger } = await logOf(2100);
    await ledger.close();
    const kept = (await readFile(join(dir, 'checkpoints.ndjson'), 'utf8')).trimEnd().split('\n');
    const sizes = kept.map((line) => parseCheckpoint((JSON.parse(line) as { note: string }).note)?.checkpoint.size);
    expect(sizes.length).toBeGreaterThanOrEqual(2);
    expect(sizes.at(-1)).toBe(2100);
  });

  test('tiles have the published layout: level 0 holds leaf hashes, level 1 the roots of full tiles', async () => {
    const { dir, ledger } = await logOf(600);
    await ledger.checkpoint();
    const leaves = (await linesOf(dir)).map((line) => naiveLeaf(Buffer.from(line)));
    const tile = (path: string) => readFile(join(dir, 'tile', path));
    expect(await tile('0/000')).toEqual(Buffer.concat(leaves.slice(0, 256)));
    expect(await tile('0/002.p/88')).toEqual(Buffer.concat(leaves.slice(512)));
    expect(await tile('1/000.p/2')).toEqual(
      Buffer.concat([naiveRoot(leaves.slice(0, 256)), naiveRoot(leaves.slice(256, 512))]),
    );
    await ledger.close();
  });

  test('tiles that went away are made again when the log is opened', async () => {
    const { dir, ledger } = await logOf(600);
    await ledger.checkpoint();
    await ledger.close();
    await rm(join(dir, 'tile'), { recursive: true });
    const again = await openLedger({ dir, signer });
    await again.append(draftOf('one more'));
    expect((await again.prove(3)).treeSize).toBe(600);
    await again.close();
    expect((await readFile(join(dir, 'tile', '0', '000'))).length).toBe(8192);
  });

  test('tiles that do not lead to the checkpoint are made again, and that is an entry', async () => {
    const { dir, ledger } = await logOf(600);
    await ledger.checkpoint();
    await ledger.close();
    const path = join(dir, 'tile', '1', '000.p', '2');
    await writeFile(path, flipFirst(await readFile(path)));
    const again = await openLedger({ dir, signer });
    expect((await again.get(600)).entry).toMatchObject({ op: 'ledger.repaired', data: { reason: 'tiles' } });
    await again.close();
  });

  test('notes and checkpoints are read strictly', async () => {
    const { ledger } = await logOf(3);
    const { note } = await ledger.checkpoint();
    await ledger.close();
    expect(parseCheckpoint(note)?.checkpoint.size).toBe(3);
    const spoiled = [
      note.slice(0, -1),
      note.replace('\n3\n', '\n03\n'),
      note.replace('\n3\n', '\n3 \n'),
      note.replace('\n\n', '\n'),
      note.replace('—', '-'),
      note.replace('=\n\n', '\n\n'),
      `${note}x\n`,
      note.replace('\n3\n', '\n3\n\t'),
      note.replace('\n\n—', '\nextension\n\n—'),
    ];
    expect(spoiled.map((text) => parseCheckpoint(text))).toEqual(spoiled.map(() => undefined));
    const parsed = parseNote(note);
    expect(formatNote(parsed!)).toBe(note);
  });
});

describe('proofs', () => {
  test('every entry is proven to someone who has only the proof and the key', async () => {
    const { ledger } = await logOf(300);
    for (const seq of [0, 1, 127, 255, 256, 299]) {
      const proof = await ledger.prove(seq);
      const found = await ledger.get(seq);
      expect(verifyProof(proof.tlogProof, [key])).toMatchObject({ index: seq, line: Buffer.from(found.line) });
      expect(proof.steps.at(-1)?.parent).toBe(proof.root);
    }
    await ledger.close();
  });

  test('a proof of another entry, by another key, or of another tree proves nothing', async () => {
    const { ledger } = await logOf(20);
    const other = await logOf(20);
    const proof = (await ledger.prove(7)).tlogProof;
    const parsed = parseProof(proof)!;
    const foreign = (await other.ledger.prove(7)).checkpoint;
    const line = Buffer.from((await ledger.get(8)).line);
    expect(verifyProof(proof, [readLogKey(newSigner().publicKeySpki)])).toBe('not-signed');
    expect(verifyProof(proof, [key], line)).toBe('not-included');
    expect(verifyProof(formatProof({ ...parsed, index: 8 }), [key])).toBe('not-included');
    expect(verifyProof(formatProof({ ...parsed, checkpoint: foreign }), [key])).toBe('not-included');
    expect(verifyProof(proof.replace('\n20\n', '\n21\n'), [key])).toBe('wrong-signature');
    expect(verifyProof(proof.replace('index 7', 'index 07'), [key])).toBe('malformed');
    expect(verifyProof(proof.replace(/extra .*\n/, ''), [key])).toBe('no-entry');
    await ledger.close();
    await other.ledger.close();
  });
});

describe('keys', () => {
  test('a rotated key takes over with a checkpoint that both have signed', async () => {
    const { dir, ledger } = await logOf(5);
    const next = newSigner();
    const made = await ledger.rotateKey(next);
    expect(parseNote(made.note)?.signatures.map(({ noteId }) => noteId)).toEqual([
      key.noteId,
      readLogKey(next.publicKeySpki).noteId,
    ]);
    await ledger.append(draftOf('after'));
    expect(parseNote((await ledger.checkpoint()).note)?.signatures).toHaveLength(1);
    await ledger.close();
    const again = await openLedger({ dir, signer: next });
    expect(again.status()).toMatchObject({ alarm: null, keyId: readLogKey(next.publicKeySpki).keyId, entries: 7 });
    await again.close();
  });

  test('a rotation that cannot be written leaves the old key in charge', async () => {
    const failure = { sync: false };
    const dir = await temporaryFolder();
    const ledger = await openLedger({ dir, signer, disk: failingDisk(failure) });
    await ledger.append(draftOf(0));
    await ledger.checkpoint();
    failure.sync = true;
    await expect(ledger.rotateKey(newSigner())).rejects.toMatchObject({ code: 'ledger.unavailable' });
    expect(ledger.status().keyId).toBe(key.keyId);
    await ledger.close();
  });

  test('a log that began without a key names its first one, and one that lost its key the next', async () => {
    const dir = await temporaryFolder();
    const ledger = await openLedger({ dir });
    await ledger.append(draftOf(0));
    await expect(ledger.checkpoint()).rejects.toMatchObject({ code: 'vault.locked' });
    await ledger.setSigner(signer);
    expect((await ledger.get(1)).entry).toMatchObject({ op: 'ledger.key-added', data: { key: key.keyId } });
    await ledger.close();
    const lost = await openLedger({ dir, signer: newSigner() });
    expect((await lost.get(2)).entry).toMatchObject({ op: 'ledger.key-replaced', data: { old: key.keyId } });
    await lost.close();
  });
});

test('the head kept outside tells when the folder is older than it was or another log', async () => {
  const { dir, ledger } = await logOf(1);
  await ledger.close();
  const anchor = fileAnchor(join(await temporaryFolder(), 'anchor.json'));
  const one = await openLedger({ dir, signer, anchor });
  await one.append(draftOf('new'));
  await one.close();
  expect(await anchor.read()).toMatchObject({ size: 2 });
  await anchor.write({ ...(await anchor.read())!, size: 9 });
  const older = await openLedger({ dir, signer, anchor });
  expect(older.status()).toMatchObject({ state: 'read-only', alarm: { kind: 'rolled-back', seq: 2 } });
  await older.close();
  await anchor.write({ ...(await anchor.read())!, origin: 'elsewhere' });
  const replaced = await openLedger({ dir, signer, anchor });
  expect(replaced.status()).toMatchObject({ state: 'read-only', alarm: { kind: 'log-replaced' } });
  await replaced.close();
});

function flipFirst(bytes: Buffer): Buffer {
  bytes[0]! ^= 1;
  return bytes;
}

import { appendFile, cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fileAnchor } from '../../../electron/ledger/anchor.ts';
import { leafHash, toHex, ZERO_HASH } from '../../../electron/ledger/hashing.ts';
import { openLedger, type VerificationOptions, verifyFolder } from '../../../electron/ledger/index.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf } from '../../support/ledger.ts';
import { newSigner } from '../../support/signer.ts';

const signer = newSigner();
const next = newSigner();
const PER_MONTH = 400;
const MONTHS = ['2026-09', '2026-10', '2026-11'];
const TOTAL = MONTHS.length * PER_MONTH;

let whole: string;
let older: string;
let anchorFile: string;

beforeAll(async () => {
  const { mkdtemp } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const place = await mkdtemp(join(tmpdir(), 'glovebox-tamper-'));
  [whole, older, anchorFile] = [join(place, 'whole'), join(place, 'older'), join(place, 'anchor.json')];
  for (const [i, month] of MONTHS.entries()) {
    let ts = Date.parse(`${month}-02T00:00:00Z`);
    const anchor = fileAnchor(anchorFile);
    const ledger = await openLedger({ dir: whole, signer, anchor, clock: () => ts++ });
    await Promise.all(Array.from({ length: PER_MONTH }, (_, k) => ledger.append(draftOf(`${month} ${k}`))));
    await ledger.close();
    if (i === 1) await cp(whole, older, { recursive: true });
  }
  return () => rm(place, { recursive: true });
});

const monthFile = (dir: string, month: string) => join(dir, 'entries', `${month}.ndjson`);

async function tampered(change: (dir: string) => Promise<unknown>, options: VerificationOptions = {}) {
  const dir = await temporaryFolder();
  await cp(whole, dir, { recursive: true });
  await change(dir);
  return verifyFolder(dir, options);
}

function editLines(month: string, edit: (lines: string[]) => string[]) {
  return async (dir: string) => {
    const lines = (await readFile(monthFile(dir, month), 'utf8')).split('\n').slice(0, -1);
    await writeFile(
      monthFile(dir, month),
      edit(lines)
        .map((line) => `${line}\n`)
        .join(''),
    );
  };
}

/** Changes an entry and writes the chain anew from there, as someone with the folder but without the key can. */
async function rewriteFrom(dir: string, seq: number, alsoTiles: boolean): Promise<void> {
  let prev = ZERO_HASH;
  const leaves: Buffer[] = [];
  for (const month of MONTHS) {
    const lines = (await readFile(monthFile(dir, month), 'utf8')).split('\n').slice(0, -1);
    const changed = lines.map((line) => {
      const entry = JSON.parse(line) as { seq: number; data: object; prev: string };
      if (entry.seq === seq) entry.data = { note: 'rewritten' };
      if (entry.seq > seq) entry.prev = prev;
      const text = entry.seq < seq ? line : JSON.stringify(entry);
      leaves.push(leafHash(Buffer.from(text)));
      prev = toHex(leaves.at(-1)!);
      return text;
    });
    await writeFile(monthFile(dir, month), changed.map((line) => `${line}\n`).join(''));
  }
  const head = JSON.parse((await readFile(join(dir, 'head'), 'latin1')).trimEnd().slice(0, -16)) as { size: number };
  if (head.size === TOTAL) await rm(join(dir, 'head'));
  if (alsoTiles) await rm(join(dir, 'tile'), { recursive: true });
}

const first = ({ findings }: { findings: readonly { kind: string; seq: number | null; message: string }[] }) =>
  findings.filter(({ kind }) => kind !== 'tile-missing').map(({ kind, seq, message }) => [kind, seq, message])[0];

test('an untouched log verifies, and the report says what it cannot know', async () => {
  const report = await verifyFolder(whole);
  expect(report).toMatchObject({ verdict: 'intact', entries: TOTAL, size: TOTAL, signedSize: TOTAL, findings: [] });
  expect(report.cannotKnow).toEqual([
    expect.stringContaining('an older copy of itself'),
    expect.stringContaining('compare the first key’s fingerprint, SHA256:'),
    expect.stringContaining('whether what the entries say is true'),
  ]);
  const told = await verifyFolder(whole, {
    anchor: await fileAnchor(anchorFile).read(),
    expectedKeyId: report.keys[0]!.keyId,
  });
  expect([told.verdict, told.cannotKnow.length]).toEqual(['intact', 1]);
});

describe('entries', () => {
  test.each<[string, (dir: string) => Promise<unknown>, string, number, string]>([
    [
      'edited',
      editLines('2026-10', (lines) =>
        lines.map((line, i) => (i === 17 ? line.replace('2026-10 17', '2026-10 71') : line)),
      ),
      'entry-edited',
      417,
      'entry 417 was changed: entry 418 and the tree hold the hash of another version of it',
    ],
    [
      'edited in its link',
      editLines('2026-10', (lines) =>
        lines.map((line, i) => (i === 17 ? line.replace(/"prev":"./, '"prev":"_') : line)),
      ),
      'entry-edited',
      417,
      'entry 417 was changed: it is chained to another entry 416 than the log has',
    ],
    [
      'edited at the very end',
      editLines('2026-11', (lines) => [...lines.slice(0, -1), lines.at(-1)!.replace('2026-11', '2026-12')]),
      'entry-edited',
      1199,
      'entry 1199 was changed: the tree holds the hash of another version of it',
    ],
    [
      'garbled',
      editLines('2026-10', (lines) => lines.map((line, i) => (i === 17 ? `#${line.slice(1)}` : line))),
      'line-garbled',
      417,
      'line 18 of 2026-10 is not an entry: entry 417 should stand there',
    ],
    [
      'removed',
      editLines('2026-10', (lines) => lines.toSpliced(17, 1)),
      'entry-removed',
      417,
      'entry 417 is missing: line 18 of 2026-10 is already entry 418',
    ],
    [
      'removed, several',
      editLines('2026-10', (lines) => lines.toSpliced(17, 3)),
      'entry-removed',
      417,
      'entries 417 to 419 are missing: line 18 of 2026-10 is already entry 420',
    ],
    [
      'reordered',
      editLines('2026-10', (lines) => lines.toSpliced(17, 2, lines[18]!, lines[17]!)),
      'entry-moved',
      417,
      'entry 417 was moved: it stands in line 19 of 2026-10, after entry 418',
    ],
    [
      'moved to another month',
      async (dir) => {
        let moved = '';
        await editLines('2026-10', (lines) => {
          moved = lines[17]!;
          return lines.toSpliced(17, 1);
        })(dir);
        await editLines('2026-11', (lines) => lines.toSpliced(5, 0, moved))(dir);
      },
      'entry-moved',
      417,
      'entry 417 was moved: it stands in line 6 of 2026-11, after entry 418',
    ],
    [
      'duplicated',
      editLines('2026-10', (lines) => lines.toSpliced(17, 0, lines[17]!)),
      'entry-duplicated',
      417,
      'entry 417 stands a second time in line 19 of 2026-10',
    ],
    [
      'duplicated far away',
      editLines('2026-11', (lines) => lines.toSpliced(17, 0, lines[3]!)),
      'entry-duplicated',
      803,
      'entry 803 stands a second time in line 18 of 2026-11',
    ],
    [
      'inserted before the one it imitates',
      editLines('2026-10', (lines) => lines.toSpliced(17, 0, lines[17]!.replace('10 17', '10 99'))),
      'entry-inserted',
      417,
      'line 18 of 2026-10 was put in: it calls itself entry 417, which is another one',
    ],
    [
      'inserted after the one it imitates',
      editLines('2026-10', (lines) => lines.toSpliced(18, 0, lines[17]!.replace('10 17', '10 99'))),
      'entry-inserted',
      417,
      'line 19 of 2026-10 was put in: it calls itself entry 417, which is another one',
    ],
  ])('%s', async (_, change, kind, seq, message) => {
    const report = await tampered(change);
    expect([report.verdict, first(report)]).toEqual(['changed', [kind, seq, message]]);
    // One change is one finding: what follows from it is not told again.
    expect(report.findings.filter(({ severity }) => severity === 'tampering')).toHaveLength(1);
  });

  test('an edited entry leaves the rest of the tree verifiable', async () => {
    const report = await tampered(
      editLines('2026-10', (lines) => lines.map((line, i) => (i === 17 ? line.replace('2026-10 17', 'x') : line))),
    );
    expect([report.signedSize, report.root === null]).toEqual([TOTAL, false]);
  });
});

describe('months and ends', () => {
  test('swapped months', async () => {
    const report = await tampered(async (dir) => {
      await rename(monthFile(dir, '2026-09'), join(dir, 'spare'));
      await rename(monthFile(dir, '2026-10'), monthFile(dir, '2026-09'));
      await rename(join(dir, 'spare'), monthFile(dir, '2026-10'));
    });
    expect(first(report)).toEqual([
      'month-swapped',
      0,
      '2026-09 begins with entry 400, which comes after those of 2026-10: months were swapped',
    ]);
  });

  test('a month that was removed', async () => {
    const report = await tampered((dir) => rm(monthFile(dir, '2026-10')));
    expect(first(report)).toEqual([
      'month-missing',
      400,
      'entries 400 to 799 are missing before 2026-11: a month’s file, or its end, was removed',
    ]);
  });

  test('the first month removed without a pruning', async () => {
    const report = await tampered((dir) => rm(monthFile(dir, '2026-09')));
    expect(first(report)).toEqual([
      'month-missing',
      0,
      'entries 0 to 399 are missing from the beginning, and no entry says that they were pruned',
    ]);
  });

  test.each([
    ['head', [] as string[], '1200 were durable'],
    ['checkpoint', ['head'], 'a checkpoint of 1200 was signed'],
    ['tree', ['head', 'checkpoint', 'checkpoints.ndjson'], 'the tree has more'],
  ])('a cut tail is known by the %s', async (_, removed, witness) => {
    const report = await tampered(async (dir) => {
      await editLines('2026-11', (lines) => lines.slice(0, -5))(dir);
      for (const name of removed) await rm(join(dir, name));
    });
    expect(first(report)).toEqual([
      'tail-cut',
      1195,
      `the log ends before entry 1195, but ${witness}: its tail was cut`,
    ]);
  });

  test('a torn tail beyond what was durable is told but is no change', async () => {
    const report = await tampered((dir) => appendFile(monthFile(dir, '2026-11'), '{"v":1,"seq":1200'));
    expect([report.verdict, first(report)?.[0], first(report)?.[1]]).toEqual(['intact', 'tail-torn', TOTAL]);
  });

  test('a folder rolled back to an older copy of itself is found by the head kept outside, and only by it', async () => {
    const anchor = await fileAnchor(anchorFile).read();
    expect((await verifyFolder(older)).verdict).toBe('intact');
    const report = await verifyFolder(older, { anchor });
    expect([report.verdict, first(report)?.slice(0, 2)]).toEqual(['changed', ['rolled-back', 800]]);
    expect(first(report)?.[2]).toContain('has 800 entries but had 1200');
  });

  test('another log, and a fork of this one, are told apart by the head kept outside', async () => {
    const anchor = (await fileAnchor(anchorFile).read())!;
    const replaced = await verifyFolder(whole, { anchor: { ...anchor, origin: 'elsewhere' } });
    const forked = await verifyFolder(whole, { anchor: { ...anchor, root: '00'.repeat(32) } });
    expect([first(replaced)?.[0], first(forked)?.[0]]).toEqual(['log-replaced', 'fork']);
  });

  test('a clock that went back is told and is no change', async () => {
    const dir = await temporaryFolder();
    let ts = 1_000_000;
    const ledger = await openLedger({ dir, signer, clock: () => ts });
    await ledger.append(draftOf(0));
    ts -= 1500;
    await ledger.append(draftOf(1));
    await ledger.close();
    const report = await verifyFolder(dir);
    expect([report.verdict, first(report)]).toEqual([
      'intact',
      ['clock-went-back', 1, 'the clock went back 1.500 s at entry 1; the order of entries is that of their numbers'],
    ]);
  });
});

describe('history', () => {
  test('a chain written anew is found at the exact entry while the tiles hold the original', async () => {
    const report = await tampered((dir) => rewriteFrom(dir, 417, false));
    expect(first(report)).toEqual([
      'history-rewritten',
      417,
      'entry 417 is not the one that was signed, and the chain was written anew from there: the tiles still hold the hash of the original',
    ]);
  });

  test('without the tiles it is found between two checkpoints', async () => {
    const report = await tampered((dir) => rewriteFrom(dir, 417, true));
    expect(first(report)?.slice(0, 2)).toEqual(['history-rewritten', 400]);
    expect(first(report)?.[2]).toContain('entries 400 to 799 do not lead to the root that was signed for 800');
  });
});

describe('checkpoints and keys', () => {
  const checkpointOf = (dir: string) => join(dir, 'checkpoint');

  test('an old checkpoint put in the place of the newest', async () => {
    const report = await tampered((dir) => cp(checkpointOf(older), checkpointOf(dir)));
    expect([report.verdict, first(report)]).toEqual([
      'damaged',
      [
        'checkpoint-replayed',
        800,
        'the newest checkpoint is of 800 entries, but one of 1200 was signed: an old one was put in its place',
      ],
    ]);
  });

  test('a foreign, a forged, an unknown and a garbled checkpoint', async () => {
    const other = await temporaryFolder();
    const ledger = await openLedger({ dir: other, signer });
    await ledger.append(draftOf(0));
    await ledger.close();
    const foreign = await tampered((dir) => cp(checkpointOf(other), checkpointOf(dir)));
    const forged = await tampered(async (dir) => {
      const note = await readFile(checkpointOf(dir), 'utf8');
      await writeFile(checkpointOf(dir), note.replace('\n1200\n', '\n1199\n'));
    });
    const garbled = await tampered((dir) => writeFile(checkpointOf(dir), 'nonsense'));
    expect([first(foreign), first(forged), first(garbled)]).toEqual([
      ['checkpoint-foreign', 1, 'the newest checkpoint, of 1 entries, is another log’s'],
      ['checkpoint-forged', 1199, 'the newest checkpoint, of 1199 entries, bears a signature that is not its key’s'],
      ['checkpoint-garbled', null, 'the newest checkpoint is not a checkpoint'],
    ]);
  });

  test('a checkpoint by a retired key, by one whose time had not come, and by one the log never had', async () => {
    const dir = await temporaryFolder();
    const ledger = await openLedger({ dir, signer });
    await ledger.append(draftOf(0));
    await ledger.rotateKey(next);
    await ledger.append(draftOf(1));
    await ledger.close();
    expect((await verifyFolder(dir)).findings).toEqual([]);
    const { resign } = await import('../../support/resign.ts');
    await resign(dir, signer);
    const retired = await verifyFolder(dir);
    await resign(dir, next, 1);
    const early = await verifyFolder(dir);
    await resign(dir, newSigner());
    const unknown = await verifyFolder(dir);
    expect([retired, early, unknown].map((report) => first(report)?.slice(0, 2))).toEqual([
      ['checkpoint-key-retired', 3],
      ['checkpoint-key-early', 1],
      ['checkpoint-key-unknown', 3],
    ]);
  });

  test('a key that replaced a lost one is told', async () => {
    const dir = await temporaryFolder();
    const one = await openLedger({ dir, signer });
    await one.append(draftOf(0));
    await one.close();
    const two = await openLedger({ dir, signer: next });
    await two.close();
    const report = await verifyFolder(dir);
    expect([report.verdict, first(report)?.slice(0, 2), report.keys.length]).toEqual([
      'intact',
      ['key-not-vouched', 1],
      2,
    ]);
  });

  test('a log with another first key than expected', async () => {
    const report = await verifyFolder(whole, { expectedKeyId: '00'.repeat(32) });
    expect(first(report)?.[0]).toBe('log-replaced');
  });
});

describe('tiles and small files', () => {
  test('a wrong tile and a missing one are damage when the entries are what was signed', async () => {
    const wrong = await tampered(async (dir) => {
      const path = join(dir, 'tile', '0', '001');
      const tile = await readFile(path);
      tile[100]! ^= 1;
      await writeFile(path, tile);
    });
    const missing = await tampered((dir) => rm(join(dir, 'tile', '0', '002')));
    expect([wrong, missing].map(({ verdict, findings }) => [verdict, findings[0]?.kind, findings[0]?.seq])).toEqual([
      ['damaged', 'tile-wrong', 256],
      ['damaged', 'tile-missing', 512],
    ]);
  });

  test('log.json that is gone, is nonsense or names another log', async () => {
    const gone = await tampered((dir) => rm(join(dir, 'log.json')));
    const nonsense = await tampered((dir) => writeFile(join(dir, 'log.json'), '{}'));
    const renamed = await tampered(async (dir) => {
      const text = await readFile(join(dir, 'log.json'), 'utf8');
      await writeFile(join(dir, 'log.json'), text.replace(/log\/[0-9a-f]{4}/, 'log/ffff'));
    });
    expect([gone, nonsense, renamed].map((report) => first(report)?.[0])).toEqual([
      'log-info-damaged',
      'log-info-damaged',
      'checkpoint-foreign',
    ]);
  });

  test('every byte of a small log, flipped, is found', async () => {
    const dir = await temporaryFolder();
    const ledger = await openLedger({ dir, signer });
    for (let i = 0; i < 4; i++) await ledger.append(draftOf(i));
    await ledger.close();
    const [month] = await readdir(join(dir, 'entries'));
    const path = join(dir, 'entries', month!);
    const bytes = await readFile(path);
    const missed: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      await writeFile(path, flipped);
      if ((await verifyFolder(dir)).verdict !== 'changed') missed.push(at);
    }
    expect(missed).toEqual([]);
  });
});

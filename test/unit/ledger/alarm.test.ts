import { appendFile, cp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLedger } from '../../../electron/ledger/index.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf } from '../../support/ledger.ts';
import { newSigner } from '../../support/signer.ts';

const signer = newSigner();
const NOVEMBER = Date.UTC(2026, 10, 5);
const november = (dir: string) => join(dir, 'entries', '2026-11.ndjson');

async function logOf(entries: number): Promise<string> {
  const dir = await temporaryFolder();
  const ledger = await openLedger({ dir, signer, clock: () => NOVEMBER });
  for (let i = 0; i < entries; i++) await ledger.append(draftOf(i));
  await ledger.close();
  return dir;
}

async function alarmAfter(change: (dir: string) => Promise<unknown>) {
  const dir = await logOf(6);
  await change(dir);
  const before = await readFile(november(dir)).catch(() => Buffer.alloc(0));
  const ledger = await openLedger({ dir, signer, clock: () => NOVEMBER });
  const { state, alarm } = ledger.status();
  await expect(ledger.append(draftOf('x'))).rejects.toMatchObject({ code: 'ledger.unavailable' });
  await ledger.close();
  // Whatever is wrong stays as it is for whoever looks into it.
  expect(await readFile(november(dir)).catch(() => Buffer.alloc(0))).toEqual(before);
  return [state, alarm?.kind, alarm?.seq, alarm?.message];
}

const edit = (change: (lines: string[]) => string[]) => async (dir: string) => {
  const lines = (await readFile(november(dir), 'utf8')).split('\n').slice(0, -1);
  await writeFile(
    november(dir),
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
};

describe('a log that is damaged below what was durable opens read-only and says where', () => {
  test.each<[string, (dir: string) => Promise<unknown>, unknown[]]>([
    [
      'a tail that was cut',
      edit((lines) => lines.slice(0, 4)),
      ['tail-cut', 4, 'the log ends before entry 4, but 6 entries were durable'],
    ],
    [
      'a line that was removed',
      edit((lines) => lines.toSpliced(3, 1)),
      ['chain-broken', 3, 'the line has another number where entry 3 should be, below the 6 that were durable'],
    ],
    [
      'a line that is none',
      edit((lines) => lines.with(3, 'nonsense')),
      ['line-garbled', 3, 'the line is not an entry where entry 3 should be, below the 6 that were durable'],
    ],
    [
      'a line that was edited',
      edit((lines) => lines.with(3, lines[3]!.replace('"note":3', '"note":4'))),
      [
        'chain-broken',
        4,
        'the line does not continue the chain where entry 4 should be, below the 6 that were durable',
      ],
    ],
    [
      'a last line that was edited',
      edit((lines) => lines.with(5, lines[5]!.replace('"note":5', '"note":6'))),
      ['entry-edited', 5, 'entry 5 is not the one that was durable last'],
    ],
    [
      'a file cut in the middle of a line',
      (dir) => truncate(november(dir), 700),
      ['tail-cut', 4, 'the log ends before entry 4, but 6 entries were durable'],
    ],
    [
      'a month that is gone',
      (dir) => rm(november(dir)),
      ['tail-cut', 0, 'the log ends before entry 0, but 6 entries were durable'],
    ],
    [
      'a log.json that is gone',
      (dir) => rm(join(dir, 'log.json')),
      ['log-info-damaged', null, 'log.json is missing, but there are 6 entries'],
    ],
    [
      'a log.json of another log',
      async (dir) => rename(join(await logOf(1), 'log.json'), join(dir, 'log.json')),
      ['checkpoint-foreign', 6, 'the newest checkpoint is another log’s'],
    ],
    [
      'a tail cut together with the head',
      async (dir) => {
        await edit((lines) => lines.slice(0, 4))(dir);
        await rm(join(dir, 'head'));
      },
      ['tail-cut', 4, 'the log ends before entry 4, but a checkpoint of 6 was signed'],
    ],
  ])('%s', async (_, change, expected) => {
    const changed = await alarmAfter(async (dir) => {
      await change(dir);
      // The index must neither hide a change nor be needed to find it.
      await rm(join(dir, 'index'), { recursive: true, force: true });
    });
    expect(changed).toEqual(['read-only', ...expected]);
  });

  test('a cut tail is found too when the index still knows the entries', async () => {
    expect(await alarmAfter(edit((lines) => lines.slice(0, 4)))).toEqual([
      'read-only',
      'tail-cut',
      4,
      'the log ends before entry 4, but 6 entries were durable',
    ]);
  });

  test('a chain written anew is found by the signed root', async () => {
    const dir = await logOf(6);
    const other = await temporaryFolder();
    const rewritten = await openLedger({ dir: other, clock: () => NOVEMBER });
    for (let i = 0; i < 6; i++) await rewritten.append(draftOf(i === 2 ? 'rewritten' : i));
    await rewritten.close();
    await cp(november(other), november(dir));
    await cp(join(other, 'head'), join(dir, 'head'));
    await rm(join(dir, 'index'), { recursive: true });
    const ledger = await openLedger({ dir, signer, clock: () => NOVEMBER });
    expect(ledger.status()).toMatchObject({
      state: 'read-only',
      alarm: {
        kind: 'history-rewritten',
        message: 'the entries do not lead to the root that was signed for 6 entries',
      },
    });
    await ledger.close();
  });
});

test('whole lines beyond the last durable commit are kept, what follows them is set aside', async () => {
  const dir = await logOf(3);
  const head = await readFile(join(dir, 'head'));
  const ledger = await openLedger({ dir, signer, clock: () => NOVEMBER });
  await ledger.append(draftOf('kept'));
  await ledger.close();
  await writeFile(join(dir, 'head'), head);
  await appendFile(november(dir), '{"torn":');
  const again = await openLedger({ dir, signer, clock: () => NOVEMBER });
  const { rows } = await again.page('', 3, 10);
  expect(rows.map(({ op, summary }) => [op, summary.slice(0, 11)])).toEqual([
    ['test.noted', 'note kept'],
    ['ledger.repaired', 'a write was'],
  ]);
  await again.close();
});

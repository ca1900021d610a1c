import { appendFile, cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../../electron/ledger/index.ts';
import { encodeRecord } from '../../../electron/ledger/record.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf, failingDisk, linesOf } from '../../support/ledger.ts';

const NOVEMBER = Date.UTC(2026, 10, 30, 23, 59, 59);

test('an entry has exactly the line of the format, chained to the one before', async () => {
  const dir = await temporaryFolder();
  const ledger = await openLedger({ dir, clock: () => NOVEMBER });
  const first = await ledger.append(draftOf('a'));
  await ledger.append({ op: 'run.started', actor: 'cli', session: 'ses_1', data: { run: 'r' } });
  await ledger.close();
  expect(await readFile(join(dir, 'entries', '2026-11.ndjson'), 'utf8')).toBe(
    `{"v":1,"seq":0,"ts":${NOVEMBER},"op":"test.noted","actor":"system","data":{"note":"a"},"prev":"${'0'.repeat(64)}"}\n` +
      `{"v":1,"seq":1,"ts":${NOVEMBER},"op":"run.started","actor":"cli","session":"ses_1","data":{"run":"r"},"prev":"${first.leafHash}"}\n`,
  );
});

test('entries appended together keep their order and are found again after reopening', async () => {
  const dir = await temporaryFolder();
  const ledger = await openLedger({ dir });
  const appended = await Promise.all(Array.from({ length: 700 }, (_, i) => ledger.append(draftOf(i))));
  await ledger.close();
  const again = await openLedger({ dir });
  const { rows, total } = await again.page('', 695, 100);
  expect(appended.map(({ seq }) => seq)).toEqual(Array.from({ length: 700 }, (_, i) => i));
  expect([total, rows.map(({ seq, summary }) => [seq, summary])]).toEqual([
    700,
    [695, 696, 697, 698, 699].map((i) => [i, `note ${i}`]),
  ]);
  expect(await again.get(699)).toMatchObject({ leafHash: appended[699]?.leafHash, entry: { data: { note: 699 } } });
  expect((await again.append(draftOf('next'))).seq).toBe(700);
  await again.close();
});

test('a new month begins a new file and a clock that goes back does not reopen the old one', async () => {
  const dir = await temporaryFolder();
  let now = NOVEMBER;
  const ledger = await openLedger({ dir, clock: () => now });
  await ledger.append(draftOf('november'));
  now += 2000;
  await ledger.append(draftOf('december'));
  now -= 2000;
  await ledger.append(draftOf('back'));
  await ledger.close();
  const december = await readFile(join(dir, 'entries', '2026-12.ndjson'), 'utf8');
  expect([(await linesOf(dir)).length, december.split('\n').length - 1]).toEqual([3, 2]);
  const again = await openLedger({ dir, clock: () => now });
  expect(again.status()).toMatchObject({ state: 'open', entries: 3 });
  expect((await again.append(draftOf('on'))).seq).toBe(3);
  await again.close();
});

test('an entry that is too long or no operation is refused and leaves the log as it was', async () => {
  const dir = await temporaryFolder();
  const ledger = await openLedger({ dir });
  await expect(ledger.append(draftOf('x'.repeat(65_536)))).rejects.toThrow('at most 65536 bytes');
  await expect(ledger.append({ op: 'Nonsense', actor: 'system', data: {} })).rejects.toThrow('room.verb');
  expect((await ledger.append(draftOf('fits'))).seq).toBe(0);
  await ledger.close();
});

test('a torn write at every byte of the last entry is set aside and the repair is an entry', async () => {
  const template = await temporaryFolder();
  const first = await openLedger({ dir: template, clock: () => NOVEMBER });
  await first.append(draftOf(0));
  await first.close();
  const second = encodeRecord(draftOf(1), 1, NOVEMBER, first.status().head).framed.subarray(1);
  for (let kept = 1; kept < second.length; kept++) {
    const dir = await temporaryFolder();
    await cp(template, dir, { recursive: true });
    await appendFile(join(dir, 'entries', '2026-11.ndjson'), second.subarray(0, kept));
    const again = await openLedger({ dir, clock: () => NOVEMBER });
    const repair = await again.get(1);
    expect([kept, repair.entry.op, repair.entry.data]).toMatchObject([kept, 'ledger.repaired', { reason: 'torn' }]);
    const [piece] = repair.entry.data.pieces as [{ file: string; bytes: number }];
    expect(await readFile(join(dir, 'quarantine', piece.file))).toEqual(second.subarray(0, kept));
    await again.close();
  }
}, 120_000);

test('a disk that fills up in the middle of an entry refuses it, and reopening goes on after the last whole one', async () => {
  const dir = await temporaryFolder();
  const ledger = await openLedger({ dir, disk: failingDisk({ writeAfterBytes: 500 }) });
  const results = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => ledger.append(draftOf(i))));
  const refused = results.filter(({ status }) => status === 'rejected').length;
  expect([refused, ledger.status().state]).toEqual([9, 'failed']);
  await ledger.close();
  const again = await openLedger({ dir });
  const { rows } = await again.page('', 0, 10);
  expect(rows.map(({ op }) => op)).toEqual(['test.noted', 'test.noted', 'test.noted', 'ledger.repaired']);
  await again.close();
});

test('after a failed sync nothing more is taken, callers learn of it, and reopening recovers', async () => {
  const dir = await temporaryFolder();
  const failure = { sync: false };
  const ledger = await openLedger({ dir, disk: failingDisk(failure) });
  await ledger.append(draftOf('good'));
  failure.sync = true;
  const results = await Promise.allSettled([ledger.append(draftOf('a')), ledger.append(draftOf('b'))]);
  failure.sync = false;
  await expect(ledger.append(draftOf('c'))).rejects.toMatchObject({ code: 'ledger.unavailable' });
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(ledger.status()).toMatchObject({ state: 'failed', entries: 1 });
  await ledger.close();
  const again = await openLedger({ dir });
  expect(again.status()).toMatchObject({ state: 'open', alarm: null });
  expect((await again.append(draftOf('on'))).seq).toBeGreaterThan(0);
  await again.close();
});

test('a second opener reads, follows the writer and cannot write', async () => {
  const dir = await temporaryFolder();
  const writer = await openLedger({ dir });
  await writer.append(draftOf(0));
  const reader = await openLedger({ dir });
  expect(reader.status()).toMatchObject({ state: 'read-only', entries: 1, alarm: null });
  await writer.append(draftOf(1));
  expect((await reader.page('', 0, 10)).total).toBe(2);
  await expect(reader.append(draftOf(2))).rejects.toMatchObject({ code: 'ledger.unavailable' });
  await writer.close();
  await reader.close();
  const next = await openLedger({ dir });
  expect(next.status().state).toBe('open');
  await next.close();
});

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ledger, openLedger, outcomeClasses } from '../../../electron/ledger/index.ts';
import { INDEX_ROWS } from '../../../electron/ledger/index-file.ts';
import type { EntryDraft } from '../../../shared/model/entry.ts';
import { temporaryFolder } from '../../support/folder.ts';

const START = Date.UTC(2026, 10, 1);
const DIGEST = 'ab'.repeat(32);

const drafts: EntryDraft[] = [
  { op: 'module.loaded', actor: 'window', data: { module: DIGEST, moduleName: 'fib.wasm', outcome: 'ok' } },
  {
    op: 'run.started',
    actor: 'window',
    session: 'ses_A',
    data: { run: 'run_1', module: DIGEST, moduleName: 'fib.wasm' },
  },
  {
    op: 'run.finished',
    actor: 'window',
    session: 'ses_A',
    data: { run: 'run_1', module: DIGEST, moduleName: 'fib.wasm', outcome: 'finished' },
  },
  {
    op: 'run.finished',
    actor: 'cli',
    data: { run: 'run_2', outcome: { kind: 'denied' }, message: 'import "env.log" is not granted' },
  },
  { op: 'module.loaded', actor: 'http', data: { outcome: 'refused', error: 'module.malformed' } },
  { op: 'run.finished', actor: 'http', data: { run: 'run_3', moduleName: 'Émile.wasm', outcome: 'timed-out' } },
];

async function smallLog(): Promise<Ledger> {
  let ts = START;
  const ledger = await openLedger({ dir: await temporaryFolder(), clock: () => ts });
  for (const draft of drafts) {
    await ledger.append(draft);
    ts += 1000;
  }
  return ledger;
}

const seqsOf = async (ledger: Ledger, filter: string) =>
  (await ledger.page(filter, 0, 100, { wait: true })).rows.map(({ seq }) => seq);

describe('filters', () => {
  test.each([
    ['', [0, 1, 2, 3, 4, 5]],
    ['outcome:denied,timed-out', [3, 5]],
    ['outcome:none', [1]],
    ['-outcome:none kind:run.*', [2, 3, 5]],
    ['module:fib', [0, 1, 2]],
    ['module:abab', [0, 1, 2]],
    ['module:émile', [5]],
    ['-module:fib', [3, 4, 5]],
    ['actor:cli,http', [3, 4, 5]],
    ['run:run_1', [1, 2]],
    ['-run:run_1', [0, 3, 4, 5]],
    ['run:*_2', [3]],
    ['session:ses_A kind:run.finished', [2]],
    ['seq:1..2,5', [1, 2, 5]],
    ['since:2026-11-01T00:00:02 until:2026-11-01T00:00:03', [2, 3]],
    ['"env.log"', [3]],
    ['"import \\"env"', [3]],
    ['MALFORMED', [4]],
    ['-malformed actor:http', [5]],
    ['actor prev', []],
  ])('%s finds %j', async (filter, expected) => {
    const ledger = await smallLog();
    expect(await seqsOf(ledger, filter)).toEqual(expected);
    await ledger.close();
  });

  test('a filter that cannot be understood is refused with its place', async () => {
    const ledger = await smallLog();
    await expect(ledger.page('kind:x nonsense:y', 0, 1)).rejects.toMatchObject({
      code: 'ledger.bad-filter',
      details: { start: 7, end: 15 },
    });
    await ledger.close();
  });

  test('entries that come later are found by a filter that was asked before', async () => {
    const ledger = await smallLog();
    expect(await seqsOf(ledger, 'actor:cli')).toEqual([3]);
    expect(await seqsOf(ledger, '"env.log"')).toEqual([3]);
    await ledger.append(drafts[3]!);
    expect(await seqsOf(ledger, 'actor:cli')).toEqual([3, 6]);
    expect(await seqsOf(ledger, '"env.log"')).toEqual([3, 6]);
    await ledger.close();
  });
});

describe('histogram and position', () => {
  test('every entry is counted once, in its class and its span', async () => {
    const ledger = await smallLog();
    const { counts, classes, fromTs, toTs, matched } = await ledger.histogram('', {
      fromTs: null,
      toTs: null,
      bins: 6,
    });
    const seen = classes.flatMap((name, i) => counts[i]!.flatMap((n, bin) => (n > 0 ? [[name, bin, n]] : [])));
    expect([fromTs, toTs, matched]).toEqual([START, START + 5001, 6]);
    expect(seen.sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
      ['ok', 0, 1],
      ['none', 1, 1],
      ['finished', 2, 1],
      ['denied', 3, 1],
      ['refused', 4, 1],
      ['timed-out', 5, 1],
    ]);
    await ledger.close();
  });

  test('positions count matches before a number or a time', async () => {
    const ledger = await smallLog();
    const at = async (where: { seq?: number; ts?: number }) =>
      (await ledger.locate('kind:run.finished', where)).position;
    expect([await at({ seq: 0 }), await at({ seq: 3 }), await at({ seq: 4 }), await at({ seq: 99 })]).toEqual([
      0, 1, 2, 3,
    ]);
    expect([await at({ ts: START + 2500 }), await at({ ts: START + 9000 })]).toEqual([1, 3]);
    await ledger.close();
  });

  test('a clock that goes back loses no entry from filter, histogram or position', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(10_000), { minLength: 2, maxLength: 30 }), async (times) => {
        const dir = await temporaryFolder();
        let next = 0;
        const ledger = await openLedger({ dir, clock: () => START + times[next++ % times.length]! });
        const count = times.length;
        for (let i = 0; i < count; i++)
          await ledger.append({ op: 'test.noted', actor: 'cli', data: { outcome: 'ok' } });
        const span = { fromTs: START, toTs: START + 10_001, bins: 7 };
        const { counts } = await ledger.histogram('', span);
        const expected = new Array(7).fill(0);
        for (const time of times) expected[Math.min(6, Math.floor((time * 7) / 10_001))]++;
        expect(counts[outcomeClasses.indexOf('ok')]).toEqual(expected);
        await ledger.close();
        await rm(dir, { recursive: true });
      }),
      { numRuns: 15 },
    );
  });
});

describe('the stored index', () => {
  test('a log opens from its index with the same answers as without', async () => {
    const dir = await temporaryFolder();
    const first = await openLedger({ dir });
    const count = INDEX_ROWS + 700;
    for (let i = 0; i < count; i += 1000) {
      const batch = Array.from({ length: Math.min(1000, count - i) }, (_, k) => drafts[(i + k) % drafts.length]!);
      await Promise.all(batch.map((draft) => first.append(draft)));
    }
    await first.close();
    const ask = async () => {
      const ledger = await openLedger({ dir });
      const page = await ledger.page('module:fib -outcome:none', 11_000, 5);
      const { counts } = await ledger.histogram('kind:run.*', { fromTs: null, toTs: null, bins: 10 });
      const found = await ledger.locate('run:run_2', { seq: INDEX_ROWS }, { wait: true });
      const { head, entries } = ledger.status();
      await ledger.close();
      return { page, counts, found, head, entries };
    };
    const indexed = await ask();
    await rm(join(dir, 'index'), { recursive: true });
    expect(await ask()).toEqual(indexed);
    expect([indexed.entries, indexed.page.rows.length]).toEqual([count, 5]);
  });
});

import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildReceipt, checkOwnerRecord, compareReplay, openReceiptStore } from '../../../electron/receipt/index.ts';
import { utf8 } from '../../../electron/vault/bytes.ts';
import { runId as runIdSchema } from '../../../shared/model/scalars.ts';
import { exampleFacts, testSigner } from './support.ts';

const signer = testSigner();
const dataKey = new Uint8Array(32).fill(8);
const failures: unknown[] = [];
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'receipts-'));
  failures.length = 0;
});
afterEach(async () => {
  await rm(dir, { recursive: true });
  expect(failures).toEqual([]);
});

function open() {
  return openReceiptStore(dir, (_where, error) => failures.push(error));
}

function numbered(i: number) {
  const runId = runIdSchema.parse(`run_${String(i).padStart(26, '0')}`);
  return exampleFacts({ runId, finishedAt: Date.UTC(2026, i % 2 ? 10 : 11, 23) });
}

test('receipts are listed newest first and come back whole after a restart', async () => {
  const store = await open();
  const built = Array.from({ length: 40 }, (_, i) => buildReceipt(numbered(i), signer));
  built.forEach((one, i) => void store.add(one, i + 100, numbered(i).input, dataKey));
  // Before anything is on disk they are there as well.
  expect((await store.get(numbered(3).runId))?.dsse).toEqual(built[3]?.dsse);
  await store.settle();
  built.slice(0, 5).forEach((_, i) => {
    const again = buildReceipt(numbered(i + 50), signer);
    store.add(again, i + 200, numbered(i + 50).input, dataKey);
  });
  await store.close();
  const again = await open();
  expect(again.list({ limit: 3 }).map((one) => one.runId)).toEqual([54, 53, 52].map((i) => numbered(i).runId));
  expect(again.list({ limit: 1000 })).toHaveLength(45);
  expect(again.list({ limit: 10, module: '0'.repeat(64) })).toEqual([]);
  for (const i of [0, 1, 38, 39]) {
    expect(await again.get(numbered(i).runId)).toMatchObject({ dsse: built[i]?.dsse, seq: i + 100 });
    expect(await again.ownerRecord(numbered(i).runId, dataKey)).toEqual({
      openings: built[i]?.openings,
      input: numbered(i).input,
    });
  }
  expect(await again.get(numbered(99).runId)).toBeUndefined();
  await again.close();
});

test('a torn line in the index is passed over and what follows is still read', async () => {
  const store = await open();
  store.add(buildReceipt(numbered(1), signer), 1, numbered(1).input, dataKey);
  await store.close();
  await appendFile(join(dir, 'index.ndjson'), '{"receiptId":"ab\n');
  const again = await open();
  again.add(buildReceipt(numbered(3), signer), 2, numbered(3).input, dataKey);
  await again.close();
  expect((await open()).list({ limit: 10 }).map((one) => one.runId)).toEqual([3, 1].map((i) => numbered(i).runId));
});

test('openings and input lie encrypted apart from the receipts, for the owner only', async () => {
  const store = await open();
  const facts = { ...numbered(1), input: { entry: { kind: 'export' as const, name: 'add', args: ['PLANTED-INPUT'] } } };
  const built = buildReceipt(facts, signer);
  store.add(built, 1, facts.input, dataKey);
  await store.close();
  for (const name of (await readdir(dir, { recursive: true })).map((one) => join(dir, one))) {
    if ((await stat(name)).isDirectory()) continue;
    expect((await stat(name)).mode & 0o077).toBe(0);
    const content = await readFile(name);
    for (const secret of [utf8('PLANTED-INPUT'), built.openings.input, built.openings.output]) {
      for (const form of [
        Buffer.from(secret),
        Buffer.from(Buffer.from(secret).toString('hex')),
        Buffer.from(Buffer.from(secret).toString('base64')),
      ]) {
        expect([name, content.includes(form)]).toEqual([name, false]);
      }
    }
  }
  const again = await open();
  expect(await again.ownerRecord(facts.runId, new Uint8Array(32))).toBeUndefined();
  await again.close();
});

test('the owner record shows the input, and a second run is compared by outcome, output and fuel', () => {
  const facts = exampleFacts();
  const { statement, openings } = buildReceipt(facts, signer);
  const record = { openings, input: facts.input };
  expect(checkOwnerRecord(statement, record).state).toBe('done');
  expect(checkOwnerRecord(statement, { ...record, input: null }).state).toBe('not-checked');
  const other = { entry: { kind: 'export' as const, name: 'add', args: ['9'] } };
  expect(checkOwnerRecord(statement, { ...record, input: other }).state).toBe('failed');
  expect(compareReplay(statement, record, facts).state).toBe('done');
  const [item] = facts.items;
  if (item === undefined) throw new Error('expected an item');
  const differing = [
    [{ ...facts, outcome: { kind: 'timed-out' as const } }, 'another outcome'],
    [{ ...facts, items: [{ ...item, stdout: utf8('hellp') }] }, 'another output'],
    [{ ...facts, items: [{ ...item, usage: { ...item.usage, fuelUsed: '1' } }] }, 'another fuel'],
  ] as const;
  for (const [again, message] of differing) {
    expect(compareReplay(statement, record, again)).toEqual({ state: 'failed', message: `run again: ${message}` });
  }
});

import { describe, expect, test, vi } from 'vitest';
import { differences } from '../../../../renderer/features/receipts/compare-run.ts';
import { createReceiptStore } from '../../../../renderer/features/receipts/store.ts';
import { checkNames, sumUp, verdicts } from '../../../../renderer/features/receipts/verdict.ts';
import type { Client } from '../../../../shared/contract/index.ts';
import { defaultLimits } from '../../../../shared/model/limits.ts';
import {
  type ReceiptPredicate,
  type ReceiptVerification,
  receiptCheck,
  verdict,
} from '../../../../shared/model/receipt.ts';
import type { RunRecord } from '../../../../shared/model/run.ts';
import { ok } from '../../../../shared/result.ts';

test('every verdict there is has a headline, and only a valid one by a known signer is green', () => {
  expect(Object.keys(verdicts).sort()).toEqual(Object.keys(verdict.def.entries).sort());
  expect(
    Object.entries(verdicts)
      .filter(([, { tone }]) => tone === 'ok')
      .map(([name]) => name),
  ).toEqual(['valid']);
});

test('every check there is has a name for people', () => {
  const names = Object.keys(receiptCheck.shape.name.def.entries);
  expect(Object.keys(checkNames).sort()).toEqual(names.sort());
});

test('the sum says what failed first, and never leaves out what was not checked', () => {
  const checks: ReceiptVerification['checks'] = [
    { name: 'format', state: 'done', message: '' },
    { name: 'signature', state: 'failed', message: '' },
    { name: 'replay', state: 'not-checked', message: '' },
    { name: 'module', state: 'not-checked', message: '' },
  ];
  expect(sumUp({ checks })).toBe('1 check failed: signature. 1 check held. Not checked: run again, module.');
  expect(sumUp({ checks: checks.slice(0, 1) })).toBe('1 check held.');
});

const predicate = {
  module: { sha256: 'ab' },
  result: { kind: 'exited', exitCode: 3 },
  limits: defaultLimits,
  capabilities: ['wasi', 'clock'],
  usage: { fuelUsed: '12', memoryPeakBytes: 65_536 },
} as unknown as ReceiptPredicate;
const run = {
  module: 'ab',
  outcome: { kind: 'exited', exitCode: 3 },
  limits: defaultLimits,
  grants: ['clock', 'wasi'],
  usage: { fuelUsed: '12', memoryPeakBytes: 65_536 },
} as unknown as RunRecord;

describe('held against the run that this machine remembers', () => {
  test('a receipt of that run differs in nothing', () => {
    expect(differences(predicate, run)).toEqual([]);
  });

  test.each([
    ['the module', { module: 'cd' }],
    ['the outcome', { outcome: { kind: 'finished', exitCode: 3 } }],
    ['the exit code', { outcome: { kind: 'exited', exitCode: 0 } }],
    ['the fuel used', { usage: { fuelUsed: '13', memoryPeakBytes: 65_536 } }],
    ['the peak memory', { usage: { fuelUsed: '12', memoryPeakBytes: 131_072 } }],
    ['the time limit', { limits: { ...defaultLimits, timeMs: 1 } }],
    ['the fuel limit', { limits: { ...defaultLimits, fuel: '99' } }],
    ['the capabilities', { grants: ['wasi'] }],
  ])('%s is named when it differs', (name, change) => {
    expect(differences(predicate, { ...run, ...change } as RunRecord)).toEqual([name]);
  });
});

describe('the receipts that a window checked', () => {
  const verification = (word: ReceiptVerification['verdict']): ReceiptVerification => ({
    verdict: word,
    checks: [],
    statement: null,
    signer: null,
    proves: '',
  });
  function storeOver(...verdictsInOrder: ReceiptVerification['verdict'][]) {
    const verify = vi.fn(async () => ok(verification(verdictsInOrder.shift()!)));
    const client = { receipts: { verify } } as unknown as Client;
    return { store: createReceiptStore(client, () => 7), verify };
  }

  test('stay in the list, the newest first and shown', async () => {
    const { store, verify } = storeOver('valid', 'invalid');
    await store.getState().check('a.json', new Uint8Array([1]));
    await store.getState().check('b.json', new Uint8Array([2]));
    const { checked, shown } = store.getState();
    expect(checked.map(({ name, state }) => [name, state.kind === 'checked' && state.verification.verdict])).toEqual([
      ['b.json', 'invalid'],
      ['a.json', 'valid'],
    ]);
    expect(shown).toBe(checked[0]?.id);
    expect(verify).toHaveBeenLastCalledWith({ receipt: new Uint8Array([2]), replay: false });
  });

  test('are checked again in place when the module is run again', async () => {
    const { store, verify } = storeOver('valid', 'invalid');
    await store.getState().check('a.json', new Uint8Array([1]));
    await store.getState().replay(store.getState().checked[0]!.id);
    expect(store.getState().checked).toHaveLength(1);
    expect(store.getState().checked[0]?.state).toMatchObject({ verification: { verdict: 'invalid' } });
    expect(verify).toHaveBeenLastCalledWith({ receipt: new Uint8Array([1]), replay: true });
  });
});

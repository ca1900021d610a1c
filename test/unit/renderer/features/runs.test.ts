import { expect, test } from 'vitest';
import { draftErrors, initialDraft, requestOf } from '../../../../renderer/features/runs/draft.ts';
import { fuelRates } from '../../../../renderer/features/runs/fuel-rates.ts';
import { createRunStore, HISTORY_LENGTH } from '../../../../renderer/features/runs/store.ts';
import { createClient } from '../../../../shared/contract/index.ts';
import { runRequest } from '../../../../shared/model/run.ts';
import type { KeyId, RunId } from '../../../../shared/model/scalars.ts';
import { everydayModules } from '../../../support/fake/modules.ts';

const [fib, hello] = everydayModules().map((module) => module.record);
const runId = `run_${'0'.repeat(26)}` as RunId;

test('a draft of an export becomes a request with its arguments as the contract writes them', async () => {
  const draft = {
    ...initialDraft(fib!, 'Default', 'gcd'),
    args: ['0x10', '-1'],
    limits: { timeMs: '2 s', fuel: 'none' },
  };
  expect(draftErrors(fib!, draft)).toEqual({});
  const request = await requestOf(fib!, draft);
  expect(request).toEqual({
    module: fib!.sha256,
    entry: { kind: 'export', name: 'gcd', args: ['16', '-1'] },
    policy: 'Default',
    limits: { timeMs: 2000, fuel: null },
  });
  expect(runRequest.safeParse(request).success).toBe(true);
});

test('a draft of a program carries arguments, environment, stdin and files', async () => {
  const file = new File(['abc'], 'in.txt');
  const draft = {
    ...initialDraft(hello!, 'Default', null),
    programArgs: '-v "a b"',
    env: [['K', 'V']] as const,
    stdinText: 'hi',
    files: [{ path: '/data/in.txt', file }],
    grants: ['clock'] as const,
  };
  const request = await requestOf(hello!, draft);
  expect(request.wasi).toEqual({
    args: ['hello.wasm', '-v', 'a b'],
    env: [['K', 'V']],
    stdin: new TextEncoder().encode('hi'),
    folders: [{ path: '/data', isWritable: false }],
    files: [{ path: '/data/in.txt', content: new TextEncoder().encode('abc') }],
  });
  expect([request.entry, request.grants]).toEqual([{ kind: 'command' }, ['clock']]);
});

test('a draft with recipients asks for the result to be sealed to them', async () => {
  const keyId = 'ab'.repeat(32) as KeyId;
  const request = await requestOf(fib!, { ...initialDraft(fib!, 'Default', 'fib'), sealTo: [keyId] });
  expect([request.sealTo, runRequest.safeParse(request).success]).toEqual([[keyId], true]);
});

test('every field that keeps a draft from running is named', () => {
  const draft = {
    ...initialDraft(fib!, 'Default', 'fib'),
    args: ['x'],
    limits: { timeMs: '1 ms' },
    env: [['A=B', '']] as const,
    files: [{ path: 'relative', file: new File([], 'f') }],
    isDeterministic: true,
    seed: 'short',
  };
  expect(Object.keys(draftErrors(fib!, draft)).sort()).toEqual(['args.0', 'env.0', 'files.0', 'limits.timeMs', 'seed']);
});

test('the store keeps the last minute of gauges and what was printed', () => {
  const store = createRunStore(
    createClient({ invoke: async () => ({ ok: true, value: {} }), subscribe: () => () => {} }),
  );
  for (let tick = 0; tick < HISTORY_LENGTH + 5; tick++) {
    const data = {
      runId,
      state: 'running' as const,
      fuelUsed: `${tick}`,
      memoryBytes: tick,
      elapsedMs: tick * 100,
      outputBytes: 0,
    };
    store.getState().onEvent({ seq: tick, ts: 0, name: 'run.gauged', data });
  }
  store.getState().onEvent({ seq: 9999, ts: 0, name: 'run.printed', data: { runId, stream: 'stderr', totalBytes: 7 } });
  const { live, printed } = store.getState();
  expect([live[runId]?.history.length, live[runId]?.history[0]?.fuelUsed, printed[runId]]).toEqual([
    HISTORY_LENGTH,
    5,
    { stderr: 7 },
  ]);
});

test('fuel per second is the slope between two samples', () => {
  const history = [0, 100, 300].map((elapsedMs, index) => ({ elapsedMs, memoryBytes: 0, fuelUsed: index * 50 }));
  expect(fuelRates(history)).toEqual([0, 500, 250]);
});

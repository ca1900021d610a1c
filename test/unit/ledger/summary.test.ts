import { expect, test } from 'vitest';
import { auditRowOf } from '../../../electron/ledger/index.ts';
import type { Json } from '../../../shared/model/entry.ts';

const DIGEST = 'ab'.repeat(32);

function summary(op: string, data: { readonly [key: string]: Json }): string {
  return auditRowOf({ v: 1, seq: 0, ts: 0, op, actor: 'window', data, prev: '0'.repeat(64) }).summary;
}

test.each<[string, { [key: string]: Json }, string]>([
  [
    'module.loaded',
    { module: DIGEST, moduleName: 'fib.wasm', sizeBytes: 84, source: 'sample', isNew: true, outcome: 'ok' },
    'fib.wasm · 84 B · from sample',
  ],
  [
    'run.started',
    {
      module: DIGEST,
      moduleName: 'fib.wasm',
      entry: 'fib',
      policy: 'Default',
      limits: { memoryBytes: 1 },
      grants: [],
      batchSize: 1,
    },
    'fib.wasm fib() · policy Default',
  ],
  [
    'run.finished',
    {
      moduleName: 'fib.wasm',
      outcome: 'finished',
      usage: { fuelUsed: '807', memoryPeakBytes: 65_536, outputBytes: 0 },
      totalMs: 4,
    },
    'fib.wasm · fuel 807 · peak 64 KiB · 4 ms',
  ],
  [
    'run.finished',
    { moduleName: 'loop.wasm', outcome: 'timed-out', limit: { name: 'timeMs', value: '250 ms' }, usage: null },
    'loop.wasm · time limit 250 ms',
  ],
  [
    'run.finished',
    { moduleName: 'x.wasm', outcome: 'denied', missing: ['env.log'], error: 'run.no-such-export' },
    'x.wasm · needs env.log · run.no-such-export',
  ],
  ['ledger.key-added', { key: DIGEST, spki: 'MFkw…' }, 'key abababababab…'],
  [
    'ledger.repaired',
    { reason: 'torn', pieces: [{ file: 'x', bytes: 17, sha256: DIGEST }] },
    'a write was cut off (torn) · 17 B set aside',
  ],
  [
    'file.sealed',
    { name: 'a.txt', kind: 'input', sizeBytes: 2048, recipients: [DIGEST] },
    'a.txt · input · 2 KiB · 1 recipient',
  ],
  [
    'call.refused',
    { call: 'modules.load', error: 'module.malformed', message: 'expected a section' },
    'modules.load · expected a section · module.malformed',
  ],
  [
    'unknown.thing',
    { sizeBytes: 1024, isSpecial: true, nested: { a: 1 }, list: ['a', DIGEST] },
    '1 KiB · is special yes · list a, abababababab…',
  ],
])('%s is told in words', (op, data, expected) => {
  expect(summary(op, data)).toBe(expected);
});

test('a row never holds JSON and is never too long', () => {
  const text = summary('unknown.thing', { deep: [{ a: { b: 1 } }], long: 'x'.repeat(1000) });
  expect(text).not.toMatch(/[{}[\]]/);
  expect(text.length).toBe(160);
});

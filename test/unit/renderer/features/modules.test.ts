import { expect, test } from 'vitest';
import type { Bridge } from '../../../../renderer/bridge/index.ts';
import { compareModules } from '../../../../renderer/features/modules/compare.ts';
import { compareHash } from '../../../../renderer/features/modules/compare-hash.ts';
import { interpretBytes, parseAddress, sectionAt } from '../../../../renderer/features/modules/hex.ts';
import { createModuleStore } from '../../../../renderer/features/modules/store.ts';
import { judgeImport } from '../../../../renderer/features/modules/verdict.ts';
import type { Resolution } from '../../../../shared/contract/policies.ts';
import { defaultLimits } from '../../../../shared/model/limits.ts';
import type { ModuleImport } from '../../../../shared/model/module-report.ts';
import { everydayModules } from '../../../support/fake/modules.ts';

const digest = `${'a'.repeat(63)}1`;

test('a pasted hash is compared whole, in hex or base64, with what sha256sum prints around it', () => {
  const base64 = Buffer.from(digest, 'hex').toString('base64');
  expect(
    [digest, `  ${digest.toUpperCase()}  file.wasm`, `sha256:${digest}`, base64].map((text) =>
      compareHash(digest, text),
    ),
  ).toEqual(['same', 'same', 'same', 'same']);
  expect([`${digest.slice(0, -1)}2`, digest.slice(1), '', 'hello'].map((text) => compareHash(digest, text))).toEqual([
    'different',
    'not-a-hash',
    'empty',
    'not-a-hash',
  ]);
});

test('bytes are read as numbers and as LEB128', () => {
  const readings = Object.fromEntries(interpretBytes(new Uint8Array([0xe5, 0x8e, 0x26, 0, 0, 0, 0, 0])));
  expect([readings.u8, readings.u16, readings.u32, readings.uleb]).toEqual(['229', '36581', '2526949', '624485 (3 B)']);
  expect(Object.fromEntries(interpretBytes(new Uint8Array([0x7f]))).sleb).toBe('-1 (1 B)');
  expect(interpretBytes(new Uint8Array())).toEqual([]);
});

test('an address is decimal or hex, and belongs to the section that holds it', () => {
  expect([parseAddress('0x1f'), parseAddress('31'), parseAddress('1f'), parseAddress('-1')]).toEqual([
    31,
    31,
    undefined,
    undefined,
  ]);
  const sections = [{ id: 1, name: 'type', offset: 10, sizeBytes: 5, count: 1 }];
  expect([sectionAt(sections, 9), sectionAt(sections, 14)?.name, sectionAt(sections, 15)]).toEqual([
    undefined,
    'type',
    undefined,
  ]);
});

const imported = (module: string, name: string): ModuleImport => ({
  module,
  name,
  type: { kind: 'function', signature: { params: [], results: [] } },
});
const resolution = (grants: Resolution['grants']): Resolution => ({
  policy: 'Default',
  limits: defaultLimits,
  sources: {},
  grants,
});

test('an import is judged by the policy in force', () => {
  const wasi = resolution([
    { capability: 'wasi', source: 'policy' },
    { capability: 'clock', source: 'module' },
  ]);
  const judge = (name: string) => judgeImport(imported('wasi_snapshot_preview1', name), wasi);
  expect(judge('fd_write')).toEqual({ kind: 'granted', why: 'wasi, by policy Default' });
  expect(judge('clock_time_get')).toEqual({ kind: 'granted', why: 'clock, by an override of this module' });
  expect(judge('path_open')).toEqual({ kind: 'denied', why: 'Default does not grant files' });
  expect(judgeImport(imported('env', 'log'), wasi).kind).toBe('unknown');
  expect(judgeImport(imported('wasi_snapshot_preview1', 'fd_write'), resolution([])).kind).toBe('denied');
});

test('a refused file stays in the list with its reason, beside those that were accepted', async () => {
  const [module] = everydayModules();
  const bridge: Pick<Bridge, 'loadModule'> = {
    async loadModule(file) {
      if (file.name === 'gone.wasm') throw new DOMException('gone', 'NotFoundError');
      if (file.name === 'bad.wasm')
        return { ok: false, error: { code: 'module.malformed', message: 'expected the magic bytes' } };
      return { ok: true, value: { record: module!.record, isNew: true } };
    },
  };
  const store = createModuleStore(bridge);
  const files = ['good.wasm', 'bad.wasm', 'gone.wasm'].map((name) => new File(['x'], name));
  expect(await store.getState().addFiles(files)).toEqual([module!.record.sha256]);
  expect(
    store
      .getState()
      .arrivals.map(({ name, status }) => [name, status.kind === 'refused' ? status.failure.code : status.kind]),
  ).toEqual([
    ['good.wasm', 'ready'],
    ['bad.wasm', 'module.malformed'],
    ['gone.wasm', 'module.unreadable'],
  ]);
  store.getState().dismissDone();
  expect(store.getState().arrivals).toEqual([]);
});

test('two modules differ in what one has and the other has not, or has otherwise', () => {
  const [fib, hello] = everydayModules().map(({ record }) => record);
  expect(compareModules(fib!, fib!)).toEqual([]);
  const found = compareModules(fib!, hello!);
  expect(found).toContainEqual({ part: 'fact', name: 'kind', before: 'library', after: 'command' });
  expect(found).toContainEqual({ part: 'export', name: 'fib', before: 'function (i64) → i64', after: null });
  expect(found.filter(({ part, before }) => part === 'import' && before === null)).toHaveLength(6);
});

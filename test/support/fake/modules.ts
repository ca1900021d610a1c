import { createHash } from 'node:crypto';
import type { ModuleRecord, ModuleReport, ModuleSummary } from '../../../shared/model/module-report.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';

/** The time at which the fake world stands still. */
export const NOW = Date.UTC(2026, 10, 23, 9, 0, 0);

export type FakeModule = { readonly record: ModuleRecord; readonly bytes: Uint8Array };

const i32 = { params: ['i32'], results: ['i32'] };
const WASI = 'wasi_snapshot_preview1';

const EMPTY_COUNTS = {
  types: 3,
  functions: 4,
  importedFunctions: 0,
  globals: 1,
  tags: 0,
  elements: 0,
  dataSegments: 1,
  codeBytes: 512,
};

function report(sizeBytes: number, parts: Partial<ModuleReport>): ModuleReport {
  const names = ['type', 'import', 'function', 'memory', 'export', 'code', 'data', 'name'];
  const share = Math.floor((sizeBytes - 8) / names.length);
  return {
    sizeBytes,
    imports: [],
    exports: [],
    memories: [{ kind: 'memory', is64: false, isShared: false, pageBytes: 65_536, min: '2', max: '16' }],
    tables: [],
    sections: names.map((name, index) => ({
      id: name === 'name' ? 0 : index + 1,
      name,
      offset: 10 + index * share,
      sizeBytes: name === 'code' ? share - 2 : Math.max(1, Math.floor((share - 2) / (index + 1))),
      count: name === 'name' ? null : index + 1,
    })),
    features: [],
    producers: [
      { field: 'language', name: 'Rust', version: '' },
      { field: 'processed-by', name: 'rustc', version: '1.91.0' },
    ],
    moduleName: null,
    counts: EMPTY_COUNTS,
    hasStart: false,
    shape: 'library',
    ...parts,
  };
}

function makeModule(
  name: string,
  sizeBytes: number,
  parts: Partial<ModuleReport>,
  age = 0,
  denial: string | null = null,
): FakeModule {
  const bytes = new Uint8Array(sizeBytes);
  bytes.set([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  for (let index = 8; index < sizeBytes; index++) bytes[index] = (index * 31 + name.length * 7 + (index >> 5)) & 255;
  const sha256 = createHash('sha256').update(name).update(bytes.subarray(0, 64)).digest('hex') as ModuleDigest;
  const seen = NOW - age;
  const record: ModuleRecord = {
    sha256,
    name,
    sizeBytes,
    firstSeen: seen,
    lastUsed: seen,
    source: 'file',
    report: report(sizeBytes, parts),
    denial,
    timing: { hashMs: 0.21, inspectMs: 1.4 },
  };
  return { record, bytes };
}

const wasiImport = (name: string) => ({
  module: WASI,
  name,
  type: { kind: 'function' as const, signature: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] } },
});
const exported = (name: string, index: number, signature: { params: string[]; results: string[] }) => ({
  name,
  index,
  type: { kind: 'function' as const, signature },
});

/** The modules of an everyday fake world: a library, programs, a hostile one, one that is denied, and odd names. */
export function everydayModules(): FakeModule[] {
  const supported = (name: string) => ({ name, isSupported: true, firstOffset: 0x120 });
  return [
    makeModule('fib.wasm', 1_204, {
      exports: [
        exported('fib', 0, { params: ['i64'], results: ['i64'] }),
        exported('gcd', 1, { params: ['i64', 'i64'], results: ['i64'] }),
        exported('mix', 2, { params: ['i32', 'f32', 'f64', 'v128', 'externref'], results: ['f64'] }),
        {
          name: 'memory',
          index: 0,
          type: { kind: 'memory', is64: false, isShared: false, pageBytes: 65_536, min: '2', max: '16' },
        },
      ],
      features: [supported('mutable-globals'), supported('simd'), supported('reference-types')],
    }),
    makeModule(
      'hello.wasm',
      61_440,
      {
        shape: 'command',
        imports: ['fd_write', 'args_get', 'args_sizes_get', 'environ_get', 'clock_time_get', 'proc_exit'].map(
          wasiImport,
        ),
        exports: [exported('_start', 6, { params: [], results: [] })],
        features: [supported('bulk-memory')],
      },
      60_000,
    ),
    makeModule('spin.wasm', 96, { exports: [exported('spin', 0, { params: [], results: [] })] }, 120_000),
    makeModule(
      'plugin.wasm',
      2_413_800,
      {
        imports: [
          ...['log', 'fetch', 'read_secret'].map((name) => ({
            module: 'env',
            name,
            type: { kind: 'function' as const, signature: i32 },
          })),
          ...['fd_write', 'path_open', 'random_get'].map(wasiImport),
        ],
        exports: Array.from({ length: 240 }, (_, index) =>
          exported(`plugin_entry_${index}`, index, index % 3 === 0 ? i32 : { params: ['i32', 'i32'], results: [] }),
        ),
        features: [
          supported('bulk-memory'),
          supported('multi-value'),
          supported('sign-extension'),
          supported('tail-call'),
          { name: 'stack-switching', isSupported: false, firstOffset: 0x4a20 },
        ],
      },
      86_400_000 * 2,
      'it uses stack-switching, which this engine does not run',
    ),
    makeModule(
      'a-module-with-a-name-that-goes-on-and-on-until-it-cannot-possibly-fit-anywhere-in-any-list-or-title-bar-v2.13.7-release-candidate.4+build.20261123.wasm',
      18_200_311,
      { shape: 'reactor', exports: [exported('_initialize', 0, { params: [], results: [] })] },
      3_600_000,
    ),
    makeModule('وحدة-التشفير-النهائية.wasm', 340_112, { exports: [exported('شفّر', 0, i32)] }, 7_200_000),
    makeModule('画像処理モジュール.wasm', 77_001, { exports: [exported('変換', 0, i32)] }, 9_200_000),
  ];
}

/** Many modules that differ in everything a list can sort by. */
export function manyModules(count: number): FakeModule[] {
  return Array.from({ length: count }, (_, index) =>
    makeModule(
      `build-${String(index).padStart(5, '0')}.wasm`,
      64 + ((index * 7919) % 4000),
      { exports: [exported('run', 0, i32)] },
      index * 45_000,
    ),
  );
}

export function summaryOf(record: ModuleRecord): ModuleSummary {
  const { report: found, timing: _timing, ...rest } = record;
  return {
    ...rest,
    imports: found.imports.length,
    exports: found.exports.length,
    features: found.features.map((feature) => feature.name),
    shape: found.shape,
  };
}

/** What inspecting uploaded bytes comes to in the fake world. */
export function loadedModule(name: string, bytes: Uint8Array): FakeModule {
  const made = makeModule(name, 64, { exports: [exported('run', 0, i32)] });
  const sha256 = createHash('sha256').update(bytes).digest('hex') as ModuleDigest;
  const record = {
    ...made.record,
    sha256,
    sizeBytes: bytes.length,
    report: report(Math.max(64, bytes.length), { exports: made.record.report.exports }),
  };
  return { record, bytes };
}

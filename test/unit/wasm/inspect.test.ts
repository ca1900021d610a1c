import { describe, expect, test } from 'vitest';
import { inspect, WasmError } from '../../../electron/wasm/index.ts';
import { moduleReport } from '../../../shared/model/module-report.ts';
import { assemble } from '../../support/wat.ts';

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

function refusal(
  bytes: Uint8Array,
  options?: Parameters<typeof inspect>[1],
): { reason: string; offset: number | null; message: string } {
  try {
    inspect(bytes, options);
  } catch (error) {
    if (error instanceof WasmError) return { reason: error.reason, offset: error.offset, message: error.message };
    throw error;
  }
  throw new Error('the module was accepted');
}

function withSection(id: number, ...content: number[]): Uint8Array {
  return Uint8Array.from([...header, id, content.length, ...content]);
}

describe('inspect', () => {
  test('reports a module as the shared model describes it', () => {
    const bytes = assemble(
      `(module $sample
        (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
        (import "env" "table" (table 1 4 funcref))
        (memory (export "memory") 2 3)
        (global (export "count") (mut i64) (i64.const 1))
        (func $main (export "_start") (drop (call 0 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))
        (data (i32.const 0) "hello"))`,
      { names: true },
    );
    const report = inspect(bytes);
    expect(moduleReport.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      sizeBytes: bytes.length,
      moduleName: 'sample',
      shape: 'command',
      hasStart: false,
      memories: [{ kind: 'memory', is64: false, isShared: false, pageBytes: 65536, min: '2', max: '3' }],
      tables: [{ kind: 'table', element: 'funcref', is64: false, min: '1', max: '4' }],
      imports: [
        { module: 'wasi_snapshot_preview1', name: 'fd_write', type: { kind: 'function' } },
        { module: 'env', name: 'table', type: { kind: 'table', min: '1', max: '4' } },
      ],
      exports: [
        { name: 'memory', index: 0 },
        { name: 'count', type: { kind: 'global', type: 'i64', isMutable: true } },
        { name: '_start', index: 1, type: { kind: 'function', signature: { params: [], results: [] } } },
      ],
      counts: { types: 2, functions: 1, importedFunctions: 1, globals: 1, dataSegments: 1 },
    });
  });

  test('places every section in the file', () => {
    const bytes = assemble('(module (memory 1) (func (export "f")))');
    const { sections } = inspect(bytes);
    for (const { id, offset, sizeBytes } of sections) {
      expect([bytes[offset - 2], bytes[offset - 1]]).toEqual([id, sizeBytes]);
    }
    expect(sections.map(({ name, count }) => [name, count])).toEqual([
      ['type', 1],
      ['function', 1],
      ['memory', 1],
      ['export', 1],
      ['code', 1],
    ]);
  });

  test('names each proposal a module uses and where', () => {
    const bytes = assemble(
      `(module (memory 1) (memory 1)
      (func (param v128) (result i32 i32) (i32.extend8_s (i32.const 1)) (i32.trunc_sat_f32_s (f32.const 1)))
      (func (return_call 0 (v128.const i32x4 0 0 0 0)) unreachable))`
        .replace('(func (return_call', '(func (result i32 i32) (return_call')
        .replace(' unreachable', ''),
    );
    expect(inspect(bytes).features.map(({ name }) => name)).toEqual([
      'sign-extension-ops',
      'nontrapping-float-to-int-conversions',
      'multi-value',
      'simd',
      'tail-call',
      'multi-memory',
    ]);
  });

  test.each([
    ['an empty file', Uint8Array.of(), 'malformed', 0, 'magic'],
    ['a text file', new TextEncoder().encode('hello world'), 'malformed', 0, 'magic'],
    ['another version', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), 'malformed', 4, 'version 1'],
    ['a component', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), 'unsupported', 4, 'component model'],
    ['an unknown section', withSection(99), 'malformed', 8, 'section id'],
    ['a section that is cut off', Uint8Array.from([...header, 1, 20, 0]), 'malformed', 10, 'expected 20 bytes'],
    ['a LEB128 that is too long', withSection(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00), 'malformed', 14, 'LEB128'],
    ['a type that is none', withSection(1, 1, 0x60, 1, 0x40, 0), 'malformed', 13, 'expected a type'],
    ['a function of no type', withSection(3, 1, 0), 'malformed', 11, 'function type'],
    ['a custom section name in broken UTF-8', withSection(0, 1, 0xff), 'malformed', 10, 'UTF-8'],
    ['a section in the wrong place', Uint8Array.from([...header, 3, 1, 0, 1, 1, 0]), 'malformed', 11, 'out of order'],
    ['a page size of its own', withSection(5, 1, 0x08, 1, 0), 'unsupported', 11, 'custom page sizes'],
    ['a string type', withSection(1, 1, 0x60, 1, 0x67, 0), 'unsupported', 13, 'string references'],
    ['a continuation type', withSection(1, 1, 0x5d, 0), 'unsupported', 11, 'stack switching'],
  ])('refuses %s with the place and what was expected', (_, bytes, reason, offset, message) => {
    expect(refusal(bytes)).toEqual({ reason, offset, message: expect.stringContaining(message) });
  });

  test('refuses an instruction that does not exist at its offset', () => {
    const bytes = assemble('(module (func nop))');
    bytes[bytes.length - 2] = 0x27;
    expect(refusal(bytes)).toMatchObject({ reason: 'malformed', offset: bytes.length - 2 });
  });

  test('refuses an index that only an added definition could fill', () => {
    const bytes = assemble('(module (func (call 0)))');
    bytes[bytes.length - 2] = 1;
    expect(refusal(bytes)).toMatchObject({ reason: 'malformed', message: 'expected a function below 1, found 1' });
  });

  test('refuses each static limit by its name and from both sides', () => {
    const bytes = assemble('(module (import "a" "b" (func)) (func (export "c")) (func (export "d")))');
    const exact = { moduleBytes: bytes.length, functions: 3, imports: 1, exports: 2 };
    expect(() => inspect(bytes, { limits: exact })).not.toThrow();
    for (const name of ['moduleBytes', 'functions', 'imports', 'exports'] as const) {
      const limits = { ...exact, [name]: exact[name] - 1 };
      expect(() => inspect(bytes, { limits })).toThrow(
        expect.objectContaining({ reason: 'limit', limit: { name, value: exact[name] - 1 } }),
      );
    }
  });

  test('never throws anything but its own error at any truncation', () => {
    const bytes = assemble(
      '(module (import "a" "b" (global i32)) (memory 1) (func (param i32) (i32.store (local.get 0) (i32.const 7))))',
    );
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      if (WebAssembly.validate(cut)) expect(() => inspect(cut)).not.toThrow();
      else expect(() => inspect(cut)).toThrow(WasmError);
    }
  });
});

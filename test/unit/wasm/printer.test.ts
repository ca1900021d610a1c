import { describe, expect, test } from 'vitest';
import { openPrinter, printFunction } from '../../../electron/wasm/index.ts';
import { assemble } from '../../support/wat.ts';

describe('the printer', () => {
  const source = assemble(
    `(module (import "env" "log" (func $log (param i32))) (memory 1) (table 1 funcref)
      (func $main (param i32) (result f64) (local i32 i64 i64)
        (block $out
          (loop $again
            (br_if $out (i32.eqz (local.get 0)))
            (call $log (i32.load8_u offset=4 (local.get 0)))
            (br_table $again $out (local.get 0))))
        (if (local.get 0) (then nop) (else (drop (i64.const -5))))
        (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4)))
        (call_indirect (type 0) (i32.const 1) (i32.const 0))
        (f64.const 2.5)))`,
    { names: true },
  );

  test('prints a function with an offset for every instruction', () => {
    const { lines } = printFunction(source, 1);
    expect(lines.map(({ text }) => text)).toEqual([
      '(func $main (type 1) (param i32) (result f64)',
      '  (local i32 i64 ×2)',
      '  block',
      '    loop',
      '      local.get 0',
      '      i32.eqz',
      '      br_if 1',
      '      local.get 0',
      '      i32.load8_u offset=4',
      '      call $log',
      '      local.get 0',
      '      br_table 0 1',
      '    end',
      '  end',
      '  local.get 0',
      '  if',
      '    nop',
      '  else',
      '    i64.const -5',
      '    drop',
      '  end',
      '  v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004',
      '  v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004',
      '  i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31',
      '  drop',
      '  i32.const 1',
      '  i32.const 0',
      '  call_indirect (type 0)',
      '  f64.const 2.5',
      ')',
    ]);
    const opcodes = new Map([
      ['nop', 0x01],
      ['call $log', 0x10],
      ['f64.const 2.5', 0x44],
    ]);
    for (const { offset, text } of lines) {
      const opcode = opcodes.get(text.trim());
      if (opcode !== undefined) expect(source[offset!]).toBe(opcode);
    }
  });

  test('prints reference types and casts as they were written', () => {
    // (type (struct)), (type (func (param anyref))): test and cast of both kinds, then a branching cast.
    const gc = Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 7, 2, 0x5f, 0, 0x60, 1, 0x6e, 0, 3, 2, 1, 1],
      ...[10, 26, 1, 24, 0, 0x20, 0, 0xfb, 20, 0, 0x1a, 0x20, 0, 0xfb, 23, 0x6d, 0x1a],
      ...[0x20, 0, 0xfb, 24, 1, 0, 0x6e, 0, 0x1a, 0x0b],
    ]);
    gc[22] = gc.length - 23;
    gc[24] = gc.length - 25;
    expect(printFunction(gc, 0).lines.map(({ text }) => text.trim())).toEqual(
      expect.arrayContaining(['ref.test (ref 0)', 'ref.cast eqref', 'br_on_cast 0 anyref (ref 0)']),
    );
  });

  test('lists functions with their names and where they lie', () => {
    const printer = openPrinter(source);
    expect(printer.functionCount).toBe(2);
    const [log, main] = printer.listFunctions(0, 10);
    expect(log).toEqual({ index: 0, name: 'log', signature: '(param i32)', offset: null, sizeBytes: null });
    expect(main).toMatchObject({ index: 1, name: 'main', offset: expect.any(Number) });
    expect(main!.offset! + main!.sizeBytes!).toBe(printFunction(source, 1).lines.at(-1)!.offset! + 1);
    expect(printer.listFunctions(1, 1)).toEqual([main]);
  });

  test('refuses a function that is not there', () => {
    expect(() => printFunction(source, 2)).toThrow(RangeError);
    expect(() => printFunction(source, -1)).toThrow(RangeError);
  });
});

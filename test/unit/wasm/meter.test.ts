import { describe, expect, test } from 'vitest';
import { abi, meter, WasmError } from '../../../electron/wasm/index.ts';
import { KiB, MiB, PAGE_BYTES } from '../../../shared/units.ts';
import { runMetered } from '../../support/metered.ts';
import { assemble } from '../../support/wat.ts';

const forms = ['simple', 'fast'] as const;
const bounds = { memoryBytes: 64 * MiB, tableElements: 1000 };

describe.each(forms)('a module metered in the %s form', (form) => {
  // Every expected number is counted by hand: one for entering a function, one for each instruction that is not free.
  test.each([
    ['a body of nothing', '(func (export "f"))', [], 1n],
    ['constants and an addition', '(func (export "f") (result i32) (i32.add (i32.const 1) (i32.const 2)))', [], 4n],
    ['free instructions', '(func (export "f") nop (block (nop)) (drop (i32.const 1)))', [], 2n],
    [
      'the taken arm of an if',
      '(func (export "f") (param i32) (if (local.get 0) (then (drop (i32.const 1)) (drop (i32.const 2))) (else (drop (i32.const 1)))))',
      [1],
      5n,
    ],
    [
      'the other arm of an if',
      '(func (export "f") (param i32) (if (local.get 0) (then (drop (i32.const 1)) (drop (i32.const 2))) (else (drop (i32.const 1)))))',
      [0],
      4n,
    ],
    [
      'an if without else that is not taken',
      '(func (export "f") (param i32) (if (local.get 0) (then (drop (i32.const 1)))) (drop (i32.const 1)))',
      [0],
      4n,
    ],
    [
      'a loop of ten rounds',
      '(func (export "f") (local i32) (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 10)))))',
      [],
      1n + 10n * 7n,
    ],
    [
      'a branch table',
      '(func (export "f") (param i32) (block (block (br_table 0 1 (local.get 0))) (drop (i32.const 1))) (drop (i32.const 2)))',
      [0],
      5n,
    ],
    [
      'calls, with what is called',
      '(func $g (result i32) (i32.const 7)) (func (export "f") (drop (call $g)) (drop (call $g)))',
      [],
      1n + 2n * 3n,
    ],
    [
      'an early return',
      '(func (export "f") (param i32) (result i32) (if (local.get 0) (then (return (i32.const 1)))) (i32.add (i32.const 1) (i32.const 2)))',
      [1],
      4n,
    ],
    ['a tail call', '(func $g (result i32) (i32.const 7)) (func (export "f") (result i32) (return_call $g))', [], 4n],
    [
      'filling memory, by length',
      '(memory 1) (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const 1600)))',
      [],
      105n,
    ],
    [
      'growing a table, by length',
      '(table 1 funcref) (func (export "f") (drop (table.grow (ref.null func) (i32.const 100))))',
      [],
      104n,
    ],
  ])('pays for %s', (_, body, args, expected) => {
    const run = runMetered(assemble(`(module ${body})`), { form });
    run.exports.f!(...args);
    expect(run.used()).toBe(expected);
  });

  test('stops an endless loop when its fuel is used up, and only then', () => {
    const source = assemble('(module (func (export "f") (loop (br 0))))');
    const run = runMetered(source, { form, fuel: 10_000n, slice: 100n });
    expect(() => run.exports.f!()).toThrow(WebAssembly.RuntimeError);
    expect(run.used()).toBeGreaterThan(10_000n);
    expect(run.used()).toBeLessThan(10_010n);
  });

  test('stops endless tail calls and endless indirect tail calls', () => {
    for (const call of ['return_call $f', 'return_call_indirect (type $t) (i32.const 0)']) {
      const source = assemble(
        `(module (type $t (func)) (table 1 funcref) (elem (i32.const 0) $f) (func $f (export "f") (${call})))`,
      );
      expect(() => runMetered(source, { form, fuel: 100_000n }).exports.f!()).toThrow('unreachable');
    }
  });

  test('stops a tree of calls that never loops and never recurses', () => {
    const levels = Array.from({ length: 40 }, (_, i) => `(func $f${i} (call $f${i + 1}) (call $f${i + 1}))`).join('');
    const source = assemble(`(module ${levels} (func $f40 nop) (export "f" (func $f0)))`);
    const run = runMetered(source, { form, fuel: 1_000_000n });
    expect(() => run.exports.f!()).toThrow('unreachable');
  });

  test('pays for the length of a bulk operation before it runs', () => {
    const source = assemble(`(module (memory (export "memory") 1)
      (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536))))`);
    const run = runMetered(source, { form, fuel: 4000n });
    expect(() => run.exports.f!()).toThrow('unreachable');
    expect(new Uint8Array((run.raw.memory as WebAssembly.Memory).buffer)[0]).toBe(0);
  });

  test('cannot be kept from stopping by catching everything', () => {
    const source = assemble(
      '(module (func (export "f") (loop $again (try (do (loop (br 0))) (catch_all (br $again))))))',
    );
    expect(() => runMetered(source, { form, fuel: 1000n }).exports.f!()).toThrow(WebAssembly.RuntimeError);
  });

  test('counts the same however the fuel is sliced', () => {
    const source = assemble(`(module (func $fib (export "f") (param i32) (result i32)
      (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
        (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))`);
    const used = [1n, 17n, 1000n, 1n << 40n].map((slice) => {
      const run = runMetered(source, { form, slice });
      expect(run.exports.f!(12)).toBe(144);
      return run.used();
    });
    expect(new Set(used).size).toBe(1);
  });

  test('shows the host all fuel used so far whenever it is called', () => {
    const seen: bigint[] = [];
    const source = assemble(`(module (import "host" "look" (func $look))
      (func $inner (call $look) (drop (i32.const 1)))
      (func (export "f") (local i32)
        (loop (call $inner) (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 3))))))`);
    const run = runMetered(source, { form, imports: { host: { look: () => void seen.push(run.used()) } } });
    run.exports.f!();
    // Two entries and two calls; each round after that 11.
    expect(seen).toEqual([4n, 15n, 26n]);
  });

  test('lets memories grow together up to the limit and tells the peak', () => {
    const source = assemble(`(module (memory $a 1) (memory $b 2)
      (func (export "a") (param i32) (result i32) (memory.grow $a (local.get 0)))
      (func (export "b") (param i32) (result i32) (memory.grow $b (local.get 0))))`);
    const run = runMetered(source, { form, memoryBytes: 8 * PAGE_BYTES });
    expect(run.global(abi.memory)).toBe(BigInt(3 * PAGE_BYTES));
    expect(run.exports.a!(3)).toBe(1);
    expect(run.exports.b!(3)).toBe(-1);
    expect(run.global(abi.refused)).toBe(BigInt(9 * PAGE_BYTES));
    expect(run.exports.a!(-1)).toBe(-1);
    expect(run.exports.b!(2)).toBe(2);
    expect(run.exports.a!(1)).toBe(-1);
    expect(run.global(abi.memory)).toBe(BigInt(8 * PAGE_BYTES));
  });

  test('lets tables grow together up to the limit', () => {
    const source = assemble(`(module (table $a 1 funcref) (table $b 1 externref)
      (func (export "a") (param i32) (result i32) (table.grow $a (ref.null func) (local.get 0)))
      (func (export "b") (param i32) (result i32) (table.grow $b (ref.null extern) (local.get 0))))`);
    const run = runMetered(source, { form, tableElements: 10 });
    expect([run.exports.a!(5), run.exports.b!(4), run.exports.b!(-1), run.exports.b!(3)]).toEqual([1, -1, -1, 1]);
    expect(run.global(abi.refusedElements)).toBe(BigInt(7 + 0xffff_ffff));
  });

  test('moves the start function out of instantiation', () => {
    const source = assemble(
      '(module (global $g (export "g") (mut i32) (i32.const 0)) (func $s (global.set $g (i32.const 1))) (start $s))',
    );
    const { bytes, hasStart } = meter(source, { ...bounds, form });
    expect(hasStart).toBe(true);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    expect((instance.exports.g as WebAssembly.Global).value).toBe(0);
    expect((runMetered(source, { form }).raw.g as WebAssembly.Global).value).toBe(1);
  });

  test('leads a trap back to its offset and its name in the original', () => {
    const source = assemble(
      `(module (func $outer (export "f") (param i32) (result i32) (local i32)
        (loop (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 5))))
        (call $divide (local.get 0)))
      (func $divide (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0))))`,
      { names: true },
    );
    const places = (stack: string): [number, number][] =>
      [...stack.matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g)].map(([, index, offset]) => [
        Number(index),
        Number.parseInt(offset!, 16),
      ]);
    const stackOf = (call: () => unknown): string => {
      try {
        call();
      } catch (error) {
        return (error as Error).stack!;
      }
      throw new Error('nothing was thrown');
    };
    const plain = new WebAssembly.Instance(new WebAssembly.Module(source as BufferSource));
    const expected = places(stackOf(() => (plain.exports.f as (n: number) => number)(0)));
    const { metered, exports } = runMetered(source, { form });
    const found = places(stackOf(() => exports.f!(0)));
    expect(found.map(([index, offset]) => [metered.originalFunction(index), metered.originalOffset(offset)])).toEqual(
      expected,
    );
    expect(found.map(([index]) => metered.functionName(index))).toEqual(['divide', 'outer']);
  });
});

describe('meter', () => {
  test('runs nothing for a host that gives no fuel', () => {
    const { bytes } = meter(assemble('(module (func (export "f")))'), bounds);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    expect((instance.exports[abi.fuel] as WebAssembly.Global).value).toBe(0n);
  });

  test.each([
    [
      'memory at the start',
      '(memory 2)',
      { memoryBytes: 2 * PAGE_BYTES },
      { memoryBytes: 2 * PAGE_BYTES - 1 },
      'memoryBytes',
    ],
    [
      'memories at the start',
      '(memory 1) (memory 1)',
      { memoryBytes: 2 * PAGE_BYTES },
      { memoryBytes: PAGE_BYTES },
      'memoryBytes',
    ],
    [
      'an imported memory',
      '(import "a" "b" (memory 2))',
      { memoryBytes: 2 * PAGE_BYTES },
      { memoryBytes: PAGE_BYTES },
      'memoryBytes',
    ],
    [
      'tables at the start',
      '(table 3 funcref) (table 2 externref)',
      { tableElements: 5 },
      { tableElements: 4 },
      'tableElements',
    ],
  ])('denies %s beyond the limit by its name', (_, body, enough, tooLittle, name) => {
    const source = assemble(`(module ${body})`);
    expect(() => meter(source, { ...bounds, ...enough })).not.toThrow();
    const refusal = expect.objectContaining({ reason: 'limit', limit: expect.objectContaining({ name }) });
    expect(() => meter(source, { ...bounds, ...tooLittle })).toThrow(refusal);
  });

  test('bounds the maxima of imported memories and tables', () => {
    const source = assemble('(module (import "a" "m" (memory 1)) (import "a" "t" (table 1 funcref)))');
    const { bytes, memories } = meter(source, { memoryBytes: 3 * PAGE_BYTES, tableElements: 7 });
    expect(memories).toEqual([{ isImported: true, is64: false, minPages: 1, maxPages: 3 }]);
    const module = new WebAssembly.Module(bytes);
    const link = (pages: number, elements: number): WebAssembly.Instance =>
      new WebAssembly.Instance(module, {
        a: {
          m: new WebAssembly.Memory({ initial: 1, maximum: pages }),
          t: new WebAssembly.Table({ element: 'anyfunc', initial: 1, maximum: elements }),
        },
      });
    expect(() => link(3, 7)).not.toThrow();
    expect(() => link(4, 7)).toThrow(WebAssembly.LinkError);
    expect(() => link(3, 8)).toThrow(WebAssembly.LinkError);
  });

  test('denies a module that exports a reserved name', () => {
    const source = assemble('(module (func (export "glovebox.fuel")))');
    expect(() => meter(source, bounds)).toThrow(WasmError);
    expect(() => meter(source, bounds)).toThrow('glovebox.fuel');
  });

  test('denies what the engine takes plain and not with additions', () => {
    // 50,000 locals and a loop, which wants one more.
    const locals = Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
      ...[10, 11, 1, 9, 1, 0xd0, 0x86, 0x03, 0x7f, 0x03, 0x40, 0x0b, 0x0b],
    ]);
    expect(WebAssembly.validate(locals)).toBe(true);
    expect(() => meter(locals, bounds)).toThrow(expect.objectContaining({ reason: 'limit' }));
  });

  test('denies relaxed SIMD only where runs have to repeat', () => {
    const source = assemble(
      '(module (func (param v128 v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 1))))',
    );
    expect(() => meter(source, bounds)).not.toThrow();
    expect(() => meter(source, { ...bounds, isDeterministic: true })).toThrow(
      expect.objectContaining({ reason: 'unsupported', message: expect.stringContaining('relaxed SIMD') }),
    );
  });

  test('makes every NaN of arithmetic the canonical one where runs have to repeat', () => {
    const source = assemble(`(module
      (func (export "f32") (param i32) (result i32)
        (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (local.get 0)) (f32.const 1))))
      (func (export "f64") (param i64) (result i64)
        (i64.reinterpret_f64 (f64.sqrt (f64.reinterpret_i64 (local.get 0)))))
      (func (export "lanes") (param i32) (result i64)
        (i64x2.extract_lane 1 (f32x4.mul (i32x4.splat (local.get 0)) (v128.const f32x4 2 2 2 2))))
      (func (export "copy") (param i32) (result i32) (i32.reinterpret_f32 (f32.neg (f32.reinterpret_i32 (local.get 0))))))`);
    const { exports } = runMetered(source, { isDeterministic: true });
    expect(exports.f32!(0x7fa0_1234)).toBe(0x7fc0_0000);
    expect(exports.f32!(0x3f80_0000)).toBe(0x4000_0000);
    expect(exports.f64!(-1n << 48n)).toBe(0x7ff8_0000_0000_0000n);
    expect(exports.lanes!(0x7fa0_1234)).toBe(0x7fc0_0000_7fc0_0000n);
    expect(exports.copy!(0x7fa0_1234)).toBe(0xffa0_1234 | 0);
  });

  test('keeps the hints of the original at their branches and marks its own unlikely', () => {
    const source = assemble('(module (func (export "f") (param i32) (loop (br_if 0 (local.get 0)))))');
    const at = source.indexOf(10, 20);
    // Offset 5 of the body: locals, loop, block type, local.get and its index come before the br_if.
    const hints = [0, ...withLength([...name('metadata.code.branch_hint'), 1, 0, 1, 5, 1, 1])];
    const hinted = Uint8Array.from([...source.subarray(0, at), ...hints, ...source.subarray(at)]);
    expect(WebAssembly.validate(hinted)).toBe(true);
    for (const form of forms) {
      const { bytes } = meter(hinted, { ...bounds, form });
      expect(WebAssembly.validate(bytes)).toBe(true);
      expect(readHints(bytes).some(([op, value]) => op === 0x0d && value === 1)).toBe(true);
      expect(readHints(bytes).some(([, value]) => value === 0)).toBe(true);
      expect(readHints(bytes).every(([op]) => op === 0x0d || op === 0x04)).toBe(true);
    }
  });

  test('refuses arrays larger than the memory limit', () => {
    // (type (array (mut i64))) (type (func (param i32))), array.new_default and drop
    const source = Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 8, 2, 0x5e, 0x7e, 1, 0x60, 1, 0x7f, 0, 3, 2, 1, 1],
      ...[7, 5, 1, 1, 0x66, 0, 0, 10, 10, 1, 8, 0, 0x20, 0, 0xfb, 7, 0, 0x1a, 0x0b],
    ]);
    const run = runMetered(source, { memoryBytes: 64 * KiB });
    expect(() => run.exports.f!(8192)).not.toThrow();
    expect(run.global(abi.refused)).toBe(0n);
    expect(() => run.exports.f!(8193)).toThrow('unreachable');
    expect(run.global(abi.refused)).toBe(8193n * 8n);
    expect(run.used()).toBeGreaterThan(8192n);
  });
});

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

function withLength(bytes: number[]): number[] {
  return [bytes.length, ...bytes];
}

/** The opcode at every hint of the first function that has any, with the hint. */
function readHints(bytes: Uint8Array): [op: number, value: number][] {
  const label = name('metadata.code.branch_hint');
  const start = bytes.findIndex((_, i) => label.every((each, j) => bytes[i + j] === each)) + label.length;
  const count = bytes[start + 2]!;
  const hints = Array.from({ length: count }, (_, i) => [bytes[start + 3 + 3 * i]!, bytes[start + 5 + 3 * i]!]);
  // The code section follows: id, size, count, then the size of the first body.
  let body = start + 3 + 3 * count + 1;
  const skip = (): void => {
    while (bytes[body++]! >= 0x80);
  };
  skip();
  skip();
  skip();
  return hints.map(([offset, value]) => [bytes[body + offset!]!, value!]);
}

import type { CodeReader } from './code-reader.ts';
import { malformed } from './error.ts';
import { featureIndex } from './features.ts';
import type { Module } from './module.ts';
import { nameOf, operationOf } from './opcodes.ts';

/** An array that a constant expression makes: no instruction runs, so nothing but this can bound it. */
export type ConstantArray = { readonly offset: number; readonly type: number; readonly length: number | null };

type Known = number | null;

const extendedConst = featureIndex('extended-const');
const END = operationOf('end');
const I32_CONST = operationOf('i32.const');

/** Values that each constant instruction takes; -1 where its immediates say how many. */
const takenBy = new Map<number, number>(
  (
    [
      ['end', 0],
      ['i32.const', 0],
      ['i64.const', 0],
      ['f32.const', 0],
      ['f64.const', 0],
      ['v128.const', 0],
      ['global.get', 0],
      ['ref.null', 0],
      ['ref.func', 0],
      ['i32.add', 2],
      ['i32.sub', 2],
      ['i32.mul', 2],
      ['i64.add', 2],
      ['i64.sub', 2],
      ['i64.mul', 2],
      ['ref.i31', 1],
      ['any.convert_extern', 1],
      ['extern.convert_any', 1],
      ['struct.new', -1],
      ['struct.new_default', 0],
      ['array.new', 2],
      ['array.new_default', 1],
      ['array.new_fixed', -1],
    ] as const
  ).map(([name, taken]) => [operationOf(name), taken]),
);

const folded = new Map<number, (a: number, b: number) => number>([
  [operationOf('i32.add'), (a, b) => (a + b) | 0],
  [operationOf('i32.sub'), (a, b) => (a - b) | 0],
  [operationOf('i32.mul'), (a, b) => Math.imul(a, b)],
]);
const arrayNew = new Set([operationOf('array.new'), operationOf('array.new_default')]);

/**
 * Reads a constant expression from `position` and leaves `code.position` behind it.
 * @throws WasmError malformed when it holds an instruction that is not constant
 */
export function readConstantExpression(code: CodeReader, position: number, end: number): ConstantArray[] {
  code.openExpression(position, end);
  const arrays: ConstantArray[] = [];
  const stack: Known[] = [];
  while (code.depth > 0) {
    code.next();
    if (code.op === END) break;
    const taken = takenBy.get(code.op);
    if (taken === undefined) {
      throw malformed(`expected a constant instruction, found ${nameOf[code.op]}`, code.start);
    }
    if (arrayNew.has(code.op)) {
      const length = stack.at(-1) ?? null;
      arrays.push({ offset: code.start, type: code.first, length: length === null ? null : length >>> 0 });
    }
    fold(code, taken < 0 ? operandCount(code.module, code.first, code.second) : taken, stack);
  }
  return arrays;
}

function fold(code: CodeReader, taken: number, stack: Known[]): void {
  const operands = taken === 0 ? [] : stack.splice(-taken);
  const folding = folded.get(code.op);
  if (taken === 2 && code.op < 0x200) code.module.features.note(extendedConst, code.start);
  const [a = null, b = null] = operands;
  if (code.op === I32_CONST) stack.push(code.first);
  else stack.push(folding && a !== null && b !== null ? folding(a, b) : null);
}

function operandCount(module: Module, type: number, count: number): number {
  const definition = module.types[type]!;
  return definition.kind === 'struct' ? definition.fields.length : count;
}

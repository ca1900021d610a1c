import { ByteWriter } from '../byte-writer.ts';
import { ops } from './ops.ts';
import type { Plan } from './plan.ts';

const EMPTY = 0x40;
const I64 = 0x7e;

/** The function that asks the host for the next slice: `refuel` in slot 0, and a trap when it answers below zero. */
export function slowBody(plan: Plan): Uint8Array {
  const code = new ByteWriter(32);
  code.put(0, ops.localGet, 0, ops.i32Const, 0, ops.callIndirect);
  code.unsigned(plan.functionType(['i64'], ['i64']));
  code.unsigned(plan.refuelTable);
  code.put(ops.localTee, 0, ops.i64Const, 0, ops.i64LtS, ops.if, EMPTY, ops.unreachable, ops.end);
  // A body that keeps its fuel in a local may trap before it writes back; the global must not show an older slice.
  code.put(ops.localGet, 0, ops.globalSet);
  code.unsigned(plan.fuelGlobal);
  code.put(ops.localGet, 0, ops.end);
  return code.view();
}

/**
 * The function that stands in for `memory.grow`: refuses what would take all memories together over the limit, as the
 * instruction does, with -1, and keeps `glovebox.memory`.
 */
export function growMemoryBody(plan: Plan, memory: number): Uint8Array {
  const { is64 } = plan.module.memories[memory]!.limits;
  const code = new ByteWriter(64);
  const total = 1;
  const delta = (): void => {
    code.put(ops.localGet, 0);
    if (!is64) code.put(ops.i64ExtendI32U);
  };
  code.put(1, 1, I64);
  sumMemories(code, plan);
  code.put(ops.localSet, total);
  code.put(ops.localGet, total);
  delta();
  writeRefusal(
    code,
    plan.pageLimit,
    () => {
      code.put(ops.localGet, total);
      delta();
      code.put(ops.i64Add, ops.i64Const, 16, ops.i64Shl, ops.globalSet);
      code.unsigned(plan.refusedGlobal);
      code.put(is64 ? ops.i64Const : ops.i32Const, 0x7f, ops.return);
    },
    delta,
  );
  code.put(ops.localGet, 0, ops.memoryGrow);
  code.unsigned(memory);
  sumMemories(code, plan);
  code.put(ops.i64Const, 16, ops.i64Shl, ops.globalSet);
  code.unsigned(plan.memoryGlobal);
  code.put(ops.end);
  return code.view();
}

/** The function that stands in for `table.grow`: pays for the length, and bounds all tables together. */
export function growTableBody(plan: Plan, table: number): Uint8Array {
  const { is64 } = plan.module.tables[table]!.limits;
  const code = new ByteWriter(64);
  const delta = (): void => {
    code.put(ops.localGet, 1);
    if (!is64) code.put(ops.i64ExtendI32U);
  };
  const total = 2;
  code.put(1, 1, I64);
  plan.module.tables.forEach(({ limits }, index) => {
    code.put(0xfc, 16);
    code.unsigned(index);
    if (!limits.is64) code.put(ops.i64ExtendI32U);
    if (index > 0) code.put(ops.i64Add);
  });
  code.put(ops.localSet, total, ops.localGet, total);
  delta();
  writeRefusal(
    code,
    plan.options.tableElements,
    () => {
      code.put(ops.localGet, total);
      delta();
      code.put(ops.i64Add, ops.globalSet);
      code.unsigned(plan.refusedElementsGlobal);
      code.put(is64 ? ops.i64Const : ops.i32Const, 0x7f, ops.return);
    },
    delta,
  );
  writePay(code, plan, delta);
  code.put(ops.localGet, 0, ops.localGet, 1, 0xfc, 15);
  code.unsigned(table);
  code.put(ops.end);
  return code.view();
}

/** With the sum and the growth on the stack: does `refuse` when together, or the growth alone, they pass `bound`. */
function writeRefusal(code: ByteWriter, bound: number, refuse: () => void, delta: () => void): void {
  code.put(ops.i64Add, ops.i64Const);
  code.signed(bound);
  code.put(ops.i64GtU);
  // A growth so large that the sum wraps around is refused by itself.
  delta();
  code.put(ops.i64Const);
  code.signed(bound);
  code.put(ops.i64GtU, 0x72, ops.if, EMPTY);
  refuse();
  code.put(ops.end);
}

function writePay(code: ByteWriter, plan: Plan, amount: () => void): void {
  code.put(ops.globalGet);
  code.unsigned(plan.fuelGlobal);
  amount();
  code.put(ops.i64Sub, ops.globalSet);
  code.unsigned(plan.fuelGlobal);
  code.put(ops.globalGet);
  code.unsigned(plan.fuelGlobal);
  code.put(ops.i64Const, 0, ops.i64LtS, ops.if, EMPTY, ops.globalGet);
  code.unsigned(plan.fuelGlobal);
  code.put(ops.call);
  code.unsigned(plan.slowFunction);
  code.put(ops.globalSet);
  code.unsigned(plan.fuelGlobal);
  code.put(ops.end);
}

function sumMemories(code: ByteWriter, plan: Plan): void {
  plan.module.memories.forEach(({ limits }, index) => {
    code.put(ops.memorySize);
    code.unsigned(index);
    if (!limits.is64) code.put(ops.i64ExtendI32U);
    if (index > 0) code.put(ops.i64Add);
  });
}

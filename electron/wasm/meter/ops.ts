import { nameOf, OPERATIONS, operationOf } from '../opcodes.ts';

/** The operations that the meter treats by name. */
export const ops = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  callRef: 0x14,
  returnCallRef: 0x15,
  delegate: 0x18,
  catchAll: 0x19,
  select: 0x1b,
  tryTable: 0x1f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32GtU: 0x4b,
  i64LtS: 0x53,
  i64GtS: 0x55,
  i64GtU: 0x56,
  i64Eq: 0x51,
  i32Eq: 0x46,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
  brOnNull: 0xd5,
  brOnNonNull: 0xd6,
  brOnCast: operationOf('br_on_cast'),
  brOnCastFail: operationOf('br_on_cast_fail'),
  memoryInit: operationOf('memory.init'),
  memoryCopy: operationOf('memory.copy'),
  memoryFill: operationOf('memory.fill'),
  tableInit: operationOf('table.init'),
  tableCopy: operationOf('table.copy'),
  tableFill: operationOf('table.fill'),
  tableGrow: operationOf('table.grow'),
  arrayNew: operationOf('array.new'),
  arrayNewDefault: operationOf('array.new_default'),
  arrayNewFixed: operationOf('array.new_fixed'),
  arrayNewData: operationOf('array.new_data'),
  arrayNewElem: operationOf('array.new_elem'),
  arrayFill: operationOf('array.fill'),
  arrayCopy: operationOf('array.copy'),
  arrayInitData: operationOf('array.init_data'),
  arrayInitElem: operationOf('array.init_elem'),
} as const;

/**
 * Fuel that one execution of an instruction costs, after Wasmtime's model: 1, and 0 for those that generate no work of
 * their own. The handlers of legacy exceptions count as the `else` they resemble.
 */
export const costOf: Uint8Array = new Uint8Array(OPERATIONS).fill(1);
for (const name of [
  'nop',
  'drop',
  'block',
  'loop',
  'unreachable',
  'return',
  'else',
  'end',
  'catch',
  'catch_all',
  'delegate',
]) {
  costOf[operationOf(name)] = 0;
}
/** Fuel that entering a function costs, as Wasmtime counts it. */
export const ENTRY_COST = 1;
/** Bytes of a bulk memory operation that cost one fuel: log2. */
export const BULK_BYTES_SHIFT = 4;

/** What the meter has to do at an instruction; 0 for all that are only counted. */
export const roles = { none: 0, control: 1, call: 2, bulk: 3, grow: 4, arrayNew: 5, arrayFixed: 6, float: 7 } as const;

/** Role by operation. */
export const roleOf: Uint8Array = new Uint8Array(OPERATIONS);
const assign = (role: number, list: readonly number[]): void => {
  for (const op of list) roleOf[op] = role;
};
assign(roles.control, [
  ...[ops.unreachable, ops.block, ops.loop, ops.if, ops.else, ops.end, ops.br, ops.brIf, ops.brTable, ops.return],
  ...[ops.try, ops.catch, ops.catchAll, ops.delegate, ops.tryTable, ops.throw, ops.rethrow, ops.throwRef],
  ...[ops.brOnNull, ops.brOnNonNull, ops.brOnCast, ops.brOnCastFail],
]);
assign(roles.call, [ops.call, ops.callIndirect, ops.callRef]);
assign(roles.call, [ops.returnCall, ops.returnCallIndirect, ops.returnCallRef]);
assign(roles.bulk, [ops.memoryInit, ops.memoryCopy, ops.memoryFill, ops.tableInit, ops.tableCopy, ops.tableFill]);
assign(roles.bulk, [ops.arrayFill, ops.arrayCopy, ops.arrayInitData, ops.arrayInitElem]);
assign(roles.grow, [ops.memoryGrow, ops.tableGrow]);
assign(roles.arrayNew, [ops.arrayNew, ops.arrayNewDefault, ops.arrayNewData, ops.arrayNewElem]);
assign(roles.arrayFixed, [ops.arrayNewFixed]);

const arithmetic = 'ceil floor trunc nearest sqrt add sub mul div min max';
const shapes = ['f32', 'f64', 'f32x4', 'f64x2'] as const;
/** Instructions whose NaN results differ between machines, with the shape of the result. */
export const nanShapeOf: Uint8Array = new Uint8Array(OPERATIONS);
shapes.forEach((shape, index) => {
  for (const name of arithmetic.split(' ')) nanShapeOf[nameOf.indexOf(`${shape}.${name}`)] = index + 1;
});
for (const [name, shape] of [
  ['f32.demote_f64', 1],
  ['f64.promote_f32', 2],
  ['f32x4.demote_f64x2_zero', 3],
  ['f64x2.promote_low_f32x4', 4],
] as const) {
  nanShapeOf[operationOf(name)] = shape;
}

import { type Feature, featureIndex } from './features.ts';
import { opcodeTable } from './opcode-table.ts';

/** How the immediates of an instruction are encoded. The numbers index nothing; they only have to differ. */
export const immediates = {
  none: 0,
  block: 1,
  label: 2,
  labels: 3,
  function: 4,
  'type+table': 5,
  local: 6,
  global: 7,
  table: 8,
  memory: 9,
  memoryArgument: 10,
  atomic: 11,
  i32: 12,
  i64: 13,
  f32: 14,
  f64: 15,
  v128: 16,
  lane: 17,
  'memory+lane': 18,
  shuffle: 19,
  types: 20,
  heap: 21,
  type: 22,
  'type+field': 23,
  'type+type': 24,
  'type+data': 25,
  'type+element': 26,
  'type+count': 27,
  cast: 28,
  catches: 29,
  tag: 30,
  'data+memory': 31,
  data: 32,
  'element+table': 33,
  element: 34,
  'table+table': 35,
  'memory+memory': 36,
  zero: 37,
} as const;

/** Instructions are numbered by opcode, those behind a prefix byte by `operation(prefix, opcode)`. */
export const OPERATIONS = 0xa00;
const UNKNOWN = 255;

/** Immediate kind by operation; 255 where there is no such instruction. */
export const immediateOf: Uint8Array = new Uint8Array(OPERATIONS).fill(UNKNOWN);
/** The operand of the kind: log2 of the alignment, or the number of lanes. */
export const operandOf: Uint8Array = new Uint8Array(OPERATIONS);
/** Proposal by operation, as `featureIndex` numbers them. */
export const featureOf: Uint8Array = new Uint8Array(OPERATIONS);
/** Name in the text format by operation. */
export const nameOf: string[] = new Array<string>(OPERATIONS).fill('');

/** The number of an instruction behind one of the prefix bytes 0xfb to 0xfe. */
export function operation(prefix: number, opcode: number): number {
  return ((prefix - 0xfa) << 9) | opcode;
}

/** Whether there is such an instruction. */
export function isKnown(op: number): boolean {
  return op < OPERATIONS && immediateOf[op] !== UNKNOWN;
}

/** The operation that has this name (the first, where two opcodes share one). @throws Error when there is none */
export function operationOf(name: string): number {
  const op = nameOf.indexOf(name);
  if (op < 0) throw new Error(`no instruction is called ${name}`);
  return op;
}

/** The proposal that an opcode outside the table belongs to, where one is known to claim it. */
export function claimedBy(prefix: number, opcode: number): string | null {
  const claim = claims.find(([where, first, last]) => where === prefix && opcode >= first && opcode <= last);
  return claim?.[3] ?? null;
}

const claims: readonly (readonly [prefix: number, first: number, last: number, proposal: string])[] = [
  [0, 0xe0, 0xe7, 'stack switching'],
  [0xfb, 0x20, 0x27, 'custom descriptors'],
  [0xfb, 0x80, 0xb7, 'string references'],
  [0xfc, 0x12, 0x12, 'memory control'],
  [0xfc, 0x13, 0x16, 'wide arithmetic'],
  [0xfc, 0x30, 0x31, 'half precision'],
  [0xfd, 0x120, 0x14f, 'half precision'],
  [0xfe, 0x4f, 0x7f, 'shared-everything threads'],
];

readTable();

function readTable(): void {
  let feature = 0;
  let prefix = 0;
  for (const line of opcodeTable.trim().split('\n')) {
    if (line.startsWith('@')) feature = featureIndex(line.slice(1) as Feature);
    else if (line.startsWith('#')) prefix = Number.parseInt(line.slice(1), 16);
    else for (const entry of line.split(', ')) addInstruction(entry, prefix, feature);
  }
}

function addInstruction(entry: string, prefix: number, feature: number): void {
  const [code = '', name = '', immediate = 'none'] = entry.split(' ');
  const opcode = Number.parseInt(code, 16);
  const op = prefix === 0 ? opcode : operation(prefix, opcode);
  const [kind = '', operand] = immediate.replace('?', '').split(':');
  const isArgument = kind === 'memory' && operand !== undefined;
  immediateOf[op] = isArgument ? immediates.memoryArgument : immediates[kind as keyof typeof immediates];
  operandOf[op] = Number(operand ?? 0);
  featureOf[op] = feature;
  nameOf[op] = name;
}

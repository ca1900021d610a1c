import { Cursor } from './cursor.ts';
import { engineLimits } from './engine-limits.ts';
import { malformed, unsupported } from './error.ts';
import { featureIndex } from './features.ts';
import type { Module } from './module.ts';
import {
  claimedBy,
  featureOf,
  immediateOf,
  immediates,
  isKnown,
  nameOf,
  OPERATIONS,
  operandOf,
  operation,
} from './opcodes.ts';
import { readHeapType, readValueType } from './types.ts';

const BLOCK = 0x02;
const IF = 0x04;
const ELSE = 0x05;
const TRY = 0x06;
const CATCH = 0x07;
const END = 0x0b;
const DELEGATE = 0x18;
const CATCH_ALL = 0x19;
const TRY_TABLE = 0x1f;
const REF_FUNC = 0xd2;

const multiValue = featureIndex('multi-value');
const multiMemory = featureIndex('multi-memory');
const referenceTypes = featureIndex('reference-types');

/**
 * Walks the instructions of a function body or a constant expression. Each `next` decodes one instruction with all its
 * immediates and checks everything that does not need operand types: opcodes, index spaces, label depths, nesting,
 * alignment. Operand types are the engine's to check: no module runs without having been compiled by it, before and
 * after metering, and metering adds nothing that an ill-typed body could turn well-typed.
 */
export class CodeReader extends Cursor {
  readonly module: Module;
  /** offset of the instruction just read; `position` is behind it */
  start = 0;
  /** the instruction just read, as `operation` numbers it */
  op = 0;
  /** its first and second immediate: index, label depth, number of labels, value of an `i32.const` */
  first = 0;
  second = 0;
  /** the labels of a `br_table` (default last) or of the catches of a `try_table` */
  labels: Uint32Array = new Uint32Array(16);
  localCount = 0;
  /** open constructs, the function itself being one; 0 after the last `end` */
  depth = 0;
  #kinds = new Uint8Array(64);
  #isConstant = false;

  constructor(module: Module) {
    super(module.bytes);
    this.module = module;
  }

  /** Stands before the first instruction of a defined function, behind its local declarations. */
  openBody(index: number, onLocals?: (count: number, type: string) => void): void {
    const { module } = this;
    this.position = module.bodyStarts[index]!;
    this.end = module.bodyEnds[index]!;
    const type = module.types[module.functions[module.importedFunctions + index]!]!;
    let locals = type.kind === 'function' ? type.params.length : 0;
    const groups = this.u32();
    for (let group = 0; group < groups; group++) {
      const start = this.position;
      const count = this.u32();
      locals += count;
      if (locals > engineLimits.locals) throw malformed(`expected at most ${engineLimits.locals} locals`, start);
      const local = readValueType(this, module.types.length);
      onLocals?.(count, local);
    }
    this.localCount = locals;
    this.#isConstant = false;
    this.depth = 1;
    this.#kinds[0] = BLOCK;
  }

  /** Stands before the first instruction of a constant expression. */
  openExpression(position: number, end: number): void {
    this.position = position;
    this.end = end;
    this.localCount = 0;
    this.#isConstant = true;
    this.depth = 1;
    this.#kinds[0] = BLOCK;
  }

  /** Reads one instruction; false when the body ended with the one before. */
  next(): boolean {
    const start = this.position;
    if (this.depth === 0) {
      if (start !== this.end) throw malformed('expected the body to end with its last end', start);
      return false;
    }
    this.start = start;
    let op = this.byte();
    if (op >= 0xfb) op = this.#prefixed(op);
    this.op = op;
    const kind = immediateOf[op]!;
    if (kind === 255) throw unknownInstruction(0, op, start);
    const { firstOffset } = this.module.features;
    const feature = featureOf[op]!;
    if (firstOffset[feature]! < 0) firstOffset[feature] = start;
    if (kind === immediates.none) {
      if (op <= CATCH_ALL) this.#nest(op);
    } else this.#readImmediates(kind, op);
    return true;
  }

  #prefixed(prefix: number): number {
    const start = this.position - 1;
    if (prefix === 0xff) throw unknownInstruction(0, prefix, start);
    const opcode = this.u32();
    const op = operation(prefix, opcode);
    if (opcode >= 0x200 || op >= OPERATIONS || !isKnown(op)) throw unknownInstruction(prefix, opcode, start);
    return op;
  }

  #readImmediates(kind: number, op: number): void {
    const { module } = this;
    switch (kind) {
      case immediates.local:
        this.first = this.#index(this.localCount, 'local');
        return;
      case immediates.i32:
        this.first = this.s32();
        return;
      case immediates.memoryArgument:
      case immediates.atomic:
        this.#memoryArgument(kind, operandOf[op]!);
        return;
      case immediates.block:
        this.#blockType();
        this.#push(op);
        return;
      case immediates.label:
        this.#label(op);
        return;
      case immediates.labels:
        this.#labelVector();
        return;
      case immediates.function:
        this.first = this.#index(module.functions.length, 'function');
        if (op === REF_FUNC) this.#refer(this.first);
        return;
      case immediates.global:
        this.first = this.#index(module.globals.length, 'global');
        return;
      case immediates.i64:
        this.#skipSigned64();
        return;
      case immediates.f32:
        this.skip(4);
        return;
      case immediates.f64:
        this.skip(8);
        return;
      default:
        this.#readRareImmediates(kind, op);
    }
  }

  #readRareImmediates(kind: number, op: number): void {
    switch (kind) {
      case immediates['type+table']:
        this.first = this.#type();
        this.second = this.#table();
        return;
      case immediates.memory:
        this.first = this.#memory();
        return;
      case immediates.table:
        this.first = this.#table();
        return;
      case immediates.types:
        this.#selectTypes();
        return;
      case immediates.heap:
        readHeapType(this, this.module.types.length);
        return;
      case immediates.tag:
        this.first = this.#index(this.module.tags.length, 'tag');
        if (op === CATCH) this.#nest(op);
        return;
      case immediates.catches:
        this.#catches();
        return;
      case immediates.zero:
        if (this.byte() !== 0) throw unsupported('shared-everything threads', this.position - 1);
        return;
      default:
        this.#readSimdImmediates(kind, op);
    }
  }

  #readSimdImmediates(kind: number, op: number): void {
    switch (kind) {
      case immediates.v128:
        this.skip(16);
        return;
      case immediates.lane:
        this.first = this.#lane(operandOf[op]!);
        return;
      case immediates['memory+lane']:
        this.#memoryArgument(kind, operandOf[op]!);
        this.second = this.#lane(16 >> operandOf[op]!);
        return;
      case immediates.shuffle:
        for (let lane = 0; lane < 16; lane++) this.#lane(32);
        return;
      default:
        this.#readBulkImmediates(kind);
    }
  }

  #readBulkImmediates(kind: number): void {
    switch (kind) {
      case immediates['data+memory']:
        this.first = this.#data();
        this.second = this.#memory();
        return;
      case immediates.data:
        this.first = this.#data();
        return;
      case immediates['element+table']:
        this.first = this.#element();
        this.second = this.#table();
        return;
      case immediates.element:
        this.first = this.#element();
        return;
      case immediates['table+table']:
        this.first = this.#table();
        this.second = this.#table();
        return;
      case immediates['memory+memory']:
        this.first = this.#memory();
        this.second = this.#memory();
        return;
      default:
        this.#readAggregateImmediates(kind);
    }
  }

  #readAggregateImmediates(kind: number): void {
    if (kind === immediates.cast) {
      const flags = this.byte();
      if (flags > 3) throw malformed('expected cast flags 0 to 3', this.position - 1);
      this.first = this.#index(this.depth, 'label');
      readHeapType(this, this.module.types.length);
      readHeapType(this, this.module.types.length);
      return;
    }
    this.first = this.#type();
    if (kind === immediates['type+field']) this.second = this.#field(this.first);
    else if (kind === immediates['type+type']) this.second = this.#type();
    else if (kind === immediates['type+data']) this.second = this.#data();
    else if (kind === immediates['type+element']) this.second = this.#element();
    else if (kind === immediates['type+count']) {
      this.second = this.#index(engineLimits.arrayNewFixed + 1, 'length');
    }
  }

  /** Code may only name functions that something before it has named, a start function not among them. */
  #refer(index: number): void {
    const { referencedFunctions } = this.module;
    if (this.#isConstant) referencedFunctions.add(index);
    else if (!referencedFunctions.has(index)) throw malformed(`undeclared reference to function ${index}`, this.start);
  }

  #index(bound: number, what: string): number {
    const start = this.position;
    const index = this.u32();
    if (index >= bound) throw malformed(`expected a ${what} below ${bound}, found ${index}`, start);
    return index;
  }

  #type(): number {
    return this.#index(this.module.types.length, 'type index');
  }

  #table(): number {
    const start = this.position;
    const index = this.#index(this.module.tables.length, 'table');
    if (index !== 0) this.module.features.note(referenceTypes, start);
    return index;
  }

  #memory(): number {
    const start = this.position;
    const index = this.#index(this.module.memories.length, 'memory');
    if (index !== 0) this.module.features.note(multiMemory, start);
    return index;
  }

  #element(): number {
    return this.#index(this.module.elementSegments, 'element segment');
  }

  #data(): number {
    if (!this.module.hasDataCount) throw malformed('expected a data count section before this use', this.position);
    return this.#index(this.module.dataSegments, 'data segment');
  }

  #lane(bound: number): number {
    const lane = this.byte();
    if (lane >= bound) throw malformed(`expected a lane below ${bound}, found ${lane}`, this.position - 1);
    return lane;
  }

  #field(type: number): number {
    const definition = this.module.types[type]!;
    return this.#index(definition.kind === 'struct' ? definition.fields.length : 0, 'field');
  }

  #memoryArgument(kind: number, alignment: number): void {
    const start = this.position;
    const flags = this.u32();
    if (flags >= 0x80) throw malformed('expected a memory argument', start);
    const found = flags & 0x3f;
    if (kind === immediates.atomic ? found !== alignment : found > alignment) {
      const bound = kind === immediates.atomic ? '' : 'at most ';
      throw malformed(`expected an alignment of ${bound}2^${alignment}, found 2^${found}`, start);
    }
    let memory = 0;
    if (flags & 0x40) memory = this.#memory();
    else if (this.module.memories.length === 0) throw malformed('expected a memory, the module has none', start);
    this.first = memory;
    if (this.module.memories[memory]!.limits.is64) this.#skipUnsigned64();
    else this.u32();
  }

  #skipUnsigned64(): void {
    for (let count = 0; count < 9; count++) if (this.byte() < 0x80) return;
    if (this.byte() > 1) throw malformed('expected an unsigned LEB128 of 64 bits', this.position - 1);
  }

  #skipSigned64(): void {
    for (let count = 0; count < 9; count++) if (this.byte() < 0x80) return;
    const last = this.byte();
    if (last !== 0 && last !== 0x7f) throw malformed('expected a signed LEB128 of 64 bits', this.position - 1);
  }

  #blockType(): void {
    const code = this.bytes[this.position] ?? 0;
    if (code === 0x40) this.byte();
    else if (code > 0x40 && code < 0x80) readValueType(this, this.module.types.length);
    else {
      const start = this.position;
      const index = this.s33();
      if (index < 0 || index >= this.module.types.length) throw malformed('expected a block type', start);
      this.module.features.note(multiValue, start);
    }
  }

  #label(op: number): void {
    // The label of a delegate counts from outside its try.
    if (op === DELEGATE) this.#nest(op);
    this.first = this.#index(this.depth, 'label');
  }

  #labelVector(): void {
    const start = this.position;
    const count = this.u32();
    if (count > engineLimits.branchTargets) {
      throw malformed(`expected at most ${engineLimits.branchTargets} branch targets`, start);
    }
    this.#reserveLabels(count + 1);
    for (let i = 0; i <= count; i++) this.labels[i] = this.#index(this.depth, 'label');
    this.first = count + 1;
  }

  #catches(): void {
    this.#blockType();
    const count = this.u32();
    this.#reserveLabels(Math.min(count, this.end - this.position));
    for (let i = 0; i < count; i++) {
      const kind = this.byte();
      if (kind > 3) throw malformed('expected a catch of kind 0 to 3', this.position - 1);
      if (kind < 2) this.#index(this.module.tags.length, 'tag');
      this.labels[i] = this.#index(this.depth, 'label');
    }
    this.first = count;
    this.#push(TRY_TABLE);
  }

  #reserveLabels(count: number): void {
    if (count > this.labels.length) this.labels = new Uint32Array(count * 2);
  }

  #selectTypes(): void {
    if (this.u32() !== 1) throw malformed('expected one type for select', this.position - 1);
    readValueType(this, this.module.types.length);
  }

  #push(kind: number): void {
    if (this.depth === this.#kinds.length) {
      const grown = new Uint8Array(this.depth * 2);
      grown.set(this.#kinds);
      this.#kinds = grown;
    }
    this.#kinds[this.depth++] = kind;
  }

  #nest(op: number): void {
    const top = this.#kinds[this.depth - 1]!;
    if (op === END) this.depth--;
    else if (op === ELSE) this.#reopen(op, top === IF);
    else if (op === CATCH || op === CATCH_ALL) this.#reopen(op, top === TRY || top === CATCH);
    else if (op === DELEGATE) {
      this.#reopen(op, top === TRY);
      this.depth--;
    }
  }

  #reopen(op: number, isAllowed: boolean): void {
    if (!isAllowed) throw malformed(`unexpected ${nameOf[op]}`, this.start);
    this.#kinds[this.depth - 1] = op;
  }

  /** The opcode that opened the construct `label` levels out (`else` and `catch` stand for their openers). */
  kindOf(label: number): number {
    return this.#kinds[this.depth - 1 - label] ?? BLOCK;
  }
}

function unknownInstruction(prefix: number, opcode: number, offset: number): Error {
  const claim = claimedBy(prefix, opcode);
  if (claim !== null) return unsupported(claim, offset);
  const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;
  const name = prefix === 0 ? hex(opcode) : `${hex(prefix)} ${hex(opcode)}`;
  return malformed(`expected an instruction, found ${name}`, offset);
}

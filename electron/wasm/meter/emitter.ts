import { ByteWriter } from '../byte-writer.ts';
import { engineLimits } from '../engine-limits.ts';
import type { Module } from '../module.ts';
import { encodeValueType, type ValueType } from '../types.ts';
import type { CallKind, EventList } from './events.ts';
import type { Flow } from './flow.ts';
import { type Hints, type HintWriter, UNLIKELY } from './hints.ts';
import { writeCanonicalNan } from './nan.ts';
import { NOWHERE, type OffsetMap } from './offsets.ts';
import { BULK_BYTES_SHIFT, nanShapeOf, ops, roleOf, roles } from './ops.ts';
import { type Plan, tooLarge } from './plan.ts';

/**
 * Where a body keeps its fuel: in the global; in a local, written back wherever somebody could look (worth it where a
 * loop makes no call); in a local that comes as a last parameter and goes back as a last result, so that small functions
 * call each other without touching memory; nowhere, when its callers pay for it; or in the copy that it forwards to.
 */
export type FuelPlace = 'global' | 'local' | 'threaded' | 'callers' | 'forwarded';

/** What is asked of one body. */
export type BodyForm = {
  readonly place: FuelPlace;
  readonly checksEntry: boolean;
  /** wraps tight loops so that the call of the host stands outside of them */
  readonly wrapsLoops: boolean;
};

/** The stand-ins that a body calls. */
export type Replacements = {
  /** the kind of a call; `first` is the function of a direct call, the type of any other */
  callKind(op: number, first: number): CallKind;
  /** the function to call instead of this one */
  callee(index: number): number;
  growMemory(memory: number): number;
  growTable(table: number): number;
};

const EMPTY = 0x40;
const I32 = 0x7f;
const I64 = 0x7e;

/** Writes metered bodies. */
export class Emitter {
  readonly code: ByteWriter = new ByteWriter(1 << 16);
  readonly #plan: Plan;
  readonly #module: Module;
  readonly #replacements: Replacements;
  readonly #offsets: OffsetMap;
  readonly #hintWriter: HintWriter;
  readonly #getGlobal: Uint8Array;
  readonly #setGlobal: Uint8Array;
  readonly #body = new ByteWriter(1 << 12);
  readonly #hintOffsets: number[] = [];
  readonly #hintValues: number[] = [];
  #ownHints: Hints | undefined;
  #ownStart = 0;
  #copied = 0;
  #place: FuelPlace = 'global';
  #fuelLocal = 0;
  #lengthLocal = 0;
  #wideLengthLocal = 0;
  #nanLocal = 0;
  /** the fuel lives in `#fuelLocal` */
  #isHeld = false;
  #depth = 0;
  /** depth of the wrapped loop that is open, or -1 */
  #wrapped = -1;

  constructor(plan: Plan, replacements: Replacements, offsets: OffsetMap, hintWriter: HintWriter) {
    this.#plan = plan;
    this.#module = plan.module;
    this.#replacements = replacements;
    this.#offsets = offsets;
    this.#hintWriter = hintWriter;
    this.#getGlobal = sequence(ops.globalGet, plan.fuelGlobal);
    this.#setGlobal = sequence(ops.globalSet, plan.fuelGlobal);
  }

  /** Appends the body of defined function `index` to `code`, with its size in front; `as` is the index it will have. */
  emit(index: number, as: number, events: EventList, flow: Flow, form: BodyForm, hints: Hints | undefined): number {
    const firstRun = this.#offsets.length;
    this.#body.length = 0;
    this.#hintOffsets.length = 0;
    this.#hintValues.length = 0;
    this.#ownHints = hints;
    this.#ownStart = this.#module.bodyStarts[index]!;
    this.#place = form.place;
    this.#isHeld = form.place === 'local' || form.place === 'threaded';
    this.#depth = 1;
    this.#wrapped = -1;
    if (form.place === 'forwarded') this.#forward(index, as);
    else {
      this.#writeLocals(events, index, form);
      this.#copied = events.bodyStart;
      this.#writeEntry(index, flow.charge[0]!, form);
      for (let event = 0; event < events.length; event++) this.#emitEvent(events, event, flow, form);
    }
    const size = this.#body.length;
    this.code.unsigned(size);
    this.#offsets.shift(firstRun, this.code.length);
    this.code.append(this.#body.view());
    this.#hintWriter.addFunction(as, this.#hintOffsets, this.#hintValues);
    return size;
  }

  /** A body that hands its arguments and the fuel to the copy that does the work. */
  #forward(index: number, as: number): void {
    const body = this.#body;
    body.byte(0);
    this.#offsets.add(body.length, NOWHERE, 0);
    const type = this.#functionType(index);
    type.params.forEach((_, param) => {
      body.put(ops.localGet);
      body.unsigned(param);
    });
    this.#getFuelGlobal();
    body.put(ops.call);
    body.unsigned(this.#replacements.callee(as));
    this.#setFuelGlobal();
    body.put(ops.end);
  }

  #functionType(index: number): { readonly params: readonly ValueType[]; readonly results: readonly ValueType[] } {
    const type = this.#module.types[this.#module.functions[this.#module.importedFunctions + index]!]!;
    return type.kind === 'function' ? type : { params: [], results: [] };
  }

  #writeLocals(events: EventList, index: number, { place, checksEntry }: BodyForm): void {
    const body = this.#body;
    const groups: number[][] = [];
    let next = events.localCount;
    this.#fuelLocal = next;
    if (place === 'threaded') {
      this.#fuelLocal = this.#functionType(index).params.length;
      next++;
    }
    if (place === 'local' || (place === 'global' && checksEntry)) {
      groups.push([1, I64]);
      next++;
    }
    if (events.hasLengths) {
      groups.push([1, I32], [1, I64]);
      this.#lengthLocal = next++;
      this.#wideLengthLocal = next++;
    }
    if (events.hasFloats) {
      groups.push([1, 0x7d], [1, 0x7c], [1, 0x7b]);
      this.#nanLocal = next;
    }
    if (next + (events.hasFloats ? 3 : 0) > engineLimits.locals) {
      throw tooLarge('locals', engineLimits.locals, this.#ownStart);
    }
    const { bytes } = this.#module;
    let groupStart = this.#module.bodyStarts[index]!;
    while (bytes[groupStart]! >= 0x80) groupStart++;
    body.unsigned(events.localGroups + groups.length);
    body.copy(bytes, groupStart + 1, events.bodyStart);
    for (const group of groups) body.put(...group);
  }

  #writeEntry(index: number, charge: number, { place, checksEntry }: BodyForm): void {
    if (place === 'callers') return;
    const body = this.#body;
    if (this.#isHeld) {
      if (place === 'threaded') this.#pay(charge);
      else {
        this.#getFuelGlobal();
        this.#subtract(charge);
        body.put(ops.localSet);
        body.unsigned(this.#fuelLocal);
      }
      if (checksEntry) this.#checkLocal();
      // The function's own label becomes this block's, so every way out passes the write-back behind it.
      body.put(ops.block);
      this.#writeResultType(index);
    } else if (checksEntry) {
      this.#getFuelGlobal();
      this.#subtract(charge);
      body.put(ops.localTee);
      body.unsigned(this.#fuelLocal);
      this.#setFuelGlobal();
      this.#checkGlobal(true);
    } else this.#pay(charge);
  }

  #writeResultType(index: number): void {
    const { results } = this.#functionType(index);
    if (results.length === 0) this.#body.put(EMPTY);
    else if (results.length === 1) this.#body.put(...encodeValueType(results[0]!));
    else this.#body.signed(this.#plan.functionType([], results));
  }

  #emitEvent(events: EventList, event: number, flow: Flow, form: BodyForm): void {
    const op = events.op[event]!;
    const isReached = flow.isReached[event] === 1;
    switch (roleOf[op]!) {
      case roles.control:
        this.#emitControl(events, event, op, isReached, flow, form);
        break;
      case roles.call:
        this.#emitCall(events, event, op, isReached);
        break;
      case roles.bulk:
      case roles.arrayNew:
        if (isReached) this.#emitLength(events, event, op);
        break;
      case roles.grow:
        this.#emitGrow(events, event, op, isReached);
        break;
      case roles.none:
        this.#emitPlain(events, event, op);
        break;
      default:
    }
    const charge = flow.charge[event + 1]!;
    if (charge === 0 || this.#place === 'callers') return;
    this.#copyTo(events.end[event]!);
    this.#pay(charge);
  }

  #emitPlain(events: EventList, event: number, op: number): void {
    if (op >= ops.localGet && op <= ops.localTee) {
      // The fuel has come between the parameters and the locals.
      const local = events.first[event]!;
      if (local < this.#fuelLocal) return;
      this.#replace(events, event);
      this.#body.put(op);
      this.#body.unsigned(local + 1);
      return;
    }
    this.#copyTo(events.end[event]!);
    writeCanonicalNan(this.#body, nanShapeOf[op]!, this.#nanLocal);
  }

  #emitControl(events: EventList, event: number, op: number, isReached: boolean, flow: Flow, form: BodyForm): void {
    switch (op) {
      case ops.block:
      case ops.try:
      case ops.tryTable:
        this.#depth++;
        return;
      case ops.if:
        this.#depth++;
        this.#keepHint(events, event);
        return;
      case ops.loop:
        this.#openLoop(events, event, isReached, form);
        return;
      case ops.end:
        this.#close(events, event, flow);
        return;
      case ops.delegate:
        this.#depth--;
        return;
      case ops.br:
      case ops.brIf:
      case ops.brTable:
      case ops.brOnNull:
      case ops.brOnNonNull:
      case ops.brOnCast:
      case ops.brOnCastFail:
        this.#emitBranch(events, event, op);
        return;
      case ops.return:
      case ops.unreachable:
      case ops.throw:
      case ops.throwRef:
      case ops.rethrow:
        // A return gives the fuel back even where it is never reached: its type has to fit.
        if (!this.#isHeld || !(isReached || (op === ops.return && this.#place === 'threaded'))) return;
        this.#copyTo(events.start[event]!);
        if (op === ops.return) this.#handBack();
        else this.#writeBack();
        return;
      default:
    }
  }

  #openLoop(events: EventList, event: number, isReached: boolean, form: BodyForm): void {
    const start = events.start[event]!;
    const end = events.end[event]!;
    this.#depth++;
    if (!isReached || this.#place === 'callers') return;
    if (!form.wrapsLoops || !this.#isHeld || events.isTight[event] === 0) {
      this.#copyTo(end);
      this.#check();
      return;
    }
    this.#copyTo(start);
    this.#body.copy(this.#module.bytes, start, end);
    this.#checkLocal();
    this.#copyTo(end);
    this.#testLocal();
    this.#hint(UNLIKELY);
    this.#body.put(ops.brIf, 1);
    this.#wrapped = this.#depth;
  }

  #close(events: EventList, event: number, flow: Flow): void {
    const elseCharge = flow.elseCharge[event]!;
    if (elseCharge !== 0 && this.#place !== 'callers') {
      this.#copyTo(events.start[event]!);
      this.#body.put(ops.else);
      this.#pay(elseCharge);
    }
    if (this.#wrapped === this.#depth) {
      this.#copyTo(events.end[event]!);
      this.#body.put(ops.end);
      this.#wrapped = -1;
    }
    this.#depth--;
    if (this.#depth > 0) return;
    this.#copyTo(events.end[event]!);
    if (!this.#isHeld) return;
    this.#handBack();
    this.#body.put(ops.end);
  }

  #emitBranch(events: EventList, event: number, op: number): void {
    const start = events.start[event]!;
    if (op === ops.brIf) this.#keepHint(events, event);
    // Labels that leave the wrapped loop pass its wrapper too.
    const bound = this.#wrapped < 0 ? Number.POSITIVE_INFINITY : this.#depth - this.#wrapped + 1;
    if (op === ops.brTable) {
      const from = events.labelStart[event]!;
      const to = events.labelStart[event + 1]!;
      if (bound === Number.POSITIVE_INFINITY) return;
      this.#replace(events, event);
      this.#body.put(op);
      this.#body.unsigned(to - from - 1);
      for (let i = from; i < to; i++) this.#writeLabel(events.labels[i]!, bound);
      return;
    }
    const label = events.first[event]!;
    if (label < bound) return;
    let at = start + 1;
    if (op === ops.brOnCast || op === ops.brOnCastFail) at = this.#skipLeb(at) + 1;
    this.#copyTo(at);
    this.#writeLabel(label, bound);
    this.#copied = this.#skipLeb(at);
  }

  #writeLabel(label: number, bound: number): void {
    this.#body.unsigned(label < bound ? label : label + 1);
  }

  #skipLeb(at: number): number {
    let end = at;
    while (this.#module.bytes[end]! >= 0x80) end++;
    return end + 1;
  }

  #emitCall(events: EventList, event: number, op: number, isReached: boolean): void {
    const callee = events.first[event]!;
    const isDirect = op === ops.call || op === ops.returnCall;
    const kind = this.#replacements.callKind(op, callee);
    if (kind === 'quiet' && op === ops.call && isReached) {
      this.#emitQuietCall(events, event, callee);
      return;
    }
    const isTail = op === ops.returnCall || op === ops.returnCallIndirect || op === ops.returnCallRef;
    const mustShow = isReached && this.#isHeld && (kind !== 'free' || isTail);
    if (mustShow) {
      this.#copyTo(events.start[event]!);
      this.#writeBack();
    }
    const target = kind === 'free' && isDirect ? this.#replacements.callee(callee) : callee;
    if (target !== callee) {
      this.#replace(events, event);
      this.#body.put(op);
      this.#body.unsigned(target);
    }
    if (!mustShow || isTail) return;
    this.#copyTo(events.end[event]!);
    this.#readBack();
  }

  /** Hands the fuel to the callee behind its arguments, and takes it back from above its results. */
  #emitQuietCall(events: EventList, event: number, callee: number): void {
    const body = this.#body;
    this.#copyTo(events.start[event]!);
    if (this.#isHeld) {
      body.put(ops.localGet);
      body.unsigned(this.#fuelLocal);
    } else this.#getFuelGlobal();
    this.#replace(events, event);
    body.put(ops.call);
    body.unsigned(this.#replacements.callee(callee));
    if (this.#isHeld) {
      body.put(ops.localSet);
      body.unsigned(this.#fuelLocal);
    } else this.#setFuelGlobal();
  }

  #emitGrow(events: EventList, event: number, op: number, isReached: boolean): void {
    const holdsLocal = isReached && this.#isHeld;
    if (holdsLocal) {
      this.#copyTo(events.start[event]!);
      this.#writeBack();
    }
    const index = events.first[event]!;
    this.#replace(events, event);
    this.#body.put(ops.call);
    const { growMemory, growTable } = this.#replacements;
    this.#body.unsigned(op === ops.memoryGrow ? growMemory(index) : growTable(index));
    if (holdsLocal) this.#readBack();
  }

  /** With the length on top of the stack: pays for it, and only then lets the instruction run. */
  #emitLength(events: EventList, event: number, op: number): void {
    const isWide = this.#hasWideLength(op, events.first[event]!, events.second[event]!);
    const local = isWide ? this.#wideLengthLocal : this.#lengthLocal;
    const body = this.#body;
    this.#copyTo(events.start[event]!);
    body.put(ops.localTee);
    body.unsigned(local);
    if (roleOf[op] === roles.arrayNew) this.#refuseLargeArray(events.first[event]!);
    if (this.#isHeld) {
      body.put(ops.localGet);
      body.unsigned(this.#fuelLocal);
    } else this.#getFuelGlobal();
    body.put(ops.localGet);
    body.unsigned(local);
    if (!isWide) body.put(ops.i64ExtendI32U);
    if (op === ops.memoryInit || op === ops.memoryCopy || op === ops.memoryFill) {
      body.put(ops.i64Const, BULK_BYTES_SHIFT, ops.i64ShrU);
    }
    body.put(ops.i64Sub);
    if (this.#isHeld) {
      body.put(ops.localSet);
      body.unsigned(this.#fuelLocal);
    } else this.#setFuelGlobal();
    this.#check();
  }

  #refuseLargeArray(type: number): void {
    const body = this.#body;
    const limit = this.#plan.arrayLimit(type);
    if (limit > 0xffff_ffff) return;
    body.put(ops.localGet);
    body.unsigned(this.#lengthLocal);
    body.put(ops.i32Const);
    body.signed(limit | 0);
    body.put(ops.i32GtU);
    this.#hint(UNLIKELY);
    body.put(ops.if, EMPTY, ops.localGet);
    body.unsigned(this.#lengthLocal);
    body.put(ops.i64ExtendI32U, ops.i64Const);
    body.signed(this.#plan.elementBytes(type));
    body.put(0x7e, ops.globalSet);
    body.unsigned(this.#plan.refusedGlobal);
    if (this.#isHeld) this.#writeBack();
    body.put(ops.unreachable, ops.end);
  }

  #hasWideLength(op: number, first: number, second: number): boolean {
    const { memories, tables } = this.#module;
    if (op === ops.memoryFill) return memories[first]!.limits.is64;
    if (op === ops.memoryCopy) return memories[first]!.limits.is64 && memories[second]!.limits.is64;
    if (op === ops.tableFill) return tables[first]!.limits.is64;
    if (op === ops.tableCopy) return tables[first]!.limits.is64 && tables[second]!.limits.is64;
    return false;
  }

  #pay(amount: number): void {
    if (amount === 0) return;
    if (this.#isHeld) {
      this.#body.byte(ops.localGet);
      this.#body.unsigned(this.#fuelLocal);
      this.#subtract(amount);
      this.#body.byte(ops.localSet);
      this.#body.unsigned(this.#fuelLocal);
      return;
    }
    this.#getFuelGlobal();
    this.#subtract(amount);
    this.#setFuelGlobal();
  }

  #subtract(amount: number): void {
    if (amount === 0) return;
    this.#body.byte(ops.i64Const);
    this.#body.signed(amount);
    this.#body.byte(ops.i64Sub);
  }

  #check(): void {
    if (this.#isHeld) this.#checkLocal();
    else this.#checkGlobal(false);
  }

  #checkLocal(): void {
    this.#testLocal();
    this.#hint(UNLIKELY);
    this.#body.put(ops.if, EMPTY, ops.localGet);
    this.#body.unsigned(this.#fuelLocal);
    this.#callSlow();
    this.#body.put(ops.localSet);
    this.#body.unsigned(this.#fuelLocal);
    this.#body.put(ops.end);
  }

  #checkGlobal(isInLocal: boolean): void {
    if (isInLocal) this.#testLocal();
    else {
      this.#getFuelGlobal();
      this.#body.put(ops.i64Const, 0, ops.i64LtS);
    }
    this.#hint(UNLIKELY);
    this.#body.put(ops.if, EMPTY);
    this.#getFuelGlobal();
    this.#callSlow();
    this.#setFuelGlobal();
    this.#body.put(ops.end);
  }

  #testLocal(): void {
    this.#body.put(ops.localGet);
    this.#body.unsigned(this.#fuelLocal);
    this.#body.put(ops.i64Const, 0, ops.i64LtS);
  }

  #callSlow(): void {
    this.#body.put(ops.call);
    this.#body.unsigned(this.#plan.slowFunction);
  }

  #writeBack(): void {
    this.#body.put(ops.localGet);
    this.#body.unsigned(this.#fuelLocal);
    this.#setFuelGlobal();
  }

  /** What a body does with its fuel when it returns. */
  #handBack(): void {
    if (this.#place !== 'threaded') this.#writeBack();
    else {
      this.#body.put(ops.localGet);
      this.#body.unsigned(this.#fuelLocal);
    }
  }

  #readBack(): void {
    this.#getFuelGlobal();
    this.#body.put(ops.localSet);
    this.#body.unsigned(this.#fuelLocal);
  }

  #getFuelGlobal(): void {
    this.#body.append(this.#getGlobal);
  }

  #setFuelGlobal(): void {
    this.#body.append(this.#setGlobal);
  }

  /** Marks the branch that is written next. */
  #hint(value: number): void {
    this.#hintOffsets.push(this.#body.length);
    this.#hintValues.push(value);
  }

  #keepHint(events: EventList, event: number): void {
    const value = this.#ownHints?.get(events.start[event]! - this.#ownStart);
    if (value === undefined) return;
    this.#copyTo(events.start[event]!);
    this.#hint(value);
  }

  #copyTo(offset: number): void {
    if (offset <= this.#copied) return;
    this.#offsets.add(this.#body.length, this.#copied, offset - this.#copied);
    this.#body.copy(this.#module.bytes, this.#copied, offset);
    this.#copied = offset;
  }

  /** Leaves out the instruction, for which the caller writes another. */
  #replace(events: EventList, event: number): void {
    this.#copyTo(events.start[event]!);
    this.#offsets.add(this.#body.length, events.start[event]!, 1);
    this.#copied = events.end[event]!;
  }
}

function sequence(op: number, index: number): Uint8Array {
  const out = new ByteWriter(8);
  out.byte(op);
  out.unsigned(index);
  return out.view();
}

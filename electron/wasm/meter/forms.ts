import { CodeReader } from '../code-reader.ts';
import type { Module } from '../module.ts';
import type { TypeDefinition } from '../types.ts';
import type { BodyForm } from './emitter.ts';
import { type CallKind, EventList } from './events.ts';
import { type Callees, Flow } from './flow.ts';
import { ops } from './ops.ts';
import type { Copy, Plan } from './plan.ts';

/** Chooses how each function is metered, and who pays for a call. */
export type FormChooser = Callees & {
  readonly isSimple: boolean;
  formOf(functionIndex: number, events: EventList): BodyForm;
  /** the kind of a call; `first` is the function of a direct call, the type of any other */
  callKind(op: number, first: number): CallKind;
  /** the function that a direct call of that kind goes to */
  calleeOf(functionIndex: number): number;
};

/** Bodies beyond this many bytes are not looked at ahead: what is won at a call is little against such a body. */
const SMALL_BODY = 512;
/** The most that a body may cost for its callers to pay: between two checks only so much can go unseen. */
const MAX_FREE_COST = 256;
/** Calls in calls that callers may pay for. */
const FREE_LEVELS = 3;

const paidByCallers: BodyForm = { place: 'callers', checksEntry: false, wrapsLoops: false };
const forwarding: BodyForm = { place: 'forwarded', checksEntry: false, wrapsLoops: false };
/** Parameters from which on the fuel would no longer be passed in a register. */
const MANY_PARAMS = 5;

/** Every function counts for itself, in the global, and checks at its entry and at every loop. */
export function simpleForms(): FormChooser {
  const form: BodyForm = { place: 'global', checksEntry: true, wrapsLoops: false };
  return {
    isSimple: true,
    formOf: () => form,
    callKind: () => 'loud',
    calleeOf: (index) => index,
    freeCost: () => -1,
    indirectCost: () => -1,
    isClosed: () => false,
  };
}

/** Each function in the cheapest form that counts the same. */
export function fastForms(plan: Plan): FormChooser {
  return new FastForms(plan);
}

class FastForms implements FormChooser {
  readonly isSimple = false;
  readonly #plan: Plan;
  /** what the callers of a function pay for its body, -1 where it pays itself; by function index */
  readonly #freeCost: Int16Array;
  readonly #isClosed: Uint8Array;
  /** functions that take the fuel as a last parameter and give it back as a last result */
  readonly #isThreaded: Uint8Array;
  readonly #isReferenced: (index: number) => boolean;
  /** what callers through a table or a reference pay for the body, -1 where it pays itself; by type index */
  readonly #indirectCost: Int16Array;
  readonly #copies = new Map<number, number>();
  #areTablesClosed = false;

  constructor(plan: Plan) {
    const { module } = plan;
    this.#plan = plan;
    this.#freeCost = new Int16Array(module.functions.length).fill(-1);
    this.#isClosed = new Uint8Array(module.functions.length);
    this.#isThreaded = new Uint8Array(module.functions.length);
    this.#indirectCost = new Int16Array(module.types.length).fill(-1);
    this.#isReferenced = (index) =>
      (module.referencedFunctions.has(index) && this.#indirectCost[module.functions[index]!]! < 0) ||
      module.start === index;
    this.#lookAhead();
  }

  freeCost(callee: number): number {
    return this.#freeCost[callee]!;
  }

  indirectCost(type: number): number {
    return this.#indirectCost[type]!;
  }

  isClosed(op: number, callee: number): boolean {
    if (op === ops.call) return this.#isClosed[callee] === 1;
    return op === ops.callIndirect && this.#areTablesClosed;
  }

  callKind(op: number, first: number): CallKind {
    if (op === ops.call || op === ops.returnCall) return this.#kindOf(first);
    return this.#indirectCost[first]! >= 0 ? 'free' : 'loud';
  }

  #kindOf(functionIndex: number): CallKind {
    if (this.#freeCost[functionIndex]! >= 0) return 'free';
    return this.#isThreaded[functionIndex] === 1 ? 'quiet' : 'loud';
  }

  formOf(functionIndex: number, events: EventList): BodyForm {
    const copy = this.#plan.addedFunctions[functionIndex - this.#plan.slowFunction]?.body;
    if (copy !== undefined && 'copyOf' in copy) {
      if (copy.place === 'callers') return paidByCallers;
      return { place: 'threaded', checksEntry: events.hasCall, wrapsLoops: true };
    }
    const kind = this.#kindOf(functionIndex);
    if (kind === 'quiet') return forwarding;
    if (kind === 'free' && !this.#isReferenced(functionIndex)) return paidByCallers;
    return {
      // An exception would arrive with a local that is out of date.
      place: events.tightLoops > 0 && !events.hasExceptions ? 'local' : 'global',
      // Without calls a body comes back by itself, or meets the check of a loop.
      checksEntry: events.hasCall,
      wrapsLoops: true,
    };
  }

  calleeOf(functionIndex: number): number {
    const kind = this.#kindOf(functionIndex);
    // Whoever else can call a function needs one that pays for itself, so those who pay or pass fuel get a copy.
    if (kind === 'loud' || (kind === 'free' && !this.#isReferenced(functionIndex))) return functionIndex;
    let copy = this.#copies.get(functionIndex);
    if (copy === undefined) {
      const place = kind === 'free' ? 'callers' : 'threaded';
      copy = this.#plan.addFunction({
        type: this.#copyType(functionIndex, place),
        body: { copyOf: functionIndex, place },
      });
      this.#copies.set(functionIndex, copy);
    }
    return copy;
  }

  #copyType(functionIndex: number, place: Copy['place']): number {
    const index = this.#plan.module.functions[functionIndex]!;
    const type = this.#plan.module.types[index]!;
    if (place === 'callers' || type.kind !== 'function') return index;
    return this.#plan.functionType([...type.params, 'i64'], [...type.results, 'i64']);
  }

  #lookAhead(): void {
    const { module } = this.#plan;
    const code = new CodeReader(module);
    const events = new EventList();
    const flow = new Flow();
    const callees = new Map<number, number[]>();
    let waiting: number[] = [];
    for (let i = 0; i < module.bodyStarts.length; i++) {
      if (module.bodyEnds[i]! - module.bodyStarts[i]! <= SMALL_BODY) waiting.push(i);
    }
    for (let level = 0; level < FREE_LEVELS && waiting.length > 0; level++) {
      waiting = waiting.filter((i) => this.#readSmall(i, code, events, flow, callees));
    }
    this.#closeCalls(callees);
    this.#shareIndirectCosts();
    const called = new Set([...callees.values()].flat());
    for (const index of callees.keys()) {
      const isWorthIt = called.has(index) || !this.#isReferenced(index);
      if (this.#isClosed[index] === 0 || this.#freeCost[index]! >= 0 || !isWorthIt) this.#isThreaded[index] = 0;
    }
  }

  /**
   * Where all functions of a type that a table or a reference can lead to cost the same constant, whoever calls through
   * it can pay. Only where no reference reaches the host, which pays for nothing, and types are equal by their spelling.
   */
  #shareIndirectCosts(): void {
    const { module } = this.#plan;
    if (!keepsReferences(module)) return;
    const spellings = module.types.map((type) =>
      JSON.stringify(type.kind === 'function' ? [type.params, type.results] : []),
    );
    const costs = new Map<string, number>();
    const called = new Set(module.exports.flatMap((each) => (each.kind === 'function' ? [each.index] : [])));
    if (module.start !== null) called.add(module.start);
    for (const index of module.referencedFunctions) {
      const spelling = spellings[module.functions[index]!]!;
      const cost = called.has(index) ? -1 : this.#freeCost[index]!;
      const known = costs.get(spelling);
      costs.set(spelling, known === undefined || known === cost ? cost : -1);
    }
    spellings.forEach((spelling, type) => {
      this.#indirectCost[type] = costs.get(spelling) ?? -1;
    });
  }

  #fitsRegisters(index: number): boolean {
    const type = this.#plan.module.types[this.#plan.module.functions[index]!]!;
    return type.kind === 'function' && type.params.length < MANY_PARAMS && type.results.length <= 1;
  }

  /** Reads one small body; true when it may be paid for by its callers once more of its callees are. */
  #readSmall(i: number, code: CodeReader, events: EventList, flow: Flow, callees: Map<number, number[]>): boolean {
    const index = this.#plan.module.importedFunctions + i;
    const listing = { floats: this.#plan.options.isDeterministic === true, locals: false };
    events.read(code, i, listing, (op, first) => (op === ops.call && this.freeCost(first) >= 0 ? 'free' : 'loud'));
    if (!events.hasExceptions) callees.set(index, calleesOf(events));
    this.#isThreaded[index] = events.hasTailCall || events.hasExceptions || !this.#fitsRegisters(index) ? 0 : 1;
    if (events.hasLoop || events.hasExceptions) return false;
    if (!events.isPlain) return events.hasCall;
    const cost = flow.constantCost(events, this);
    if (cost !== null && cost <= MAX_FREE_COST) this.#freeCost[index] = cost;
    return false;
  }

  /** A small function is closed unless a call in it, or in what it calls, can leave the module or throw. */
  #closeCalls(callees: ReadonlyMap<number, readonly number[]>): void {
    const { module } = this.#plan;
    for (const index of callees.keys()) this.#isClosed[index] = 1;
    const hasOpenTable =
      module.tables.some((each) => each.isImported) || module.exports.some((each) => each.kind === 'table');
    this.#areTablesClosed = !hasOpenTable;
    for (let hasChanged = true; hasChanged; ) {
      hasChanged = false;
      if (this.#areTablesClosed && [...module.referencedFunctions].some((index) => this.#isClosed[index] === 0)) {
        this.#areTablesClosed = false;
        hasChanged = true;
      }
      for (const [index, called] of callees) {
        if (this.#isClosed[index] === 0 || called.every((each) => this.#isClosedCallee(each))) continue;
        this.#isClosed[index] = 0;
        hasChanged = true;
      }
    }
  }

  #isClosedCallee(callee: number): boolean {
    if (callee === THROUGH_TABLE) return this.#areTablesClosed;
    return callee !== ANYTHING && this.#isClosed[callee] === 1;
  }
}

/** Whether no reference to a function can come from or go to the host, and no type has others beneath it. */
function keepsReferences(module: Module): boolean {
  const isPlainType = (type: TypeDefinition, index: number): boolean =>
    type.kind === 'function' &&
    type.supertype === null &&
    type.isFinal &&
    type.group === index &&
    ![...type.params, ...type.results].some((each) => each.includes('ref'));
  return (
    module.types.every(isPlainType) &&
    !module.globals.some((each) => each.type.includes('ref')) &&
    !module.tables.some((each) => each.isImported) &&
    !module.exports.some((each) => each.kind === 'table')
  );
}

const THROUGH_TABLE = -1;
const ANYTHING = -2;

function calleesOf(events: EventList): number[] {
  const callees: number[] = [];
  for (let event = 0; event < events.length; event++) {
    const op = events.op[event]!;
    if (op === ops.call || op === ops.returnCall) callees.push(events.first[event]!);
    else if (op === ops.callIndirect || op === ops.returnCallIndirect) callees.push(THROUGH_TABLE);
    else if (op === ops.callRef || op === ops.returnCallRef) callees.push(ANYTHING);
  }
  return callees;
}

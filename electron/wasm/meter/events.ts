import type { CodeReader } from '../code-reader.ts';
import { costOf, nanShapeOf, ops, roleOf, roles } from './ops.ts';

/** What a direct call does to its caller: free ones cost a constant, quiet ones hand the fuel on and back. */
export type CallKind = 'free' | 'quiet' | 'loud';

/** The kind of a call: `first` is the function of a direct call, the type of any other. */
export type CallKinds = (op: number, first: number) => CallKind;

/** Which instructions to list beyond those that metering always has to look at. */
export type Listing = {
  /** those whose NaN results differ */
  readonly floats: boolean;
  /** those that name a local */
  readonly locals: boolean;
};

/**
 * The instructions of one body that the meter has to look at, and what the ones between them cost. Filled anew for
 * every body; the arrays are kept.
 */
export class EventList {
  length = 0;
  op: Uint16Array = new Uint16Array(256);
  /** byte range of the instruction in the original module */
  start: Uint32Array = new Uint32Array(256);
  end: Uint32Array = new Uint32Array(256);
  /** fuel of the instructions since the event before, this one included */
  cost: Float64Array = new Float64Array(256);
  first: Int32Array = new Int32Array(256);
  second: Int32Array = new Int32Array(256);
  /** where the event's labels begin in `labels`; the next event's are behind them */
  labelStart: Uint32Array = new Uint32Array(257);
  labels: Uint32Array = new Uint32Array(256);
  /** `loop` events: whether no other loop and no call is inside */
  isTight: Uint8Array = new Uint8Array(256);
  /** offset of the first instruction, behind the local declarations */
  bodyStart = 0;
  bodyEnd = 0;
  localCount = 0;
  localGroups = 0;
  hasLoop = false;
  hasCall = false;
  hasTailCall = false;
  /** an exception can be caught or thrown here */
  hasExceptions = false;
  tightLoops = 0;
  /** an instruction takes a length that has to be paid for */
  hasLengths = false;
  /** an instruction is listed for the NaN that it may give */
  hasFloats = false;
  /** the body holds nothing but control and plain instructions */
  isPlain = true;
  #labelCount = 0;
  readonly #openLoops: number[] = [];
  readonly #loopDepths: number[] = [];

  /** Reads defined function `index`. */
  read(code: CodeReader, index: number, listing: Listing, callKind: CallKinds): void {
    this.#reset();
    code.openBody(index, () => this.localGroups++);
    this.bodyStart = code.position;
    this.bodyEnd = code.end;
    this.localCount = code.localCount;
    const unlisted = unlistedCosts[(listing.floats ? 1 : 0) + (listing.locals ? 2 : 0)]!;
    let cost = 0;
    while (code.next()) {
      const { op } = code;
      const plainCost = unlisted[op]!;
      if (plainCost !== LISTED) {
        cost += plainCost;
        continue;
      }
      cost += costOf[op]!;
      const role = roleOf[op]!;
      if (role === roles.none && nanShapeOf[op] !== 0) this.hasFloats = true;
      if (role === roles.arrayFixed) cost += code.second;
      this.#add(code, op, cost);
      cost = 0;
      if (role === roles.control) this.#noteControl(code, op);
      else if (role === roles.call) this.#noteCall(op, callKind(op, code.first));
      else this.#noteWork(role);
    }
  }

  #reset(): void {
    this.length = 0;
    this.#labelCount = 0;
    this.#openLoops.length = 0;
    this.localGroups = 0;
    this.hasLoop = false;
    this.hasCall = false;
    this.hasTailCall = false;
    this.hasExceptions = false;
    this.tightLoops = 0;
    this.hasLengths = false;
    this.hasFloats = false;
    this.isPlain = true;
    this.#loopDepths.length = 0;
  }

  #add(code: CodeReader, op: number, cost: number): void {
    if (this.length === this.op.length) this.#grow();
    const event = this.length++;
    this.op[event] = op;
    this.start[event] = code.start;
    this.end[event] = code.position;
    this.cost[event] = cost;
    this.first[event] = code.first;
    this.second[event] = code.second;
    this.isTight[event] = 0;
    if (op === ops.brTable || op === ops.tryTable) this.#addLabels(code.labels, code.first);
    this.labelStart[event + 1] = this.#labelCount;
  }

  #noteControl(code: CodeReader, op: number): void {
    const { depth } = code;
    if (op === ops.loop) {
      this.#loosen();
      this.#openLoops.push(this.length - 1);
      this.#loopDepths.push(depth);
      this.isTight[this.length - 1] = 1;
      this.tightLoops++;
      this.hasLoop = true;
    } else if (op === ops.end || op === ops.delegate) {
      while (this.#loopDepths.length > 0 && this.#loopDepths.at(-1)! > depth) {
        this.#loopDepths.pop();
        this.#openLoops.pop();
      }
    } else if (op >= ops.try && op <= ops.throwRef) this.#noteException(op);
    else if (op === ops.tryTable || op === ops.catchAll) this.hasExceptions = true;
  }

  #noteException(op: number): void {
    this.hasExceptions = true;
    if (op === ops.throw || op === ops.throwRef || op === ops.rethrow) this.#noteCall(op, 'loud');
  }

  #noteCall(op: number, kind: CallKind): void {
    const isTail = op === ops.returnCall || op === ops.returnCallIndirect || op === ops.returnCallRef;
    if (kind === 'free' && !isTail) return;
    this.isPlain = false;
    this.hasCall = true;
    if (isTail) this.hasTailCall = true;
    if (kind === 'loud' || isTail) this.#loosen();
  }

  #noteWork(role: number): void {
    if (role === roles.none) return;
    this.isPlain = false;
    if (role === roles.bulk || role === roles.arrayNew) this.hasLengths = true;
    if (role === roles.grow) {
      this.hasCall = true;
      this.#loosen();
    }
  }

  /** The innermost open loop is not tight; those around it hold a loop and are not either. */
  #loosen(): void {
    const loop = this.#openLoops.at(-1);
    if (loop === undefined || this.isTight[loop] === 0) return;
    this.isTight[loop] = 0;
    this.tightLoops--;
  }

  #addLabels(labels: Uint32Array, count: number): void {
    if (this.#labelCount + count > this.labels.length) {
      const grown = new Uint32Array((this.#labelCount + count) * 2);
      grown.set(this.labels);
      this.labels = grown;
    }
    for (let i = 0; i < count; i++) this.labels[this.#labelCount++] = labels[i]!;
  }

  #grow(): void {
    const size = this.op.length * 2;
    const copy = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.op = copy(this.op, new Uint16Array(size));
    this.start = copy(this.start, new Uint32Array(size));
    this.end = copy(this.end, new Uint32Array(size));
    this.cost = copy(this.cost, new Float64Array(size));
    this.first = copy(this.first, new Int32Array(size));
    this.second = copy(this.second, new Int32Array(size));
    this.labelStart = copy(this.labelStart, new Uint32Array(size + 1));
    this.isTight = copy(this.isTight, new Uint8Array(size));
  }
}

const LISTED = 255;

/** Costs of the instructions that are only counted; the others are listed. By listing: 1 for floats, 2 for locals. */
const unlistedCosts: readonly Uint8Array[] = [0, 1, 2, 3].map((listing) =>
  costOf.map((cost, op) => {
    const isLocal = (listing & 2) !== 0 && op >= ops.localGet && op <= ops.localTee;
    const isFloat = (listing & 1) !== 0 && nanShapeOf[op] !== 0;
    return roleOf[op] !== roles.none || isLocal || isFloat ? LISTED : cost;
  }),
);

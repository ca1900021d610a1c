import type { EventList } from './events.ts';
import { ENTRY_COST, ops, roleOf, roles } from './ops.ts';
import { Potentials } from './potentials.ts';

/** What flow has to know of a function that is called. */
export type Callees = {
  /** fuel that the callee's body always costs and does not count itself; -1 when it counts for itself */
  freeCost(callee: number): number;
  /** the same of every function that a call through a table or a reference of this type can lead to */
  indirectCost(type: number): number;
  /** nothing that the host can look at happens in the call */
  isClosed(op: number, callee: number): boolean;
};

/** The point where nothing is owed and nothing prepaid: entry, exit, and wherever somebody could look. */
const SETTLED = 0;
const DEAD = -1;
const LOOP_WEIGHT = 4;
const MAX_WEIGHT = 40;

/**
 * Decides where a body pays for its instructions. The body is cut into straight segments, one behind every event that
 * branches or is branched to; segments join at nodes. The simple form pays every segment by itself. The fast form lets
 * nodes owe or have prepaid a constant, chosen so that the segments that run most pay nothing (a maximum spanning tree
 * over the segments, after Knuth's placement of counters), so every path from settled point to settled point pays
 * exactly what its instructions cost, in either form.
 */
export class Flow {
  /** fuel to pay behind event `i - 1` (0: at entry), by `i` */
  charge: Float64Array = new Float64Array(257);
  /** fuel to pay where the `if` that ends at event `i` has no else and is not taken */
  elseCharge: Float64Array = new Float64Array(256);
  /** whether event `i` can be reached */
  isReached: Uint8Array = new Uint8Array(256);
  readonly #potentials = new Potentials();
  readonly #frames: Frame[] = [];
  #node = SETTLED;
  #slot = 0;
  #cost = 0;
  #weight = 0;
  #exit = SETTLED;

  /** Places the charges of a body. */
  place(events: EventList, callees: Callees, isSimple: boolean): void {
    this.#walk(events, callees, SETTLED);
    this.#potentials.solve(isSimple, this.charge, this.elseCharge);
  }

  /** The fuel that every path through a body costs, null when paths differ. Only for bodies without loops and calls. */
  constantCost(events: EventList, callees: Callees): number | null {
    this.#walk(events, callees, 1);
    return this.#potentials.constantBetween(SETTLED, 1);
  }

  #walk(events: EventList, callees: Callees, exit: number): void {
    this.#reset(events.length, exit);
    this.#pushFrame(ops.block, exit);
    for (let event = 0; event < events.length; event++) {
      this.isReached[event] = this.#node === DEAD ? 0 : 1;
      if (this.#node !== DEAD) this.#cost += events.cost[event]!;
      const op = events.op[event]!;
      const role = roleOf[op]!;
      if (role === roles.control) this.#control(events, event, op);
      else if (this.#node !== DEAD && role !== roles.none) this.#work(events, event, op, role, callees);
    }
  }

  #reset(length: number, exit: number): void {
    if (this.charge.length <= length) {
      this.charge = new Float64Array(length * 2);
      this.elseCharge = new Float64Array(length * 2);
      this.isReached = new Uint8Array(length * 2);
    }
    this.charge.fill(0, 0, length + 1);
    this.elseCharge.fill(0, 0, length);
    this.#potentials.reset();
    this.#potentials.addNode();
    if (exit !== SETTLED) this.#potentials.addNode();
    this.#frames.length = 0;
    this.#exit = exit;
    this.#weight = 8;
    this.#begin(SETTLED, 0);
    this.#cost = ENTRY_COST;
  }

  #control(events: EventList, event: number, op: number): void {
    switch (op) {
      case ops.block:
      case ops.try:
        this.#pushFrame(op, DEAD);
        return;
      case ops.tryTable:
        this.#catchLabels(events, event);
        this.#pushFrame(op, DEAD);
        return;
      case ops.loop:
        this.#openLoop(event);
        return;
      case ops.if:
        this.#openIf(event);
        return;
      case ops.else:
      case ops.catch:
      case ops.catchAll:
        this.#reopen(event, op);
        return;
      case ops.end:
      case ops.delegate:
        this.#close(event);
        return;
      default:
        if (this.#node !== DEAD) this.#branch(events, event, op);
    }
  }

  #openLoop(event: number): void {
    if (this.#node === DEAD) {
      this.#pushFrame(ops.loop, DEAD);
      return;
    }
    const header = this.#potentials.addNode();
    this.#potentials.demandOwing(header);
    this.#finish(header, this.#weight);
    this.#pushFrame(ops.loop, header);
    this.#weight = Math.min(this.#weight + LOOP_WEIGHT, MAX_WEIGHT);
    this.#begin(header, event + 1);
  }

  #openIf(event: number): void {
    if (this.#node === DEAD) {
      this.#pushFrame(ops.if, DEAD);
      return;
    }
    const fork = this.#potentials.addNode();
    this.#finish(fork, this.#weight);
    this.#pushFrame(ops.if, DEAD);
    this.#frames.at(-1)!.fork = fork;
    this.#weight = Math.max(this.#weight - 1, 1);
    this.#begin(fork, event + 1);
  }

  #reopen(event: number, op: number): void {
    const frame = this.#frames.at(-1)!;
    if (this.#node !== DEAD) this.#finish(this.#labelNode(frame), this.#weight);
    frame.op = op;
    this.#weight = Math.max(frame.weight - 1, 1);
    const entry = op === ops.else ? frame.fork : frame.isReached ? SETTLED : DEAD;
    if (entry !== DEAD) this.#begin(entry, event + 1);
  }

  #close(event: number): void {
    const frame = this.#frames.pop()!;
    if (frame.op === ops.if && frame.fork !== DEAD) {
      this.#potentials.addElse(frame.fork, this.#labelNode(frame), event, this.#weight);
    }
    const hasLabel = frame.op !== ops.loop && frame.label !== DEAD;
    if (hasLabel && this.#node !== DEAD) this.#finish(frame.label, this.#weight);
    this.#weight = frame.weight;
    if (hasLabel && this.#frames.length > 0) this.#begin(frame.label, event + 1);
  }

  #branch(events: EventList, event: number, op: number): void {
    switch (op) {
      case ops.br: {
        const frame = this.#frameAt(events.first[event]!);
        this.#finish(this.#labelNode(frame), Math.min(this.#weight, this.#insideWeight(frame)));
        return;
      }
      case ops.brTable:
        this.#finish(this.#unite(events, event), this.#weight);
        return;
      case ops.return:
        this.#finish(this.#exit, Math.min(this.#weight, 8));
        return;
      case ops.unreachable:
        // A path that traps pays in full, but only a path that returns has to cost the same as another.
        if (this.#exit === SETTLED) this.#finish(SETTLED, 0);
        else this.#node = DEAD;
        return;
      case ops.throw:
      case ops.throwRef:
      case ops.rethrow:
        this.#finish(SETTLED, 0);
        return;
      default: {
        // A conditional branch has no place of its own to pay at: both ways leave from the label's node.
        const node = this.#labelNode(this.#frameAt(events.first[event]!));
        this.#finish(node, this.#weight);
        this.#begin(node, event + 1);
      }
    }
  }

  #work(events: EventList, event: number, op: number, role: number, callees: Callees): void {
    let node = SETTLED;
    if (role === roles.call) {
      const isDirect = op === ops.call || op === ops.returnCall;
      const first = events.first[event]!;
      const freeCost = isDirect ? callees.freeCost(first) : callees.indirectCost(first);
      if (freeCost >= 0) this.#cost += freeCost;
      if (op === ops.returnCall || op === ops.returnCallIndirect || op === ops.returnCallRef) {
        this.#finish(this.#exit, this.#weight);
        return;
      }
      if (freeCost >= 0) return;
      if (callees.isClosed(op, events.first[event]!)) node = this.#owingNode();
    } else if (role === roles.bulk || role === roles.arrayNew) node = this.#owingNode();
    else if (role !== roles.grow) return;
    this.#finish(node, this.#weight);
    this.#begin(node, event + 1);
  }

  #owingNode(): number {
    const node = this.#potentials.addNode();
    this.#potentials.demandOwing(node);
    return node;
  }

  /** All labels of a `br_table` leave from one point, so they are one node. */
  #unite(events: EventList, event: number): number {
    const first = this.#labelNode(this.#frameAt(events.labels[events.labelStart[event]!]!));
    for (let i = events.labelStart[event]! + 1; i < events.labelStart[event + 1]!; i++) {
      this.#potentials.unite(first, this.#labelNode(this.#frameAt(events.labels[i]!)));
    }
    return first;
  }

  /** An exception arrives settled: whatever throws has settled before. */
  #catchLabels(events: EventList, event: number): void {
    if (this.#node === DEAD) return;
    for (let i = events.labelStart[event]!; i < events.labelStart[event + 1]!; i++) {
      this.#potentials.unite(SETTLED, this.#labelNode(this.#frameAt(events.labels[i]!)));
    }
  }

  #frameAt(label: number): Frame {
    return this.#frames[this.#frames.length - 1 - label]!;
  }

  #labelNode(frame: Frame): number {
    if (frame.label === DEAD) frame.label = this.#potentials.addNode();
    return frame.label;
  }

  #insideWeight(frame: Frame): number {
    return frame.op === ops.loop ? frame.weight + LOOP_WEIGHT : frame.weight;
  }

  #pushFrame(op: number, label: number): void {
    this.#frames.push({ op, label, fork: DEAD, weight: this.#weight, isReached: this.#node !== DEAD });
  }

  #begin(node: number, slot: number): void {
    this.#node = node;
    this.#slot = slot;
    this.#cost = 0;
  }

  #finish(node: number, weight: number): void {
    this.#potentials.addSegment(this.#node, node, this.#cost, this.#slot, weight);
    this.#node = DEAD;
  }
}

type Frame = { op: number; label: number; fork: number; readonly weight: number; readonly isReached: boolean };

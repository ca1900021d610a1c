import { eventFlag, eventType, right, structBytes, subscriptionClockFlag } from '../abi.ts';
import { readClock } from '../clock.ts';
import type { WasiContext } from '../context.ts';
import { itemsCost } from '../cost.ts';
import type { InputDescriptor } from '../descriptors.ts';
import { type Errno, errno, refuse } from '../errno.ts';
import type { WasiFunctions } from '../signatures.ts';

/** A wait is cut into pieces of this many milliseconds, between which the run may be stopped. */
const LONGEST_WAIT_MS = 1000;
const NS_PER_MS = 1_000_000n;

type ClockSubscription = { readonly id: number; readonly deadlineNs: bigint };
type Event = { readonly error: Errno; readonly bytes: bigint; readonly flags: number };

/** What one pass over the subscriptions found. */
type Pass = {
  events: number;
  /** until the first of the clocks rings */
  soonestNs: bigint | undefined;
  /** standard input, when it is waited for and has nothing yet */
  input: InputDescriptor | undefined;
};

/** Waiting for clocks and descriptors. Files, standard output and error are always ready. */
export function pollFunctions(context: WasiContext): Pick<WasiFunctions, 'poll_oneoff'> {
  return {
    poll_oneoff(subscriptions, events, count, result) {
      if (count === 0) refuse('inval');
      context.memory.slice(subscriptions, count * structBytes.subscription);
      context.memory.slice(events, count * structBytes.event);
      const start = new Map<number, bigint>();
      for (;;) {
        const pass = new PollPass(context, subscriptions, events, start).run(count);
        if (pass.events > 0) {
          context.memory.writeU32(result, pass.events);
          return;
        }
        wait(context, pass);
      }
    },
  };
}

/** One look at every subscription; those that are due become events. */
class PollPass {
  readonly #context: WasiContext;
  readonly #subscriptions: number;
  readonly #out: number;
  /** what each clock showed when the call began: relative timeouts count from there */
  readonly #start: Map<number, bigint>;
  readonly #found: Pass = { events: 0, soonestNs: undefined, input: undefined };

  constructor(context: WasiContext, subscriptions: number, out: number, start: Map<number, bigint>) {
    this.#context = context;
    this.#subscriptions = subscriptions;
    this.#out = out;
    this.#start = start;
  }

  run(count: number): Pass {
    const { memory, ports } = this.#context;
    for (let index = 0; index < count; index++) {
      if (index % 1024 === 0) ports.checkpoint(itemsCost(Math.min(1024, count - index)));
      const at = this.#subscriptions + index * structBytes.subscription;
      const tag = memory.readU8(at + 8);
      if (tag === eventType.clock) this.#clock(at);
      else if (tag === eventType.fdRead || tag === eventType.fdWrite) this.#descriptor(at, tag);
      else refuse('inval');
    }
    return this.#found;
  }

  #clock(at: number): void {
    this.#context.need('clock', 'poll_oneoff');
    const { id, deadlineNs } = this.#readClockSubscription(at);
    const leftNs = deadlineNs - readClock(this.#context.clock, id);
    if (leftNs <= 0n) this.#emit(at, eventType.clock, { error: errno.success, bytes: 0n, flags: 0 });
    else if (this.#found.soonestNs === undefined || leftNs < this.#found.soonestNs) this.#found.soonestNs = leftNs;
  }

  #readClockSubscription(at: number): ClockSubscription {
    const { memory, clock } = this.#context;
    const id = memory.readU32(at + 16);
    const timeout = memory.readU64(at + 24);
    const flags = memory.readU16(at + 40);
    if (flags > subscriptionClockFlag.absoluteTime) refuse('inval');
    const start = this.#start.get(id) ?? readClock(clock, id);
    this.#start.set(id, start);
    return { id, deadlineNs: flags === subscriptionClockFlag.absoluteTime ? timeout : start + timeout };
  }

  #descriptor(at: number, type: number): void {
    const event = this.#readiness(this.#context.memory.readU32(at + 16), type === eventType.fdRead);
    if (event) this.#emit(at, type, event);
  }

  /** The event for a descriptor, or undefined while it is not ready. A descriptor that is none is an event too. */
  #readiness(fd: number, isRead: boolean): Event | undefined {
    const descriptor = this.#context.descriptors.find(fd);
    const needed = right.pollFdReadwrite | (isRead ? right.fdRead : right.fdWrite);
    if (!descriptor || descriptor.kind === 'directory' || (descriptor.rights & needed) !== needed)
      return BAD_DESCRIPTOR;
    if (descriptor.kind === 'output' || !isRead) return { error: errno.success, bytes: 1n, flags: 0 };
    if (descriptor.kind === 'file') {
      const left = BigInt(descriptor.node.content.size) - descriptor.offset;
      return { error: errno.success, bytes: left > 0n ? left : 0n, flags: 0 };
    }
    this.#context.need('stdin', 'poll_oneoff');
    const bytes = descriptor.input.wait(0);
    if (bytes === 'end') return { error: errno.success, bytes: 0n, flags: eventFlag.hangup };
    if (bytes > 0) return { error: errno.success, bytes: BigInt(bytes), flags: 0 };
    this.#found.input = descriptor;
    return undefined;
  }

  #emit(subscription: number, type: number, event: Event): void {
    const { memory } = this.#context;
    const userdata = memory.readU64(subscription);
    const at = this.#out + this.#found.events++ * structBytes.event;
    memory.clear(at, structBytes.event);
    memory.writeU64(at, userdata);
    memory.writeU16(at + 8, event.error);
    memory.writeU8(at + 10, type);
    memory.writeU64(at + 16, event.bytes);
    memory.writeU16(at + 24, event.flags);
  }
}

const BAD_DESCRIPTOR: Event = { error: errno.badf, bytes: 0n, flags: 0 };

/** Waits until something may have become due: a clock, input, or a piece of a long wait. */
function wait({ clock, ports }: WasiContext, { soonestNs, input }: Pass): void {
  if (!input) {
    clock.sleep(soonestNs ?? 0n);
    return;
  }
  ports.checkpoint(0);
  const soonestMs = soonestNs === undefined ? LONGEST_WAIT_MS : Number((soonestNs + NS_PER_MS - 1n) / NS_PER_MS);
  input.input.wait(Math.min(soonestMs, LONGEST_WAIT_MS));
}

import type { RunOutcome } from '../../../shared/model/run.ts';
import { formatBytes, formatDuration } from '../../../shared/units.ts';
import { commands, type Gauge } from './gauge.ts';
import type { ExecutionLimits } from './protocol.ts';
import { trap } from './trap-module.ts';

/** Fuel granted at a time: about a millisecond of a guest's work, so how late it hears a command. */
const SLICE = 1_000_000n;
/** A paused or sleeping worker looks up this often even when nobody wakes it. */
const WAIT_MS = 1000;

/** What the execution needs of the instance once there is one. */
export type MeteredInstance = {
  /** fuel left in the current slice */
  fuelLeft(): bigint;
  memoryBytes(): number;
};

/**
 * Decides whether one execution may go on. Everything that can end it from the host's side passes here: fuel, deadline,
 * cancel, output, exit. Ending is a trap, which no `catch_all` sees, and it is for good: whatever the guest calls
 * afterwards traps again.
 */
export class ExecutionControl {
  readonly #gauge: Gauge;
  readonly #limits: ExecutionLimits;
  readonly #onPause: () => void;
  readonly #onPulse: () => void;
  #deadlineMs: number;
  #instance: MeteredInstance | null = null;
  #granted = 0n;
  #hostFuel = 0n;
  #outputBytes = 0;
  #memoryPeakBytes = 0;
  #ending: RunOutcome | null = null;

  constructor(gauge: Gauge, limits: ExecutionLimits, hooks: { onPause: () => void; onPulse: () => void }) {
    this.#gauge = gauge;
    this.#limits = limits;
    this.#onPause = hooks.onPause;
    this.#onPulse = hooks.onPulse;
    this.#deadlineMs = performance.now() + limits.timeMs;
  }

  /** Why the execution was ended by the host, or null. */
  get ending(): RunOutcome | null {
    return this.#ending;
  }

  /** Starts accounting on an instance; what it returns is the first slice, to be put into its fuel global. */
  attach(instance: MeteredInstance): bigint {
    this.#instance = instance;
    this.#granted = this.#nextSlice(0n);
    return this.#granted;
  }

  /** The guest's fuel has gone below zero, to `left`. Returns the next slice, or -1: the guest then traps. */
  refuel(left: bigint): bigint {
    const used = this.#granted - left;
    if (this.#ending !== null) return -1n;
    if (this.#isOverFuel(used + this.#hostFuel)) this.#ending = this.#fuelOutcome();
    else this.#look(used);
    if (this.#ending !== null) return -1n;
    const slice = this.#nextSlice(used);
    this.#granted = used + slice;
    return slice;
  }

  /** Charges fuel for host work about to be done; traps when the execution may not go on. */
  checkpoint(cost: number): void {
    this.#hostFuel += BigInt(cost);
    const used = this.#guestFuel();
    if (this.#ending === null && this.#isOverFuel(used + this.#hostFuel)) this.#ending = this.#fuelOutcome();
    this.pulse();
  }

  /** Publishes the gauge, obeys commands and looks at the clock; traps when the execution may not go on. */
  pulse(): void {
    if (this.#ending === null) this.#look(this.#guestFuel());
    if (this.#ending !== null) trap();
  }

  /** Ends the execution. The first ending stands. */
  end(outcome: RunOutcome): never {
    this.#ending ??= outcome;
    return trap();
  }

  /** Blocks for `ms`, interruptible by commands and the deadline. */
  sleep(ms: number): void {
    const until = performance.now() + ms;
    for (;;) {
      this.pulse();
      const left = Math.min(until, this.#deadlineMs + 1) - performance.now();
      if (left <= 0) {
        if (performance.now() >= until) return;
        continue;
      }
      this.#gauge.waitWhile(commands.run, Math.min(left, WAIT_MS));
    }
  }

  /** Counts output; returns how many of `bytes` may still be kept. The caller ends the execution when it is fewer. */
  countOutput(bytes: number): number {
    const kept = Math.max(0, Math.min(bytes, this.#limits.outputBytes - this.#outputBytes));
    this.#outputBytes += kept;
    return kept;
  }

  outputBytesLeft(): number {
    return this.#limits.outputBytes - this.#outputBytes;
  }

  outputOutcome(): RunOutcome {
    const value = formatBytes(this.#limits.outputBytes);
    return { kind: 'output-limit', message: `output went over ${value}`, limit: { name: 'output', value } };
  }

  /** Final numbers; also leaves them in the gauge. */
  settle(): { fuelUsed: bigint | null; memoryPeakBytes: number } {
    const used = this.#guestFuel();
    this.#publish(used);
    return { fuelUsed: this.#instance === null ? null : used + this.#hostFuel, memoryPeakBytes: this.#memoryPeakBytes };
  }

  /** Fuel used so far, host work included. */
  fuelUsed(): bigint {
    return this.#guestFuel() + this.#hostFuel;
  }

  #guestFuel(): bigint {
    return this.#instance === null ? 0n : this.#granted - this.#instance.fuelLeft();
  }

  #look(used: bigint): void {
    this.#publish(used);
    this.#onPulse();
    if (this.#gauge.command === commands.pause) this.#pause();
    if (this.#gauge.command === commands.stop) {
      this.#ending = { kind: 'stopped', message: 'stopped on request', stage: 'cooperative' };
    } else if (performance.now() >= this.#deadlineMs) {
      const value = formatDuration(this.#limits.timeMs);
      this.#ending = {
        kind: 'timed-out',
        message: `ran longer than ${value}`,
        limit: { name: 'time', value },
        stage: 'cooperative',
      };
    }
  }

  /** Time spent in a pause does not count against the deadline. */
  #pause(): void {
    const from = performance.now();
    this.#gauge.setWaiting(true);
    this.#onPause();
    while (this.#gauge.command === commands.pause) {
      this.#gauge.waitWhile(commands.pause, WAIT_MS);
      this.#onPulse();
    }
    this.#gauge.setWaiting(false);
    this.#deadlineMs += performance.now() - from;
  }

  #publish(used: bigint): void {
    const bytes = this.#instance?.memoryBytes() ?? 0;
    if (bytes > this.#memoryPeakBytes) this.#memoryPeakBytes = bytes;
    this.#gauge.publish(
      this.#instance === null ? -1n : used + this.#hostFuel,
      BigInt(bytes),
      BigInt(this.#outputBytes),
    );
  }

  #isOverFuel(used: bigint): boolean {
    return this.#limits.fuel !== null && used > this.#limits.fuel;
  }

  #nextSlice(used: bigint): bigint {
    if (this.#limits.fuel === null) return SLICE;
    const left = this.#limits.fuel - used - this.#hostFuel;
    return left < SLICE ? left : SLICE;
  }

  #fuelOutcome(): RunOutcome {
    const value = String(this.#limits.fuel);
    return { kind: 'out-of-fuel', message: `used more than ${value} fuel`, limit: { name: 'fuel', value } };
  }
}

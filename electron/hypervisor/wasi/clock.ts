import { clockId } from './abi.ts';
import { refuse } from './errno.ts';
import type { WasiPorts } from './ports.ts';

/** A guest never sees time finer than this, nanoseconds. */
export const CLOCK_RESOLUTION_NS = 1_000_000n;

/** Where virtual wall clocks start: 2001-09-09T01:46:40Z, 10^9 seconds after 1970. */
export const VIRTUAL_EPOCH_NS = 1_000_000_000n * 1_000_000_000n;

/** What the guest's clocks show, nanoseconds, and how it sleeps. */
export type GuestClock = {
  /** since 1970 */
  realtime(): bigint;
  /** since the run began */
  monotonic(): bigint;
  /** returns when the monotonic clock has moved on by `ns` */
  sleep(ns: bigint): void;
};

/** Clocks of the host, rounded down to the resolution. */
export function createHostClock(ports: WasiPorts): GuestClock {
  const startMs = ports.monotonic();
  return {
    realtime: () => BigInt(Math.floor(ports.now())) * CLOCK_RESOLUTION_NS,
    monotonic: () => BigInt(Math.floor(ports.monotonic() - startMs)) * CLOCK_RESOLUTION_NS,
    sleep(ns) {
      // Rounded up: a guest that looks at its clock afterwards must find that the time has passed.
      let leftMs = Number((ns + CLOCK_RESOLUTION_NS - 1n) / CLOCK_RESOLUTION_NS);
      const endMs = ports.monotonic() + leftMs;
      while (leftMs > 0) {
        ports.checkpoint(0);
        ports.sleep(Math.min(leftMs, LONGEST_SLEEP_MS));
        leftMs = endMs - ports.monotonic();
      }
    },
  };
}

/** Clocks that advance by a nanosecond for each unit of fuel, and by what the guest sleeps, which costs no real time. */
export function createVirtualClock(ports: WasiPorts): GuestClock {
  let sleptNs = 0n;
  const elapsed = (): bigint => roundDown(ports.fuelUsed() + sleptNs);
  return {
    realtime: () => VIRTUAL_EPOCH_NS + elapsed(),
    monotonic: elapsed,
    sleep(ns) {
      sleptNs += ns;
    },
  };
}

/** Reads a clock by its number. @throws WasiError `inval` for a number that is no clock */
export function readClock(clock: GuestClock, id: number): bigint {
  if (id === clockId.realtime) return clock.realtime();
  // Processor time of a guest that is alone in its thread: what has passed since it began.
  if (id === clockId.monotonic || id === clockId.processCpuTime || id === clockId.threadCpuTime) {
    return clock.monotonic();
  }
  return refuse('inval');
}

/** Sleeps are cut so that a port which only looks at its stop flag between waits stays prompt. */
const LONGEST_SLEEP_MS = 1000;

function roundDown(ns: bigint): bigint {
  return ns - (ns % CLOCK_RESOLUTION_NS);
}

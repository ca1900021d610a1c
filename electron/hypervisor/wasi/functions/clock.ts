import { clockId } from '../abi.ts';
import { CLOCK_RESOLUTION_NS, readClock } from '../clock.ts';
import type { WasiContext } from '../context.ts';
import type { WasiFunctions } from '../signatures.ts';

/** Clocks: wall time and time since the run began, never finer than a millisecond. */
export function clockFunctions(context: WasiContext): Pick<WasiFunctions, 'clock_res_get' | 'clock_time_get'> {
  const { clock, memory } = context;
  let lastMonotonic = -1n;
  /** Programs expect a monotonic clock to move between two readings: each is a nanosecond on, which tells no time. */
  function readOn(id: number): bigint {
    const time = readClock(clock, id);
    if (id !== clockId.monotonic) return time;
    lastMonotonic = time > lastMonotonic ? time : lastMonotonic + 1n;
    return lastMonotonic;
  }
  return {
    clock_res_get(id, result) {
      context.need('clock', 'clock_res_get');
      readClock(clock, id);
      memory.writeU64(result, CLOCK_RESOLUTION_NS);
    },
    clock_time_get(id, _precision, result) {
      context.need('clock', 'clock_time_get');
      memory.writeU64(result, readOn(id));
    },
  };
}

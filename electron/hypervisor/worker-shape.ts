import { defaultLimits, type Limits } from '../../shared/model/limits.ts';
import { MiB } from '../../shared/units.ts';
import type { WorkerShape } from './guest/protocol.ts';

/** What the runtime itself and the results of a run need of a worker's heap. */
const BASE_HEAP_BYTES = 64 * MiB;
/** An element of a table is a pointer and its bookkeeping. */
const TABLE_ELEMENT_BYTES = 24;

/**
 * The V8 limits for a run. The heap holds what the guest keeps outside its linear memories (garbage-collected objects,
 * tables), so it is bounded by what the run may have of those.
 */
export function shapeFor(limits: Pick<Limits, 'stackBytes' | 'memoryBytes' | 'tableElements'>): WorkerShape {
  const guestBytes = Math.max(limits.memoryBytes, limits.tableElements * TABLE_ELEMENT_BYTES);
  return { stackBytes: limits.stackBytes, heapBytes: BASE_HEAP_BYTES + Math.ceil(guestBytes / MiB) * MiB };
}

/** The shape of a run with the default limits: what blank guest processes are booted with. */
export const defaultShape: WorkerShape = shapeFor(defaultLimits);

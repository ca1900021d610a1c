/**
 * What host work costs in fuel: enough that a guest cannot make the host work for free, little beside its own work.
 * Functions of arguments and results only, so that fuel is equal from run to run.
 */

/** Any call of the host. */
export const CALL_COST = 50;
/** Long work is cut in slices of this many bytes with a checkpoint before each, so that a stop is prompt. */
export const SLICE_BYTES = 1 << 18;

/** Moving `bytes` between host and guest. */
export function bytesCost(bytes: number): number {
  return Math.ceil(bytes / 64);
}

/** Touching `count` entries of a directory, a path or a list. */
export function itemsCost(count: number): number {
  return count * 8;
}

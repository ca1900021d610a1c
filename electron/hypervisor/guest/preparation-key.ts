import type { Execution } from './protocol.ts';

/** What of an execution's limits is compiled into the module. */
export function preparationKey({ limits, determinism }: Execution): string {
  return `${limits.memoryBytes}:${limits.tableElements}:${determinism === null ? 'free' : 'deterministic'}`;
}

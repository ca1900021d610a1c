import type { ReceiptPredicate } from '../../../shared/model/receipt.ts';
import type { RunRecord } from '../../../shared/model/run.ts';

/** In what a receipt says otherwise than the run that this machine remembers; empty when in nothing. */
export function differences(predicate: ReceiptPredicate, run: RunRecord): string[] {
  const pairs: readonly (readonly [name: string, signed: unknown, remembered: unknown])[] = [
    ['the module', predicate.module.sha256, run.module],
    ['the outcome', predicate.result.kind, run.outcome?.kind],
    ['the exit code', predicate.result.exitCode, run.outcome?.exitCode],
    ['the fuel used', predicate.usage.fuelUsed, run.usage?.fuelUsed ?? null],
    ['the peak memory', predicate.usage.memoryPeakBytes, run.usage?.memoryPeakBytes ?? null],
    ['the memory limit', predicate.limits.memoryBytes, run.limits.memoryBytes],
    ['the time limit', predicate.limits.timeMs, run.limits.timeMs],
    ['the fuel limit', predicate.limits.fuel, run.limits.fuel],
    ['the capabilities', [...predicate.capabilities].sort().join(), [...run.grants].sort().join()],
  ];
  return pairs.filter(([, signed, remembered]) => signed !== remembered).map(([name]) => name);
}

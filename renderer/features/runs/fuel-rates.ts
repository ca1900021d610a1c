import type { GaugeSample } from './store.ts';

/** Fuel per second between one sample and the one before. */
export function fuelRates(history: readonly GaugeSample[]): number[] {
  return history.map((sample, index) => {
    const before = history[index - 1];
    if (before === undefined || sample.elapsedMs <= before.elapsedMs) return 0;
    return ((sample.fuelUsed - before.fuelUsed) * 1000) / (sample.elapsedMs - before.elapsedMs);
  });
}

export const BAR_COUNT = 16;

/** The heights of a fingerprint's bars, 1 to 16: one for each of the first 16 hex digits. */
export function fingerprintBars(hash: string): number[] {
  return Array.from({ length: BAR_COUNT }, (_, index) => {
    const nibble = Number.parseInt(hash[index] ?? '0', 16);
    return Number.isNaN(nibble) ? 1 : nibble + 1;
  });
}

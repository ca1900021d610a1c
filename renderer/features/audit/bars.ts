import { type Family, families, familyOf, isException } from './families.ts';

export type Histogram = {
  readonly fromTs: number;
  readonly toTs: number;
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
};

export type Bar = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly family: Family;
};

/** Counts per family and bin. */
export function foldFamilies(histogram: Histogram): Record<Family, number[]> {
  const bins = histogram.counts[0]?.length ?? 0;
  const folded = Object.fromEntries(families.map((family) => [family, new Array<number>(bins).fill(0)])) as Record<
    Family,
    number[]
  >;
  for (const [index, counts] of histogram.counts.entries()) {
    const target = folded[familyOf(histogram.classes[index] ?? '')];
    for (let bin = 0; bin < bins; bin++) target[bin]! += counts[bin] ?? 0;
  }
  return folded;
}

/**
 * Bars in whole pixels. With `laneHeight` the exceptions get a lane of that height at the top, with a scale of their own:
 * else bursts of what went well hide the few that matter. Heights grow with the square root of the count.
 */
export function layOutBars(folded: Record<Family, number[]>, width: number, height: number, laneHeight: number): Bar[] {
  const bins = folded.info.length;
  const usual: readonly Family[] = families.filter((family) => laneHeight === 0 || !isException(family));
  const special: readonly Family[] = laneHeight === 0 ? [] : families.filter(isException);
  return [
    ...stack(folded, usual, bins, width, height - laneHeight, height),
    ...stack(folded, special, bins, width, laneHeight - 4, laneHeight - 2),
  ];
}

function stack(
  folded: Record<Family, number[]>,
  shown: readonly Family[],
  bins: number,
  width: number,
  room: number,
  bottom: number,
): Bar[] {
  const totals = Array.from({ length: bins }, (_, bin) => shown.reduce((sum, family) => sum + folded[family][bin]!, 0));
  const most = Math.sqrt(Math.max(1, ...totals));
  const bars: Bar[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const total = totals[bin]!;
    if (total === 0) continue;
    const x = Math.floor((bin * width) / bins);
    const next = Math.floor(((bin + 1) * width) / bins);
    const full = Math.max(2, Math.round((Math.sqrt(total) / most) * room));
    let below = 0;
    for (const family of shown) {
      const count = folded[family][bin]!;
      if (count === 0) continue;
      const from = Math.floor((below / total) * full);
      below += count;
      const to = Math.max(from + 1, Math.floor((below / total) * full));
      bars.push({
        x,
        y: bottom - to,
        width: Math.max(1, next - x - (next - x > 2 ? 1 : 0)),
        height: to - from,
        family,
      });
    }
  }
  return bars;
}

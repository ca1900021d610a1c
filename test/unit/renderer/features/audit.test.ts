import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldFamilies, layOutBars } from '../../../../renderer/features/audit/bars.ts';
import { exceptionClasses, familyOf } from '../../../../renderer/features/audit/families.ts';
import { clampSpan, isWhole, panSpan, timeToX, xToTime, zoomSpan } from '../../../../renderer/features/audit/span.ts';
import { outcomeKind } from '../../../../shared/model/run.ts';

const whole = { from: 1000, to: 11_000 };

test('every way a run can end badly has a place in the lane of exceptions', () => {
  const bad = outcomeKind.options.filter((kind) => !['finished', 'exited', 'stopped'].includes(kind));
  expect(bad.filter((kind) => !exceptionClasses.includes(kind))).toEqual([]);
  expect([familyOf('none'), familyOf('finished'), familyOf('unheard-of')]).toEqual(['info', 'ok', 'info']);
});

test('one exception among a million entries is drawn', () => {
  const counts = [new Array(300).fill(3333), new Array(300).fill(0)];
  counts[1]![150] = 1;
  const folded = foldFamilies({ fromTs: 0, toTs: 1, classes: ['finished', 'denied'], counts });
  const drawn = layOutBars(folded, 900, 92, 34).filter((bar) => bar.family === 'denied');
  expect(drawn).toHaveLength(1);
  expect(drawn[0]!.height).toBeGreaterThanOrEqual(2);
});

test('bars are whole pixels inside of the chart', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100_000), { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 100, max: 2000 }),
      (counts, width) => {
        const folded = foldFamilies({ fromTs: 0, toTs: 1, classes: ['trapped'], counts: [counts] });
        for (const bar of layOutBars(folded, width, 92, 34)) {
          expect([bar.x, bar.y, bar.width, bar.height].every(Number.isInteger)).toBe(true);
          expect(bar.x >= 0 && bar.y >= 0 && bar.y + bar.height <= 92).toBe(true);
        }
      },
    ),
  );
});

test('a zoomed or moved span stays within the log', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      (factor, share) => {
        const span = panSpan(zoomSpan({ from: 4000, to: 6000 }, factor, 5000, whole), share, whole);
        expect(span.from).toBeGreaterThanOrEqual(whole.from);
        expect(span.to).toBeLessThanOrEqual(whole.to + 1e-6);
      },
    ),
  );
  expect(isWhole(zoomSpan({ from: 4000, to: 6000 }, 1000, 5000, whole), whole)).toBe(true);
});

test('the point under the pointer keeps its place while zooming', () => {
  const span = { from: 2000, to: 8000 };
  const around = xToTime(300, span, 1000);
  expect(timeToX(around, zoomSpan(span, 0.5, around, whole), 1000)).toBeCloseTo(300);
  expect(clampSpan({ from: 0, to: 2000 }, whole)).toEqual({ from: 1000, to: 3000 });
});

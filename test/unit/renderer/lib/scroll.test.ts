import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clampTop,
  MAX_SPACER,
  maxTop,
  nativeTop,
  revealTop,
  type ScrollBox,
  spacerHeight,
  virtualTop,
  visibleRows,
} from '../../../../renderer/lib/scroll.ts';

const box: ScrollBox = { rowCount: 5_000_000, rowHeight: 28, viewport: 700 };

const boxes = fc.record({
  rowCount: fc.integer({ min: 1, max: 10_000_000 }),
  rowHeight: fc.integer({ min: 16, max: 60 }),
  viewport: fc.integer({ min: 60, max: 3000 }),
});

test('the last row of five million is visible at the end of the thumb', () => {
  expect(spacerHeight(box)).toBe(MAX_SPACER);
  const { first, count } = visibleRows(box, virtualTop(box, MAX_SPACER - box.viewport));
  expect(first + count).toBe(box.rowCount);
});

test('the thumb at either end is the log at either end, for any size', () => {
  fc.assert(
    fc.property(boxes, (any) => {
      const track = Math.max(0, spacerHeight(any) - any.viewport);
      expect(virtualTop(any, 0)).toBe(0);
      expect(virtualTop(any, track)).toBeCloseTo(maxTop(any), 3);
    }),
  );
});

test('an offset goes to the thumb and back', () => {
  fc.assert(
    fc.property(boxes, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
      const top = maxTop(any) * share;
      expect(virtualTop(any, nativeTop(any, top))).toBeCloseTo(top, 3);
    }),
  );
});

test('the visible rows cover the viewport and nothing outside of the list', () => {
  fc.assert(
    fc.property(boxes, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
      const top = clampTop(any, maxTop(any) * share);
      const { first, count, shift } = visibleRows(any, top);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(first + count).toBeLessThanOrEqual(any.rowCount);
      expect(shift).toBeGreaterThanOrEqual(0);
      const covered = count * any.rowHeight - shift;
      expect(covered).toBeGreaterThanOrEqual(Math.min(any.viewport, any.rowCount * any.rowHeight) - 1e-3);
    }),
  );
});

test('revealing a row moves no further than it must', () => {
  const small: ScrollBox = { rowCount: 100, rowHeight: 10, viewport: 50 };
  expect([
    revealTop(small, 100, 12),
    revealTop(small, 100, 3),
    revealTop(small, 100, 15),
    revealTop(small, 0, 99),
  ]).toEqual([100, 30, 110, 950]);
});

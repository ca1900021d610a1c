/**
 * Chromium caps an element's height at 33,554,428 device pixels, so a spacer of `rowCount * rowHeight` cannot reach the
 * last of a million rows on a dense screen. Here the virtual offset `top` (a double, in CSS pixels) is the truth; a
 * spacer of at most `MAX_SPACER` only feeds the native thumb, and maps to `top` by a ratio.
 */
export const MAX_SPACER = 8_000_000;

export type ScrollBox = { readonly rowCount: number; readonly rowHeight: number; readonly viewport: number };

export function contentHeight(box: ScrollBox): number {
  return box.rowCount * box.rowHeight;
}

export function spacerHeight(box: ScrollBox): number {
  return Math.min(contentHeight(box), MAX_SPACER);
}

/** The largest virtual offset. */
export function maxTop(box: ScrollBox): number {
  return Math.max(0, contentHeight(box) - box.viewport);
}

export function clampTop(box: ScrollBox, top: number): number {
  return Math.min(Math.max(0, top), maxTop(box));
}

/** Virtual pixels for each pixel the native thumb moves. */
function thumbRatio(box: ScrollBox): number {
  const track = spacerHeight(box) - box.viewport;
  return track <= 0 ? 1 : maxTop(box) / track;
}

/** Where the native `scrollTop` belongs for a virtual offset. */
export function nativeTop(box: ScrollBox, top: number): number {
  return top / thumbRatio(box);
}

/** The virtual offset that a native `scrollTop` stands for. */
export function virtualTop(box: ScrollBox, scrollTop: number): number {
  return clampTop(box, scrollTop * thumbRatio(box));
}

export type VisibleRows = { readonly first: number; readonly count: number; readonly shift: number };

/** The rows that touch the viewport, and how many pixels the first one is cut at its top. */
export function visibleRows(box: ScrollBox, top: number): VisibleRows {
  if (box.rowCount === 0 || box.viewport <= 0) return { first: 0, count: 0, shift: 0 };
  const first = Math.min(Math.floor(top / box.rowHeight), box.rowCount - 1);
  const last = Math.min(Math.ceil((top + box.viewport) / box.rowHeight), box.rowCount);
  return { first, count: Math.max(1, last - first), shift: top - first * box.rowHeight };
}

/** The smallest move that shows a whole row. */
export function revealTop(box: ScrollBox, top: number, row: number): number {
  const start = row * box.rowHeight;
  if (start < top) return clampTop(box, start);
  if (start + box.rowHeight > top + box.viewport) return clampTop(box, start + box.rowHeight - box.viewport);
  return clampTop(box, top);
}

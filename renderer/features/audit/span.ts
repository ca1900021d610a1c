/** A span of time in milliseconds since the epoch: from `from`, before `to`. */
export type Span = { readonly from: number; readonly to: number };

const SHORTEST_MS = 1;

/** The span moved and cut so that it lies within the whole. */
export function clampSpan(span: Span, whole: Span): Span {
  const length = Math.min(Math.max(SHORTEST_MS, span.to - span.from), Math.max(SHORTEST_MS, whole.to - whole.from));
  const from = Math.min(Math.max(whole.from, span.from), whole.to - length);
  return { from, to: from + length };
}

/** The span made `factor` times as long around a point that keeps its place; a factor under 1 zooms in. */
export function zoomSpan(span: Span, factor: number, around: number, whole: Span): Span {
  return clampSpan({ from: around - (around - span.from) * factor, to: around + (span.to - around) * factor }, whole);
}

/** The span moved by a share of its own length. */
export function panSpan(span: Span, share: number, whole: Span): Span {
  const by = (span.to - span.from) * share;
  return clampSpan({ from: span.from + by, to: span.to + by }, whole);
}

export function isWhole(span: Span, whole: Span): boolean {
  return span.from <= whole.from && span.to >= whole.to;
}

/** Where a time stands between 0 and `width`. */
export function timeToX(ts: number, span: Span, width: number): number {
  return ((ts - span.from) / Math.max(SHORTEST_MS, span.to - span.from)) * width;
}

export function xToTime(x: number, span: Span, width: number): number {
  return span.from + (x / Math.max(1, width)) * (span.to - span.from);
}

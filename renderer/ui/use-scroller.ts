import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import {
  clampTop,
  maxTop,
  nativeTop,
  revealTop,
  type ScrollBox,
  type VisibleRows,
  virtualTop,
  visibleRows,
} from '../lib/scroll.ts';

export type ScrollerHandle = {
  scrollToRow(row: number): void;
  reveal(row: number): void;
  scrollToEnd(): void;
};

const LINE_PX = 16;

/** The virtual offset of a scroller and what moves it: the wheel, the native thumb and callers. */
export function useScroller(rowCount: number, rowHeight: number, onUserScroll?: (isAtEnd: boolean) => void) {
  // State, not a ref: the element may come later than the component, and what listens to it must then begin.
  const [element, setElement] = useState<HTMLElement | null>(null);
  const elementRef = useRef(element);
  elementRef.current = element;
  const top = useRef(0);
  // NaN never equals a real scrollTop, while -1 or 0 could.
  const ownWrite = useRef(Number.NaN);
  const [viewport, setViewport] = useState(0);
  const [gutter, setGutter] = useState(0);
  const box: ScrollBox = { rowCount, rowHeight, viewport };
  const boxRef = useRef(box);
  boxRef.current = box;
  const listener = useRef(onUserScroll);
  listener.current = onUserScroll;
  const [rows, setRows] = useState<VisibleRows>({ first: 0, count: 0, shift: 0 });

  const moveTo = useCallback((next: number, isByUser: boolean, isFromThumb = false) => {
    const current = boxRef.current;
    top.current = clampTop(current, next);
    setRows(visibleRows(current, top.current));
    const shown = elementRef.current;
    if (shown !== null && !isFromThumb) {
      shown.scrollTop = nativeTop(current, top.current);
      ownWrite.current = shown.scrollTop;
    }
    if (isByUser) listener.current?.(top.current >= maxTop(current) - 1);
  }, []);

  useLayoutEffect(() => {
    if (element === null) return;
    const measure = () => {
      setViewport(element.clientHeight);
      setGutter(element.offsetWidth - element.clientWidth);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [element]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the box is read through its ref; a change of its parts must re-place the rows
  useLayoutEffect(() => moveTo(top.current, false), [rowCount, rowHeight, viewport, moveTo]);

  useEffect(() => {
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0 || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? boxRef.current.viewport : 1;
      moveTo(top.current + event.deltaY * unit, true);
    };
    const onScroll = () => {
      if (Math.abs(element.scrollTop - ownWrite.current) < 1) return;
      ownWrite.current = Number.NaN;
      moveTo(virtualTop(boxRef.current, element.scrollTop), true, true);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('scroll', onScroll);
    };
  }, [element, moveTo]);

  const reveal = useCallback((row: number) => moveTo(revealTop(boxRef.current, top.current, row), false), [moveTo]);
  const scrollToRow = useCallback(
    (row: number) => moveTo(row * boxRef.current.rowHeight - boxRef.current.viewport / 3, false),
    [moveTo],
  );
  const scrollToEnd = useCallback(() => moveTo(Number.MAX_SAFE_INTEGER, false), [moveTo]);
  return { ref: setElement, rows, box, gutter, handle: { reveal, scrollToRow, scrollToEnd } satisfies ScrollerHandle };
}

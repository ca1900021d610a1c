import { type PointerEvent, type RefObject, useState } from 'react';

const LEAST_PX = 4;

/** A horizontal drag over an element: its two ends while it lasts, and a call when it is done and long enough. */
export function useDrag(ref: RefObject<HTMLElement | null>, onDone: (from: number, to: number) => void) {
  const [ends, setEnds] = useState<readonly [number, number] | null>(null);
  const xOf = (event: PointerEvent) => {
    const box = ref.current?.getBoundingClientRect();
    return box === undefined ? 0 : Math.min(Math.max(0, event.clientX - box.left), box.width);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const x = xOf(event);
      setEnds([x, x]);
    },
    onPointerMove: (event: PointerEvent) => {
      if (ends !== null) setEnds([ends[0], xOf(event)]);
    },
    onPointerUp: (event: PointerEvent) => {
      if (ends === null) return;
      const [from, to] = [Math.min(ends[0], xOf(event)), Math.max(ends[0], xOf(event))];
      setEnds(null);
      if (to - from >= LEAST_PX) onDone(from, to);
    },
    onPointerCancel: () => setEnds(null),
  };
  const selection = ends === null ? null : { from: Math.min(...ends), to: Math.max(...ends) };
  return { handlers, selection };
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { type Family, families } from './families.ts';

export type CanvasColours = Record<Family | 'line', string>;

/** A canvas as wide as its place, in device pixels, drawn again when size or appearance change. */
export function useCanvas(height: number) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [paint, setPaint] = useState(0);

  useEffect(() => {
    const element = ref.current?.parentElement;
    if (element == null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const again = () => setPaint((count) => count + 1);
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributes: true });
    const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => window.matchMedia(query));
    for (const list of media) list.addEventListener('change', again);
    return () => {
      theme.disconnect();
      for (const list of media) list.removeEventListener('change', again);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `paint` makes what draws draw again
  const draw = useCallback(
    (body: (context: CanvasRenderingContext2D, colours: CanvasColours) => void) => {
      const canvas = ref.current;
      const context = canvas?.getContext('2d');
      if (canvas === null || context == null || width === 0) return;
      const scale = window.devicePixelRatio;
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      context.scale(scale, scale);
      context.clearRect(0, 0, width, height);
      body(context, readColours(canvas));
    },
    [width, height, paint],
  );
  return { ref, width, draw };
}

/** A canvas does not know custom properties: an element beside it works them out. */
function readColours(canvas: HTMLCanvasElement): CanvasColours {
  const probe = document.createElement('span');
  canvas.parentElement?.append(probe);
  const isForced = window.matchMedia('(forced-colors: active)').matches;
  const read = (name: string) => {
    probe.style.color = isForced ? 'CanvasText' : `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(families.map((family) => [family, read(`--viz-${family}`)]));
  const line = read('--line');
  probe.remove();
  return { ...colours, line } as CanvasColours;
}

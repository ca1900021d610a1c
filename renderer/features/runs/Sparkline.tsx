import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatBytes, formatCount } from '../../lib/format.ts';
import { fuelRates } from './fuel-rates.ts';
import styles from './Sparkline.module.css';
import type { GaugeSample } from './store.ts';

const HEIGHT = 56;

/** The last 60 s of a run: memory, and fuel used per second. The newest values are read out below as text. */
export function Sparkline(props: { history: readonly GaugeSample[]; memoryLimit: number }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const rates = fuelRates(props.history);

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const made = new uPlot(plotOptions(element.clientWidth), [[], [], []], element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const { history } = props;
    plot.current?.setData([history.map((one) => one.elapsedMs / 1000), history.map((one) => one.memoryBytes), rates]);
  });

  const last = props.history.at(-1);
  return (
    <figure className={styles.spark}>
      <div ref={holder} className={styles.plot} role="img" aria-label="Memory and fuel over the last 60 seconds" />
      <figcaption>
        <span className={styles.memory}>memory {formatBytes(last?.memoryBytes ?? 0)}</span>
        <span className={styles.fuel}>fuel {formatCount(Math.round(rates.at(-1) ?? 0))}/s</span>
      </figcaption>
    </figure>
  );
}

function plotOptions(width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => resolveColour(style.getPropertyValue(name));
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false },
      y: { range: (_plot, _min, max) => [0, max || 1] },
      fuel: { range: (_plot, _min, max) => [0, max || 1] },
    },
    series: [
      {},
      { stroke: colour('--running'), width: 1.5, points: { show: false } },
      { scale: 'fuel', stroke: colour('--viz-timeout'), width: 1.5, points: { show: false } },
    ],
  };
}

/** A canvas does not know `light-dark()`: lets an element work it out. */
function resolveColour(value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

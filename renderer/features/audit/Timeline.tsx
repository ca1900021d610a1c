import { scaleTime } from 'd3-scale';
import { Table2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { BucketTable } from './BucketTable.tsx';
import { foldFamilies, type Histogram, layOutBars } from './bars.ts';
import { families } from './families.ts';
import { panSpan, type Span, timeToX, xToTime, zoomSpan } from './span.ts';
import styles from './Timeline.module.css';
import { useHistogram } from './use-audit.ts';
import { useCanvas } from './use-canvas.ts';
import { useDrag } from './use-drag.ts';

const DETAIL_HEIGHT = 92;
const LANE_HEIGHT = 34;
const OVERVIEW_HEIGHT = 30;
const PIXELS_PER_BIN = 3;

export type TimelineProps = {
  filter: string;
  overview: Histogram | undefined;
  whole: Span | null;
  span: Span | null;
  onSpan: (span: Span | null) => void;
  onJump: (kind: 'match' | 'exception', direction: 1 | -1) => void;
  onClear: () => void;
};

/** The whole log as a strip with a brush, and the span of the brush with its exceptions in a lane of their own. */
export function Timeline(props: TimelineProps) {
  const { whole, span } = props;
  const shown = span ?? whole;
  const [hasTable, setTable] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || whole === null || shown === null) return;
    const act = timelineKey(event.key, props, shown, whole);
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <section className={styles.timeline} aria-label="Timeline" onKeyDown={onKeyDown}>
      <Overview {...props} />
      <Detail {...props} shown={shown} />
      <div className={styles.foot}>
        <ul className={styles.legend} aria-hidden="true">
          {families.map((family) => (
            <li key={family} data-family={family}>
              {family === 'info' ? 'other' : family}
            </li>
          ))}
        </ul>
        <span>W S zoom · A D pan · 0 whole log · , . step · [ ] exceptions</span>
        <Button kind="quiet" icon={Table2} isPressed={hasTable} onClick={() => setTable(!hasTable)}>
          Table
        </Button>
      </div>
      {hasTable && <BucketTable filter={props.filter} span={span} />}
    </section>
  );
}

function timelineKey(key: string, props: TimelineProps, shown: Span, whole: Span): (() => void) | undefined {
  const middle = (shown.from + shown.to) / 2;
  const keys: Record<string, () => void> = {
    w: () => props.onSpan(zoomSpan(shown, 0.5, middle, whole)),
    s: () => props.onSpan(zoomSpan(shown, 2, middle, whole)),
    a: () => props.onSpan(panSpan(shown, -0.25, whole)),
    d: () => props.onSpan(panSpan(shown, 0.25, whole)),
    '0': () => props.onSpan(null),
    ',': () => props.onJump('match', -1),
    '.': () => props.onJump('match', 1),
    '[': () => props.onJump('exception', -1),
    ']': () => props.onJump('exception', 1),
    Escape: props.onClear,
  };
  return keys[key.toLowerCase()] ?? keys[key];
}

function Overview(props: TimelineProps) {
  const { overview, whole, span } = props;
  const { ref, width, draw } = useCanvas(OVERVIEW_HEIGHT);
  const holder = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (overview === undefined) return;
    draw((context, colours) => {
      for (const bar of layOutBars(foldFamilies(overview), width, OVERVIEW_HEIGHT, 0)) {
        context.fillStyle = colours[bar.family];
        context.fillRect(bar.x, bar.y, bar.width, bar.height);
      }
    });
  }, [overview, width, draw]);
  const drag = useDrag(holder, (from, to) => {
    if (whole !== null) props.onSpan({ from: xToTime(from, whole, width), to: xToTime(to, whole, width) });
  });
  const brush =
    whole === null || span === null
      ? null
      : { left: timeToX(span.from, whole, width), right: timeToX(span.to, whole, width) };
  return (
    <button
      ref={holder}
      type="button"
      className={styles.overview}
      aria-label="Whole log. Drag to choose a span, or use W, S, A, D"
      {...drag.handlers}
    >
      <canvas ref={ref} role="img" aria-label="Entries of the whole log over time" />
      {brush !== null && (
        <>
          <span className={styles.shade} style={{ left: 0, width: Math.max(0, brush.left) }} />
          <span className={styles.shade} style={{ left: brush.right, right: 0 }} />
          <span className={styles.brush} style={{ left: brush.left, width: Math.max(3, brush.right - brush.left) }} />
        </>
      )}
      {drag.selection !== null && (
        <span
          className={styles.brush}
          style={{ left: drag.selection.from, width: drag.selection.to - drag.selection.from }}
        />
      )}
    </button>
  );
}

function Detail(props: TimelineProps & { shown: Span | null }) {
  const { shown, whole } = props;
  const { ref, width, draw } = useCanvas(DETAIL_HEIGHT);
  const holder = useRef<HTMLButtonElement>(null);
  const { data } = useHistogram(
    props.filter,
    props.span,
    Math.min(2000, Math.max(1, Math.floor(width / PIXELS_PER_BIN))),
  );
  useEffect(() => {
    if (data === undefined) return;
    draw((context, colours) => {
      context.fillStyle = colours.line;
      context.fillRect(0, LANE_HEIGHT, width, 1);
      for (const bar of layOutBars(foldFamilies(data), width, DETAIL_HEIGHT, LANE_HEIGHT)) {
        context.fillStyle = colours[bar.family];
        context.fillRect(bar.x, bar.y, bar.width, bar.height);
      }
    });
  }, [data, width, draw]);
  const drag = useDrag(holder, (from, to) => {
    if (shown !== null) props.onSpan({ from: xToTime(from, shown, width), to: xToTime(to, shown, width) });
  });
  useEffect(() => {
    const element = holder.current;
    if (element === null || shown === null || whole === null) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const around = xToTime(event.offsetX, shown, width);
      const isPan = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      props.onSpan(
        isPan
          ? panSpan(shown, event.deltaX / width, whole)
          : zoomSpan(shown, event.deltaY > 0 ? 1.25 : 0.8, around, whole),
      );
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });
  const matched = data?.counts.flat().reduce((sum, count) => sum + count, 0) ?? 0;
  const label =
    shown === null
      ? 'No entries'
      : `${formatCount(matched)} entries from ${formatMoment(shown.from)} to ${formatMoment(shown.to)}`;
  return (
    <div className={styles.detailBox}>
      <span className={styles.lane} aria-hidden="true">
        exceptions
      </span>
      <button
        ref={holder}
        type="button"
        className={styles.detail}
        aria-label="Span. Drag to zoom into a part, or use W, S, A, D"
        {...drag.handlers}
      >
        <canvas ref={ref} role="img" aria-label={label} />
        {drag.selection !== null && (
          <span
            className={styles.brush}
            style={{ left: drag.selection.from, width: drag.selection.to - drag.selection.from }}
          />
        )}
      </button>
      {shown !== null && <Ticks span={shown} width={width} />}
    </div>
  );
}

const tickTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const tickSecond = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const tickDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The coarsest form that tells a tick from its neighbours: day, minute, second or millisecond. */
function formatTick(tick: Date): string {
  if (tick.getMilliseconds() !== 0)
    return `${tickSecond.format(tick)}.${String(tick.getMilliseconds()).padStart(3, '0')}`;
  if (tick.getSeconds() !== 0) return tickSecond.format(tick);
  if (tick.getMinutes() !== 0 || tick.getHours() !== 0) return tickTime.format(tick);
  return tickDay.format(tick);
}

function Ticks(props: { span: Span; width: number }) {
  const scale = scaleTime().domain([props.span.from, props.span.to]).range([0, props.width]);
  return (
    <div className={styles.ticks} aria-hidden="true">
      {scale.ticks(Math.max(2, Math.floor(props.width / 120))).map((tick) => (
        <span key={tick.getTime()} style={{ left: scale(tick) }}>
          {formatTick(tick)}
        </span>
      ))}
    </div>
  );
}

import { ArrowDown, ArrowUp, Download, Search } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { OutputStream } from '../../../shared/contract/runs.ts';
import type { RunRecord } from '../../../shared/model/run.ts';
import { useBridge } from '../../bridge/context.ts';
import { formatBytes, formatCount, plural } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { spacerHeight } from '../../lib/scroll.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { useScroller } from '../../ui/use-scroller.ts';
import styles from './OutputPane.module.css';
import { findLines } from './output-text.ts';
import { readWhole } from './read-whole.ts';
import { SHOWN_BYTES, useOutput } from './use-output.ts';

const LINE_PX = 18;

/** One stream as lines: follows the tail until it is scrolled, searches, and saves the whole. */
export function OutputPane(props: { run: RunRecord; stream: OutputStream }) {
  const { run, stream } = props;
  const output = useOutput(run, stream);
  const [isFollowing, setFollowing] = useState(run.state !== 'ended');
  const [seen, setSeen] = useState(0);
  const [needle, setNeedle] = useState('');
  const [hit, setHit] = useState(0);
  const hits = useMemo(() => findLines(output.lines, needle), [output.lines, needle]);
  const lineCount = output.lines.length;
  const { ref, rows, box, handle } = useScroller(lineCount, LINE_PX, (isAtEnd) => {
    setFollowing(isAtEnd);
    if (!isAtEnd) setSeen((before) => (isFollowing ? lineCount : before));
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the tail
  useEffect(() => {
    if (isFollowing) handle.scrollToEnd();
  }, [isFollowing, lineCount]);
  const goToHit = (index: number) => {
    if (hits.length === 0) return;
    const next = (index + hits.length) % hits.length;
    setHit(next);
    setFollowing(false);
    setSeen(lineCount);
    handle.scrollToRow(hits[next]!);
  };
  if (output.totalBytes === 0) return <NoOutput run={run} stream={stream} />;
  const current = hits[hit];
  const newLines = lineCount - seen;
  return (
    <div className={styles.pane}>
      <OutputBar
        run={run}
        stream={stream}
        needle={needle}
        hitText={needle === '' ? '' : hits.length === 0 ? 'none' : `${hit + 1} of ${formatCount(hits.length)}`}
        onNeedle={(text) => {
          setNeedle(text);
          setHit(0);
        }}
        onMove={(by) => goToHit(hit + by)}
        facts={`${plural(lineCount, 'line')}${output.isBinary ? ', not text: shown in hex' : ''}`}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <section ref={ref} className={styles.scroller} tabIndex={0} aria-label={`${stream} of the run`}>
        <div style={{ height: spacerHeight(box) }} className={styles.spacer}>
          <div className={styles.window} style={{ height: box.viewport }}>
            <pre style={{ transform: `translateY(${-rows.shift}px)` }}>
              {output.lines.slice(rows.first, rows.first + rows.count).map((line, index) => (
                <div
                  // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
                  key={rows.first + index}
                  data-current={rows.first + index === current || undefined}
                  style={{ height: LINE_PX }}
                >
                  <Highlighted line={line} needle={needle} />
                </div>
              ))}
            </pre>
          </div>
        </div>
      </section>
      {!isFollowing && run.state !== 'ended' && (
        <button type="button" className={styles.pill} onClick={() => setFollowing(true)}>
          <ArrowDown size={13} aria-hidden /> {newLines > 0 ? `${formatCount(newLines)} new` : 'Follow'}
        </button>
      )}
      {output.totalBytes > SHOWN_BYTES && (
        <p className={styles.cut}>
          Shown up to {formatBytes(SHOWN_BYTES)} of {formatBytes(output.totalBytes)}. Save it to have all of it.
        </p>
      )}
      {run.outcome?.kind === 'output-limit' && (
        <p className={styles.cut}>Cut at the output limit of {formatBytes(run.limits.outputBytes)}.</p>
      )}
    </div>
  );
}

function OutputBar(props: {
  run: RunRecord;
  stream: OutputStream;
  needle: string;
  hitText: string;
  facts: string;
  onNeedle: (text: string) => void;
  onMove: (by: number) => void;
}) {
  const { client } = useBridge();
  const { run, stream } = props;
  const save = async () => {
    const blob = await readWhole(client, run.runId, stream);
    if (blob !== undefined) saveFile(blob, `${run.runId}.${stream}.txt`);
  };
  return (
    <div className={styles.bar}>
      <label className={styles.search}>
        <Search size={13} aria-hidden />
        <input
          type="search"
          aria-label={`Search ${stream}`}
          placeholder="Search"
          value={props.needle}
          onChange={(event) => props.onNeedle(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onMove(event.shiftKey ? -1 : 1);
          }}
        />
      </label>
      <span role="status" className={styles.hits}>
        {props.hitText}
      </span>
      <Button
        kind="quiet"
        icon={ArrowUp}
        label="Previous match"
        isDisabled={props.needle === ''}
        onClick={() => props.onMove(-1)}
      />
      <Button
        kind="quiet"
        icon={ArrowDown}
        label="Next match"
        isDisabled={props.needle === ''}
        onClick={() => props.onMove(1)}
      />
      <span className={styles.facts}>{props.facts}</span>
      <Button kind="quiet" icon={Download} onClick={() => void save()}>
        Save
      </Button>
    </div>
  );
}

function Highlighted(props: { line: string; needle: string }) {
  const { line, needle } = props;
  const at = needle === '' ? -1 : line.toLowerCase().indexOf(needle.toLowerCase());
  if (at === -1) return line === '' ? ' ' : line;
  return (
    <>
      {line.slice(0, at)}
      <mark>{line.slice(at, at + needle.length)}</mark>
      <Highlighted line={line.slice(at + needle.length)} needle={needle} />
    </>
  );
}

function NoOutput(props: { run: RunRecord; stream: OutputStream }) {
  const { run, stream } = props;
  const isEnded = run.state === 'ended';
  if (isWithheld(run)) {
    return (
      <Empty title="Sealed, and not shown here">Save it from the receipt above; its recipients can open it.</Empty>
    );
  }
  return (
    <Empty title={isEnded ? `Nothing on ${stream}` : `Nothing on ${stream} yet`}>
      {isEnded && run.results.length > 0 ? 'What it returned is in the outcome above.' : undefined}
    </Empty>
  );
}

/** A run whose result is sealed counts its output but keeps none of it. */
function isWithheld(run: RunRecord): boolean {
  return (run.usage?.outputBytes ?? 0) > 0 && run.stdoutBytes + run.stderrBytes === 0 && run.results.length === 0;
}

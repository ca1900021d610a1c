import { useState } from 'react';
import { addTerm, formatTerm, parseFilter } from '../../../shared/filter/index.ts';
import { useBridge } from '../../bridge/context.ts';
import { asFailure } from '../../lib/failure.ts';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { useHashParam } from '../../lib/hash-route.ts';
import { HiddenTitle } from '../../ui/HiddenTitle.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import styles from './AuditScreen.module.css';
import { EntryDrawer } from './EntryDrawer.tsx';
import { EntryGrid } from './EntryGrid.tsx';
import { FilterBar } from './FilterBar.tsx';
import { exceptionClasses } from './families.ts';
import { LogTools } from './LogTools.tsx';
import { isWhole, type Span } from './span.ts';
import { Timeline } from './Timeline.tsx';
import { useHistogram, useLogGrowth, usePositions } from './use-audit.ts';
import { VerificationBanner } from './VerificationBanner.tsx';

/** The log: an overview that never changes its scale, the span that is looked at, and its entries. */
export function AuditScreen() {
  const { client } = useBridge();
  const [filterParam, setFilterParam] = useHashParam('f');
  const [seqParam, setSeqParam] = useHashParam('seq');
  const [span, setSpan] = useState<Span | null>(null);
  const [isFollowing, setFollowing] = useState(seqParam === null);
  const written = filterParam ?? '';
  const isValid = parseFilter(written, Date.now()).errors.length === 0;
  const [lastValid, setLastValid] = useState(isValid ? written : '');
  if (isValid && written !== lastValid) setLastValid(written);
  const filter = isValid ? written : lastValid;
  useLogGrowth();
  const overview = useHistogram(filter, null, 400);
  const matched = overview.data?.matched ?? 0;
  const whole: Span | null =
    overview.data === undefined
      ? null
      : { from: overview.data.fromTs, to: Math.max(overview.data.toTs, overview.data.fromTs + 1) };
  const positions = usePositions(filter, span, matched);
  const selected = seqParam === null ? null : Number(seqParam);
  const select = (seq: number | null) => {
    if (seq !== null) setFollowing(false);
    setSeqParam(seq === null ? null : String(seq));
  };
  const changeSpan = (next: Span | null) => {
    setFollowing(false);
    setSpan(next === null || (whole !== null && isWhole(next, whole)) ? null : next);
  };
  const jump = async (kind: 'match' | 'exception', direction: 1 | -1) => {
    const wanted = kind === 'match' ? filter : addTerm(filter, `outcome:${exceptionClasses.join(',')}`);
    const start = selected ?? (direction === 1 ? -1 : Number.MAX_SAFE_INTEGER);
    const found = await client.audit.locate({ filter: wanted, seq: Math.max(0, direction === 1 ? start + 1 : start) });
    if (!found.ok) return;
    const position = direction === 1 ? found.value.position : found.value.position - 1;
    if (position < 0 || position >= found.value.matched) return;
    const page = await client.audit.page({ filter: wanted, from: position, length: 1 });
    if (page.ok && page.value.rows[0] !== undefined) select(page.value.rows[0].seq);
  };
  const add = (field: string, value: string, isNegated: boolean) =>
    setFilterParam(addTerm(written, formatTerm(field, value, isNegated)));
  if (overview.error !== null && overview.data === undefined) {
    return (
      <div className={styles.failed}>
        <FailureNotice failure={asFailure(overview.error)} notDone="The log could not be read." />
      </div>
    );
  }
  return (
    <div className={styles.screen}>
      <HiddenTitle>Audit</HiddenTitle>
      <Timeline
        filter={filter}
        overview={overview.data}
        whole={whole}
        span={span}
        onSpan={changeSpan}
        onJump={(kind, direction) => void jump(kind, direction)}
        onClear={() => {
          select(null);
          setSpan(null);
        }}
      />
      <VerificationBanner onSeq={select} />
      <FilterBar
        value={written}
        onChange={setFilterParam}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        tools={<LogTools filter={filter} matched={matched} total={overview.data?.total ?? 0} selected={selected} />}
      />
      <p className={styles.counts} role="status">
        <span>
          <b>{formatCount(matched)}</b> / {formatCount(overview.data?.total ?? 0)} entries match
        </span>
        {overview.data !== undefined && overview.data.scanned < overview.data.total && (
          <span>
            searching, {Math.floor((overview.data.scanned / overview.data.total) * 100)} % read{' '}
            <button type="button" className={styles.stop} onClick={() => void client.audit.stopSearch({ filter })}>
              Stop
            </button>
          </span>
        )}
        {span !== null && (
          <span>
            {formatCount(Math.max(0, positions.end - positions.start))} in {formatMoment(span.from)} to{' '}
            {formatMoment(span.to)}
          </span>
        )}
        {whole !== null && (
          <span className={styles.edges}>
            first {formatMoment(whole.from)}, last {formatMoment(whole.to)}
          </span>
        )}
      </p>
      <div className={styles.lower}>
        <EntryGrid
          filter={filter}
          start={positions.start}
          end={positions.end}
          selected={selected}
          isFollowing={isFollowing}
          onSelect={select}
          onFollow={setFollowing}
          onTerm={add}
        />
        {selected !== null && <EntryDrawer key={selected} seq={selected} onClose={() => select(null)} onTerm={add} />}
      </div>
    </div>
  );
}

import { Minus, Plus } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditRow } from '../../../shared/contract/audit.ts';
import { useBridge } from '../../bridge/context.ts';
import { formatCount, formatDate, formatTime, shortHash } from '../../lib/format.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { Grid } from '../../ui/Grid.tsx';
import type { ScrollerHandle } from '../../ui/use-scroller.ts';
import styles from './EntryGrid.module.css';
import { describeEntryOutcome } from './families.ts';
import { useRows } from './use-audit.ts';

const COLUMNS = [
  { id: 'seq', label: 'Seq', name: 'Sequence number', width: '5.5rem', align: 'end' as const },
  { id: 'time', label: 'Time', name: 'Time', width: '10.5rem' },
  { id: 'op', label: 'Operation', name: 'Operation', width: '10rem' },
  { id: 'outcome', label: 'Outcome', name: 'Outcome', width: '7.5rem' },
  { id: 'module', label: 'Module', name: 'Module', width: '9.5rem' },
  { id: 'actor', label: 'Actor', name: 'Actor', width: '4.5rem' },
  { id: 'summary', label: 'Summary', name: 'Summary', width: 'minmax(8rem, 1fr)' },
];

export type AddTerm = (field: string, value: string, isNegated: boolean) => void;

/** The entries of the span that match, oldest first; the newest is followed until one scrolls or chooses. */
export function EntryGrid(props: {
  filter: string;
  start: number;
  end: number;
  selected: number | null;
  isFollowing: boolean;
  onSelect: (seq: number | null) => void;
  onFollow: (isFollowing: boolean) => void;
  onTerm: AddTerm;
}) {
  const { filter, start, end, selected, isFollowing, onFollow } = props;
  const { client } = useBridge();
  const rowCount = Math.max(0, end - start);
  const [visible, setVisible] = useState({ first: 0, count: 0 });
  const onVisible = useCallback((first: number, count: number) => setVisible({ first, count }), []);
  const rowAt = useRows(filter, start + visible.first, visible.count);
  const scroller = useRef<ScrollerHandle>(null);
  const [active, setActive] = useState<number | null>(null);
  const shownSeq = useRef<number | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows move the tail
  useEffect(() => {
    if (isFollowing) scroller.current?.scrollToEnd();
  }, [isFollowing, rowCount]);

  // A selection from outside (a link, a jump) is looked up and brought into sight; one made here is in sight already.
  useEffect(() => {
    if (selected === null) {
      setActive(null);
      shownSeq.current = null;
      return;
    }
    if (rowCount === 0 || shownSeq.current === selected) return;
    void client.audit.locate({ filter, seq: selected }).then((found) => {
      if (!found.ok) return;
      const row = found.value.position - start;
      if (row < 0 || row >= rowCount) return;
      shownSeq.current = selected;
      setActive(row);
      scroller.current?.scrollToRow(row);
    });
  }, [client, filter, selected, start, rowCount]);

  return (
    <Grid
      label="Log entries"
      columns={COLUMNS}
      rowCount={rowCount}
      activeRow={active}
      handleRef={scroller}
      onVisible={onVisible}
      onUserScroll={(isAtEnd) => {
        if (isAtEnd !== isFollowing) onFollow(isAtEnd);
      }}
      rowKey={(row) => row}
      renderRow={(row) => {
        const entry = rowAt(start + row);
        return entry === undefined ? null : renderCells(entry, props.onTerm);
      }}
      onActivate={(row) => {
        setActive(row);
        const entry = rowAt(start + row);
        if (entry === undefined) return;
        shownSeq.current = entry.seq;
        props.onSelect(entry.seq);
      }}
      onKey={(event) => {
        if (event.key === 'Escape') props.onSelect(null);
      }}
      empty={
        <Empty title={filter === '' ? 'The log is empty' : 'Nothing matches'}>
          {filter === ''
            ? 'Everything that Glovebox does is written here.'
            : 'Take a term out of the filter, or look at a longer span.'}
        </Empty>
      }
    />
  );
}

function renderCells(entry: AuditRow, onTerm: AddTerm) {
  const outcome = entry.outcome === null ? undefined : describeEntryOutcome(entry.outcome);
  return [
    <code key="seq" className={styles.dim}>
      {formatCount(entry.seq)}
    </code>,
    <code key="time" title={new Date(entry.ts).toISOString()}>
      <span className={styles.dim}>{formatDate(entry.ts)}</span> {formatTime(entry.ts)}
    </code>,
    <Filterable key="op" field="kind" value={entry.op} onTerm={onTerm}>
      <code>{entry.op}</code>
    </Filterable>,
    outcome === undefined || entry.outcome === null ? null : (
      <Filterable key="outcome" field="outcome" value={entry.outcome} onTerm={onTerm}>
        <Chip tone={outcome.tone}>{outcome.word}</Chip>
      </Filterable>
    ),
    entry.module === null ? null : (
      <Filterable key="module" field="module" value={entry.module} onTerm={onTerm}>
        <span className={styles.module} title={entry.module}>
          <Fingerprint hash={entry.module} height={14} />
          <code>{shortHash(entry.module)}</code>
        </span>
      </Filterable>
    ),
    <span key="actor" className={styles.dim}>
      {entry.actor}
    </span>,
    <span key="summary" className={styles.summary} title={entry.summary}>
      {entry.summary}
    </span>,
  ];
}

/** A cell whose value can be made a term of the filter, or its opposite. */
function Filterable(props: { field: string; value: string; onTerm: AddTerm; children: React.ReactNode }) {
  const add = (isNegated: boolean) => (event: React.PointerEvent | React.MouseEvent) => {
    event.stopPropagation();
    props.onTerm(props.field, props.value, isNegated);
  };
  return (
    <span className={styles.filterable}>
      {props.children}
      <span className={styles.terms}>
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Only ${props.field} ${props.value}`}
          onPointerDown={stop}
          onClick={add(false)}
        >
          <Plus size={12} aria-hidden />
        </button>
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Without ${props.field} ${props.value}`}
          onPointerDown={stop}
          onClick={add(true)}
        >
          <Minus size={12} aria-hidden />
        </button>
      </span>
    </span>
  );
}

function stop(event: React.PointerEvent): void {
  event.stopPropagation();
}

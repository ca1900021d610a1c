import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { ModuleSummary } from '../../../shared/model/module-report.ts';
import type { RunRecord } from '../../../shared/model/run.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';
import { useRuns } from '../../bridge/queries.ts';
import { formatAgo, formatBytes, formatCount, formatMoment, shortHash } from '../../lib/format.ts';
import { describeRun } from '../../lib/outcome.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { type Column, Grid } from '../../ui/Grid.tsx';
import styles from './ModuleList.module.css';
import { type SortKey, type SortOrder, sortModules } from './sort.ts';

const COLUMNS: { id: SortKey; label: string; width: string; align?: 'end'; isWideOnly?: boolean }[] = [
  { id: 'name', label: 'Module', width: 'minmax(6rem, 2fr)' },
  { id: 'size', label: 'Size', width: '4.75rem', align: 'end' },
  { id: 'imports', label: 'Imports', width: '4.5rem', align: 'end', isWideOnly: true },
  { id: 'exports', label: 'Exports', width: '4.5rem', align: 'end', isWideOnly: true },
  { id: 'features', label: 'Features', width: 'minmax(6rem, 1fr)', isWideOnly: true },
  { id: 'outcome', label: 'Last run', width: '7rem' },
  { id: 'sha256', label: 'SHA-256', width: '8.25rem', isWideOnly: true },
  { id: 'firstSeen', label: 'First seen', width: '6rem', align: 'end', isWideOnly: true },
];

/** All loaded modules, sortable; the active row is the one in the route. */
export function ModuleList(props: { modules: readonly ModuleSummary[]; selected: ModuleDigest | null }) {
  const [, go] = useLocation();
  const [order, setOrder] = useState<SortOrder>({ key: 'used', isDescending: true });
  const lastRuns = useLastRuns();
  const rows = useMemo(() => sortModules(props.modules, order, lastRuns), [props.modules, order, lastRuns]);
  const [cursor, setCursor] = useState<ModuleDigest | null>(null);
  const current = props.selected ?? cursor;
  const index = rows.findIndex((module) => module.sha256 === current);
  const isNarrow = props.selected !== null;
  const shown = COLUMNS.filter((column) => !isNarrow || !column.isWideOnly);
  const now = Date.now();
  return (
    <div className={styles.list}>
      <Grid
        label="Modules"
        columns={shown.map((column) => sortableColumn(column, order, setOrder))}
        rowCount={rows.length}
        activeRow={index === -1 ? null : index}
        rowKey={(row) => rows[row]?.sha256 ?? row}
        renderRow={(row) => {
          const module = rows[row];
          return module === undefined ? null : renderCells(module, lastRuns.get(module.sha256), isNarrow, now);
        }}
        onActivate={(row) => {
          const module = rows[row];
          if (module === undefined) return;
          setCursor(module.sha256);
          go(`/modules/${module.sha256}`, { replace: props.selected !== null });
        }}
      />
    </div>
  );
}

function renderCells(module: ModuleSummary, run: RunRecord | undefined, isNarrow: boolean, now: number) {
  const name = (
    <span key="name" className={styles.name} title={module.name}>
      <span className={styles.bars}>
        <Fingerprint hash={module.sha256} />
      </span>
      <bdi>{module.name}</bdi>
    </span>
  );
  const size = <code key="size">{formatBytes(module.sizeBytes)}</code>;
  const outcome = <LastOutcome key="outcome" module={module} run={run} />;
  if (isNarrow) return [name, size, outcome];
  return [
    name,
    size,
    <code key="imports">{formatCount(module.imports)}</code>,
    <code key="exports">{formatCount(module.exports)}</code>,
    <span key="features" className={styles.dim} title={module.features.join(', ')}>
      {module.features.length === 0 ? 'MVP' : module.features.join(', ')}
    </span>,
    outcome,
    <code key="sha" className={styles.dim}>
      {shortHash(module.sha256)}
    </code>,
    <span key="seen" className={styles.dim} title={formatMoment(module.firstSeen)}>
      {formatAgo(module.firstSeen, now)}
    </span>,
  ];
}

function LastOutcome(props: { module: ModuleSummary; run: RunRecord | undefined }) {
  if (props.run !== undefined) {
    const { tone, word } = describeRun(props.run);
    return <Chip tone={tone}>{word}</Chip>;
  }
  if (props.module.denial !== null) return <Chip tone="denied">Not runnable</Chip>;
  return <span className={styles.dim}>never run</span>;
}

function sortableColumn(
  column: (typeof COLUMNS)[number],
  order: SortOrder,
  setOrder: (order: SortOrder) => void,
): Column {
  const isCurrent = order.key === column.id;
  return {
    id: column.id,
    label: column.label,
    name: column.label,
    width: column.width,
    ...(column.align === undefined ? {} : { align: column.align }),
    sort: isCurrent ? (order.isDescending ? 'descending' : 'ascending') : 'none',
    onSort: () => setOrder({ key: column.id, isDescending: isCurrent ? !order.isDescending : column.id !== 'name' }),
  };
}

/** The newest run of each module. */
function useLastRuns(): ReadonlyMap<string, RunRecord> {
  const { data: runs } = useRuns();
  return useMemo(() => {
    const last = new Map<string, RunRecord>();
    for (const run of runs ?? []) if (!last.has(run.module)) last.set(run.module, run);
    return last;
  }, [runs]);
}

import { Play } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RunRecord } from '../../../shared/model/run.ts';
import { useRuns } from '../../bridge/queries.ts';
import { asFailure } from '../../lib/failure.ts';
import { formatAgo, formatBytes, formatCount, formatDuration, formatMoment } from '../../lib/format.ts';
import { describeRun } from '../../lib/outcome.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty, Loading } from '../../ui/Empty.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { Grid } from '../../ui/Grid.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { describeEntry } from './describe.ts';
import styles from './RunsScreen.module.css';

const COLUMNS = [
  { id: 'state', label: 'Outcome', name: 'Outcome', width: '8rem' },
  { id: 'module', label: 'Module', name: 'Module', width: 'minmax(8rem, 1fr)' },
  { id: 'entry', label: 'Called', name: 'Called', width: 'minmax(8rem, 1.4fr)' },
  { id: 'time', label: 'Time', name: 'Time', width: '5rem', align: 'end' as const },
  { id: 'memory', label: 'Peak memory', name: 'Peak memory', width: '6rem', align: 'end' as const },
  { id: 'fuel', label: 'Fuel', name: 'Fuel', width: '7.5rem', align: 'end' as const },
  { id: 'policy', label: 'Policy', name: 'Policy', width: '6rem' },
  { id: 'started', label: 'Started', name: 'Started', width: '6rem', align: 'end' as const },
];

/** All runs, newest first; those that go are at the top and move. */
export function RunsScreen() {
  const { data: runs, error } = useRuns();
  const [, go] = useLocation();
  const [active, setActive] = useState<number | null>(null);
  if (error !== null) {
    return (
      <div className={styles.failed}>
        <FailureNotice failure={asFailure(error)} notDone="The runs could not be listed." />
      </div>
    );
  }
  if (runs === undefined) return <Loading what="runs" />;
  const open = (row: number) => {
    const run = runs[row];
    if (run !== undefined) go(`/runs/${run.runId}`);
  };
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>Runs</h1>
        <span>{runs.length > 0 && `${formatCount(runs.length)} newest`}</span>
      </header>
      <Grid
        label="Runs"
        columns={COLUMNS}
        rowCount={runs.length}
        activeRow={active}
        onActivate={setActive}
        onOpen={open}
        rowKey={(row) => runs[row]?.runId ?? row}
        renderRow={(row) => {
          const run = runs[row];
          return run === undefined ? null : renderCells(run, Date.now());
        }}
        empty={
          <Empty
            icon={Play}
            title="Nothing has run yet"
            actions={<Button onClick={() => go('/modules')}>Choose a module</Button>}
          >
            Every run is listed here with its outcome, its cost and its place in the log.
          </Empty>
        }
      />
    </div>
  );
}

function renderCells(run: RunRecord, now: number) {
  const { tone, word } = describeRun(run);
  return [
    <Chip key="state" tone={tone}>
      {word}
    </Chip>,
    <a key="module" className={styles.module} href={`#/runs/${run.runId}`} title={run.moduleName}>
      <span>
        <Fingerprint hash={run.module} />
      </span>
      <bdi>{run.moduleName}</bdi>
    </a>,
    <code key="entry" className={styles.dim} title={describeEntry(run)}>
      {describeEntry(run)}
    </code>,
    <code key="time">{run.timing === null ? '' : formatDuration(run.timing.totalMs)}</code>,
    <code key="memory">{run.usage?.memoryPeakBytes == null ? '' : formatBytes(run.usage.memoryPeakBytes)}</code>,
    <code key="fuel">{run.usage?.fuelUsed == null ? '' : formatCount(run.usage.fuelUsed)}</code>,
    <span key="policy" className={styles.dim}>
      {run.policy}
    </span>,
    <span key="started" className={styles.dim} title={formatMoment(run.startedAt)}>
      {formatAgo(run.startedAt, now)}
    </span>,
  ];
}

import { Equal, Minus, Plus, Replace } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';
import { useModule, useModules } from '../../bridge/queries.ts';
import { useHashParam } from '../../lib/hash-route.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Empty, Loading } from '../../ui/Empty.tsx';
import { Grid } from '../../ui/Grid.tsx';
import { Hash } from '../../ui/Hash.tsx';
import styles from './CompareTab.module.css';
import { compareModules, type Difference } from './compare.ts';

const LISTED = 300;
const COLUMNS = [
  { id: 'change', label: 'Change', name: 'Change', width: '6rem' },
  { id: 'part', label: 'Part', name: 'Part', width: '4.5rem' },
  { id: 'name', label: 'Name', name: 'Name', width: 'minmax(5rem, 1fr)' },
  { id: 'before', label: 'Other', name: 'In the other module', width: 'minmax(4rem, 1fr)' },
  { id: 'after', label: 'This', name: 'In this module', width: 'minmax(4rem, 1fr)' },
];

/** What this module has that another has not, and the other way round. */
export function CompareTab(props: { record: ModuleRecord }) {
  const { data: modules } = useModules();
  const [param, setParam] = useHashParam('with');
  const others = modules?.filter((module) => module.sha256 !== props.record.sha256) ?? [];
  const other = others.find((module) => module.sha256 === param) ?? others[0];
  if (modules === undefined) return <Loading what="modules" />;
  if (other === undefined)
    return <Empty title="Nothing to compare with">Load another module, an older version for example.</Empty>;
  return (
    <div className={styles.compare}>
      <div className={styles.pick}>
        <Choice
          label="Compare with"
          value={other.sha256}
          groups={[
            {
              label: '',
              options: others
                .slice(0, LISTED)
                .map((module) => ({ value: module.sha256, label: module.name, note: module.sha256.slice(0, 8) })),
            },
          ]}
          onChange={setParam}
        />
        <Hash hash={other.sha256} />
      </div>
      <Differences key={other.sha256} before={other.sha256} after={props.record} />
    </div>
  );
}

function Differences(props: { before: ModuleDigest; after: ModuleRecord }) {
  const { data: before } = useModule(props.before);
  const rows = useMemo(() => (before === undefined ? [] : compareModules(before, props.after)), [before, props.after]);
  const [active, setActive] = useState<number | null>(null);
  if (before === undefined) return <Loading what="the other module" />;
  return (
    <Grid
      label="Differences"
      columns={COLUMNS}
      rowCount={rows.length}
      activeRow={active}
      onActivate={setActive}
      rowKey={(row) => row}
      renderRow={(row) => {
        const difference = rows[row];
        return difference === undefined ? null : renderCells(difference);
      }}
      empty={
        <Empty icon={Equal} title="No difference">
          Imports, exports, sections and features are alike; the bytes may still differ.
        </Empty>
      }
    />
  );
}

function renderCells({ part, name, before, after }: Difference) {
  const [Icon, word, tone] =
    before === null
      ? [Plus, 'Added', styles.added]
      : after === null
        ? [Minus, 'Removed', styles.removed]
        : [Replace, 'Changed', styles.changed];
  return [
    <span key="change" className={tone}>
      <Icon size={13} aria-hidden /> {word}
    </span>,
    <span key="part" className={styles.dim}>
      {part}
    </span>,
    <code key="name" title={name}>
      {name}
    </code>,
    <code key="before" className={styles.dim} title={before ?? ''}>
      {before ?? ''}
    </code>,
    <code key="after" title={after ?? ''}>
      {after ?? ''}
    </code>,
  ];
}

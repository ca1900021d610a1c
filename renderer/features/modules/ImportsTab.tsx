import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleHelp, ShieldX } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { formatExtern } from '../../lib/signature.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Grid } from '../../ui/Grid.tsx';
import styles from './tab.module.css';
import { judgeImport, type Verdict } from './verdict.ts';

const COLUMNS = [
  { id: 'verdict', label: 'Now', name: 'Verdict', width: '6rem' },
  { id: 'module', label: 'Module', name: 'Module', width: 'minmax(4rem, 0.8fr)' },
  { id: 'name', label: 'Name', name: 'Name', width: 'minmax(6rem, 0.9fr)' },
  { id: 'type', label: 'Type', name: 'Type', width: 'minmax(5rem, 0.9fr)' },
  { id: 'why', label: 'Why', name: 'Why', width: 'minmax(9rem, 1.6fr)' },
];

const VERDICTS = {
  granted: { tone: 'ok', word: 'Granted', icon: CircleCheck },
  denied: { tone: 'denied', word: 'Denied', icon: ShieldX },
  unknown: { tone: 'timeout', word: 'Unknown', icon: CircleHelp },
} as const;

/** What the module wants from its host, and whether the policy in force gives it. */
export function ImportsTab(props: { record: ModuleRecord }) {
  const { record } = props;
  const { client } = useBridge();
  const { data: resolution } = useQuery(queries.resolution(client, record.sha256));
  const [active, setActive] = useState<number | null>(null);
  const rows = useMemo(
    () => record.report.imports.toSorted((a, b) => a.module.localeCompare(b.module) || a.name.localeCompare(b.name)),
    [record],
  );
  return (
    <Grid
      label="Imports"
      columns={COLUMNS}
      rowCount={rows.length}
      activeRow={active}
      onActivate={setActive}
      rowKey={(row) => row}
      renderRow={(row) => {
        const item = rows[row];
        if (item === undefined) return null;
        const verdict = resolution === undefined ? undefined : judgeImport(item, resolution);
        return [
          verdict === undefined ? null : <VerdictChip key="verdict" verdict={verdict} />,
          <code key="module" className={styles.dim} title={item.module}>
            {item.module}
          </code>,
          <code key="name" title={item.name}>
            {item.name}
          </code>,
          <code key="type" className={styles.dim}>
            {item.type.kind === 'function' ? '' : `${item.type.kind} `}
            {formatExtern(item.type)}
          </code>,
          <span key="why" className={styles.dim} title={verdict?.why}>
            {verdict?.why}
          </span>,
        ];
      }}
      empty={
        <Empty icon={CircleCheck} title="It asks for nothing">
          The module imports nothing: it can compute on its arguments and its own memory, and that is all.
        </Empty>
      }
    />
  );
}

function VerdictChip(props: { verdict: Verdict }) {
  const { tone, word, icon } = VERDICTS[props.verdict.kind];
  return (
    <Chip tone={tone} icon={icon}>
      {word}
    </Chip>
  );
}

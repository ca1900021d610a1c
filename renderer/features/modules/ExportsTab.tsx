import { Play } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { formatExtern } from '../../lib/signature.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Grid } from '../../ui/Grid.tsx';
import styles from './tab.module.css';

const COLUMNS = [
  { id: 'kind', label: 'Kind', name: 'Kind', width: '5rem' },
  { id: 'name', label: 'Name', name: 'Name', width: 'minmax(8rem, 1fr)' },
  { id: 'type', label: 'Type', name: 'Type', width: 'minmax(8rem, 1.2fr)' },
  { id: 'run', label: 'Run', name: 'Run', width: '4.5rem', align: 'end' as const },
];

/** What the module offers; every function can be run from here. */
export function ExportsTab(props: { record: ModuleRecord }) {
  const { sha256, report } = props.record;
  const [, go] = useLocation();
  const [active, setActive] = useState<number | null>(null);
  const open = (row: number) => {
    const item = report.exports[row];
    if (item?.type.kind === 'function') go(`/runs/new/${sha256}?export=${encodeURIComponent(item.name)}`);
  };
  return (
    <Grid
      label="Exports"
      columns={COLUMNS}
      rowCount={report.exports.length}
      activeRow={active}
      onActivate={setActive}
      onOpen={open}
      rowKey={(row) => row}
      renderRow={(row) => {
        const item = report.exports[row];
        if (item === undefined) return null;
        return [
          <span key="kind" className={styles.dim}>
            {item.type.kind}
          </span>,
          <code key="name" title={item.name}>
            {item.name}
          </code>,
          <code key="type" className={styles.dim}>
            {formatExtern(item.type)}
          </code>,
          item.type.kind === 'function' ? (
            <Button
              key="run"
              kind="quiet"
              icon={Play}
              label={`Run ${item.name}…`}
              onClick={() => open(row)}
              className={styles.link}
            >
              Run…
            </Button>
          ) : null,
        ];
      }}
      empty={<Empty title="It exports nothing">There is no function to call from outside.</Empty>}
    />
  );
}

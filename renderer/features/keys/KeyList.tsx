import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { KeyRecord } from '../../../shared/model/key.ts';
import type { KeyId } from '../../../shared/model/scalars.ts';
import { formatAgo, formatCount, formatDate, formatMoment } from '../../lib/format.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { type Column, Grid } from '../../ui/Grid.tsx';
import { roles, sortKeys, states } from './describe.ts';
import styles from './panes.module.css';

const COLUMNS: readonly (Column & { isWideOnly?: boolean })[] = [
  { id: 'label', label: 'Key', name: 'Key', width: 'minmax(9rem, 2fr)' },
  { id: 'role', label: 'For', name: 'For', width: '3.5rem' },
  { id: 'state', label: 'State', name: 'State', width: '7rem' },
  { id: 'fingerprint', label: 'Fingerprint', name: 'Fingerprint', width: 'minmax(5rem, 11rem)', isWideOnly: true },
  { id: 'uses', label: 'Uses', name: 'Uses', width: '3.5rem', align: 'end', isWideOnly: true },
  { id: 'age', label: 'Age', name: 'Age', width: '5.5rem', align: 'end', isWideOnly: true },
  { id: 'expires', label: 'Expires', name: 'Expires', width: '5.75rem', align: 'end', isWideOnly: true },
];

/** All own keys, the active ones first. */
export function KeyList(props: { keys: readonly KeyRecord[]; selected: KeyId | null }) {
  const [, go] = useLocation();
  const rows = useMemo(() => sortKeys(props.keys), [props.keys]);
  const isNarrow = props.selected !== null;
  const index = rows.findIndex((key) => key.keyId === props.selected);
  const now = Date.now();
  return (
    <div className={styles.list}>
      <Grid
        label="Own keys"
        columns={COLUMNS.filter((column) => !isNarrow || !column.isWideOnly)}
        rowCount={rows.length}
        activeRow={index === -1 ? null : index}
        rowKey={(row) => rows[row]?.keyId ?? row}
        renderRow={(row) => {
          const key = rows[row];
          return key === undefined ? null : renderCells(key, isNarrow, now);
        }}
        onActivate={(row) => {
          const key = rows[row];
          if (key !== undefined) go(`/keys/${key.keyId}`, { replace: isNarrow });
        }}
        empty={<Empty title="No keys yet">Give one a label above and press Enter.</Empty>}
      />
    </div>
  );
}

function renderCells(key: KeyRecord, isNarrow: boolean, now: number) {
  const { tone, word, note } = states[key.state];
  const cells = [
    <span key="label" className={styles.name} title={key.label}>
      <span className={styles.bars}>
        <Fingerprint hash={key.keyId} />
      </span>
      <bdi>{key.label}</bdi>
    </span>,
    <span key="role">{roles[key.role].word}</span>,
    <span key="state" title={note}>
      <Chip tone={tone}>{word}</Chip>
    </span>,
  ];
  if (isNarrow) return cells;
  return [
    ...cells,
    <code key="fingerprint" className={styles.dim} title={key.fingerprint}>
      {key.fingerprint.slice(0, 19)}…
    </code>,
    <code key="uses">{formatCount(key.uses)}</code>,
    <span key="age" className={styles.dim} title={`made ${formatMoment(key.createdAt)}`}>
      {formatAgo(key.createdAt, now)}
    </span>,
    <span key="expires" className={styles.dim}>
      {key.expiresAt === null ? 'never' : formatDate(key.expiresAt)}
    </span>,
  ];
}

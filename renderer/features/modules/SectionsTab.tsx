import { useState } from 'react';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { formatBytes, formatCount } from '../../lib/format.ts';
import { navigate } from '../../lib/hash-route.ts';
import { Grid } from '../../ui/Grid.tsx';
import styles from './tab.module.css';

const COLUMNS = [
  { id: 'name', label: 'Section', name: 'Section', width: 'minmax(7rem, 1fr)' },
  { id: 'offset', label: 'Offset', name: 'Offset', width: '6rem' },
  { id: 'count', label: 'Entries', name: 'Entries', width: '4.5rem', align: 'end' as const },
  { id: 'size', label: 'Size', name: 'Size', width: '4.75rem', align: 'end' as const },
  { id: 'bar', label: 'Share', name: 'Share of the file', width: 'minmax(6rem, 1.2fr)' },
];

/** The file from first to last byte, section by section; a double click or Enter shows one in hex. */
export function SectionsTab(props: { record: ModuleRecord }) {
  const { sections, producers, moduleName } = props.record.report;
  const [active, setActive] = useState<number | null>(null);
  const showInHex = (row: number) => {
    const section = sections[row];
    if (section !== undefined) {
      navigate(`/modules/${props.record.sha256}?tab=hex&at=${section.offset}&len=${section.sizeBytes}`);
    }
  };
  return (
    <div className={styles['fill-height']}>
      {(producers.length > 0 || moduleName !== null) && (
        <dl className={styles.facts} style={{ padding: '0.75rem 1.25rem' }}>
          {moduleName !== null && (
            <>
              <dt>Module name</dt>
              <dd>{moduleName}</dd>
            </>
          )}
          {producers.map((producer) => (
            <Producer key={`${producer.field} ${producer.name}`} {...producer} />
          ))}
        </dl>
      )}
      <Grid
        label="Sections"
        columns={COLUMNS}
        rowCount={sections.length}
        activeRow={active}
        onActivate={setActive}
        onOpen={showInHex}
        rowKey={(row) => row}
        renderRow={(row) => {
          const section = sections[row];
          if (section === undefined) return null;
          const share = props.record.sizeBytes === 0 ? 0 : (section.sizeBytes / props.record.sizeBytes) * 100;
          return [
            <span key="name" title={section.name}>
              {section.id === 0 ? <code>{section.name}</code> : section.name}{' '}
              {section.id === 0 && <span className={styles.dim}>custom</span>}
            </span>,
            <button key="offset" type="button" className={styles.link} onClick={() => showInHex(row)}>
              <code>0x{section.offset.toString(16).padStart(6, '0')}</code>
            </button>,
            <code key="count">{section.count === null ? '' : formatCount(section.count)}</code>,
            <code key="size">{formatBytes(section.sizeBytes)}</code>,
            <span key="bar" className={styles.bar} title={`${share.toFixed(1)} % of the file`}>
              <span className={styles.fill} style={{ width: `${share}%` }} />
            </span>,
          ];
        }}
      />
    </div>
  );
}

function Producer(props: { field: string; name: string; version: string }) {
  return (
    <>
      <dt>{props.field}</dt>
      <dd>
        {props.name} {props.version}
      </dd>
    </>
  );
}

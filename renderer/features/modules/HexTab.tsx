import { useQueries } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { useBridge } from '../../bridge/context.ts';
import { unwrap } from '../../lib/failure.ts';
import { formatCount } from '../../lib/format.ts';
import { useHashParam } from '../../lib/hash-route.ts';
import { TextField } from '../../ui/Field.tsx';
import { Grid } from '../../ui/Grid.tsx';
import type { ScrollerHandle } from '../../ui/use-scroller.ts';
import styles from './HexTab.module.css';
import { interpretBytes, parseAddress, sectionAt } from './hex.ts';

const ROW_BYTES = 16;
const PAGE_BYTES = 16 * 1024;
const PAGE_ROWS = PAGE_BYTES / ROW_BYTES;
const COLUMNS = [
  { id: 'offset', label: 'Offset', name: 'Offset', width: '5.5rem' },
  { id: 'bytes', label: '00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f', name: 'Bytes', width: '24.5rem' },
  { id: 'ascii', label: 'ASCII', name: 'ASCII', width: 'minmax(8.5rem, auto)' },
  { id: 'section', label: 'Section', name: 'Section', width: 'minmax(4rem, 1fr)' },
];

/** The raw bytes, linked with the sections: what `?at=` names is marked, and what is marked is interpreted. */
export function HexTab(props: { record: ModuleRecord }) {
  const { record } = props;
  const [at, setAt] = useHashParam('at');
  const [lengthText] = useHashParam('len');
  const selected = at === null ? null : Number(at);
  const length = lengthText === null ? 1 : Math.max(1, Number(lengthText));
  const rowCount = Math.ceil(record.sizeBytes / ROW_BYTES);
  const [visible, setVisible] = useState({ first: 0, count: 0 });
  const onVisible = useMemo(() => (first: number, count: number) => setVisible({ first, count }), []);
  const readByte = useBytes(record, visible.first, visible.count);
  const scroller = useRef<ScrollerHandle>(null);
  const lastShown = useRef<number | null>(null);
  useEffect(() => {
    if (selected === null || lastShown.current === selected) return;
    lastShown.current = selected;
    scroller.current?.scrollToRow(Math.floor(selected / ROW_BYTES));
  });
  const select = (offset: number) => {
    lastShown.current = offset;
    setAt(String(offset));
  };
  return (
    <div className={styles.hex}>
      <AddressBox sizeBytes={record.sizeBytes} onGo={(offset) => setAt(String(offset))} />
      <Grid
        label="Bytes"
        columns={COLUMNS}
        rowCount={rowCount}
        activeRow={selected === null ? null : Math.floor(selected / ROW_BYTES)}
        isSelected={() => false}
        onActivate={(row) => {
          if (selected === null || Math.floor(selected / ROW_BYTES) !== row) select(row * ROW_BYTES);
        }}
        onVisible={onVisible}
        onKey={(event) => {
          const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
          if (step === 0 || selected === null) return;
          event.preventDefault();
          select(Math.min(Math.max(0, selected + step), record.sizeBytes - 1));
        }}
        handleRef={scroller}
        rowKey={(row) => row}
        renderRow={(row) => renderRow(row, record, readByte, selected, length, select)}
      />
      <Interpretation record={record} offset={selected} readByte={readByte} />
    </div>
  );
}

function renderRow(
  row: number,
  record: ModuleRecord,
  readByte: (offset: number) => number | undefined,
  selected: number | null,
  length: number,
  select: (offset: number) => void,
) {
  const start = row * ROW_BYTES;
  const offsets = Array.from({ length: Math.min(ROW_BYTES, record.sizeBytes - start) }, (_, index) => start + index);
  const isMarked = (offset: number) => selected !== null && offset >= selected && offset < selected + length;
  return [
    <code key="offset" className={styles.offset}>
      {start.toString(16).padStart(8, '0')}
    </code>,
    <code key="bytes" className={styles.bytes}>
      {offsets.map((offset) => (
        <span
          key={offset}
          data-marked={isMarked(offset) || undefined}
          data-mid={offset % ROW_BYTES === 8 || undefined}
          onPointerDown={(event) => {
            event.stopPropagation();
            select(offset);
          }}
        >
          {readByte(offset)?.toString(16).padStart(2, '0') ?? '··'}
        </span>
      ))}
    </code>,
    <code key="ascii" className={styles.ascii}>
      {offsets.map((offset) => {
        const byte = readByte(offset);
        const isText = byte !== undefined && byte >= 0x20 && byte < 0x7f;
        return (
          <span key={offset} data-marked={isMarked(offset) || undefined} data-dim={!isText || undefined}>
            {isText ? String.fromCharCode(byte) : '.'}
          </span>
        );
      })}
    </code>,
    <span key="section" className={styles.section}>
      {sectionAt(record.report.sections, start)?.name ?? ''}
    </span>,
  ];
}

function AddressBox(props: { sizeBytes: number; onGo: (offset: number) => void }) {
  const [text, setText] = useState('');
  const offset = parseAddress(text);
  const isOutside = offset !== undefined && offset >= props.sizeBytes;
  const error =
    text !== '' && (offset === undefined || isOutside)
      ? `expected an offset below 0x${props.sizeBytes.toString(16)}`
      : undefined;
  return (
    <div className={styles.address}>
      <TextField
        label="Go to offset"
        isLabelHidden
        isMono
        value={text}
        onChange={setText}
        placeholder="Offset, as 0x1f or 31, then Enter"
        error={error}
        onEnter={() => {
          if (offset !== undefined && !isOutside) props.onGo(offset);
        }}
      />
      <span>{formatCount(props.sizeBytes)} bytes</span>
    </div>
  );
}

function Interpretation(props: {
  record: ModuleRecord;
  offset: number | null;
  readByte: (offset: number) => number | undefined;
}) {
  const { offset } = props;
  if (offset === null) {
    return <p className={styles.reading}>Choose a byte to read it as a number or as LEB128.</p>;
  }
  const bytes = Array.from({ length: 16 }, (_, index) => props.readByte(offset + index)).filter(
    (byte) => byte !== undefined,
  );
  const section = sectionAt(props.record.report.sections, offset);
  return (
    <dl className={styles.reading} aria-live="polite">
      <div>
        <dt>at</dt>
        <dd>
          0x{offset.toString(16)} ({formatCount(offset)})
          {section === undefined ? '' : `, ${section.name} + ${offset - section.offset}`}
        </dd>
      </div>
      {interpretBytes(new Uint8Array(bytes)).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Bytes of the pages that show, fetched as they come into sight and kept. */
function useBytes(record: ModuleRecord, firstRow: number, rows: number): (offset: number) => number | undefined {
  const { client } = useBridge();
  const firstPage = Math.floor(firstRow / PAGE_ROWS);
  const lastPage = Math.floor(Math.max(firstRow, firstRow + rows) / PAGE_ROWS);
  const pages = Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index).filter(
    (page) => page * PAGE_BYTES < record.sizeBytes,
  );
  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['modules', 'bytes', record.sha256, page],
      queryFn: async () =>
        unwrap(await client.modules.read({ sha256: record.sha256, offset: page * PAGE_BYTES, length: PAGE_BYTES }))
          .bytes,
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  return (offset) => {
    const index = pages.indexOf(Math.floor(offset / PAGE_BYTES));
    return index === -1 ? undefined : answers[index]?.data?.[offset % PAGE_BYTES];
  };
}

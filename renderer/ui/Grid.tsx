// biome-ignore-all lint/a11y/useSemanticElements: rows are placed freely on the scroller, which a table cannot do
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has one tab stop and tells the active row by aria-activedescendant
import clsx from 'clsx';
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useState } from 'react';
import { spacerHeight } from '../lib/scroll.ts';
import styles from './Grid.module.css';
import { useRowHeight } from './use-row-height.ts';
import { type ScrollerHandle, useScroller } from './use-scroller.ts';

export type Column = {
  id: string;
  label: ReactNode;
  name: string;
  width: string;
  align?: 'end';
  sort?: 'ascending' | 'descending' | 'none';
  onSort?: () => void;
};

/**
 * A grid of any number of rows of one height, on the own scroller. One tab stop; arrows, Page Up and Down, Home and End
 * move the active row, Enter opens it.
 */
export function Grid(props: {
  label: string;
  columns: readonly Column[];
  rowCount: number;
  activeRow: number | null;
  isSelected?: (row: number) => boolean;
  renderRow: (row: number) => ReactNode[] | null;
  rowKey: (row: number) => string | number;
  onActivate: (row: number) => void;
  onOpen?: (row: number) => void;
  onVisible?: (first: number, count: number) => void;
  onUserScroll?: (isAtEnd: boolean) => void;
  onKey?: (event: KeyboardEvent, row: number | null) => void;
  handleRef?: Ref<ScrollerHandle>;
  empty?: ReactNode;
}) {
  const rowHeight = useRowHeight();
  const { ref, rows, box, gutter, handle } = useScroller(props.rowCount, rowHeight, props.onUserScroll);
  const [isFocused, setFocused] = useState(false);
  useImperativeHandle(props.handleRef, () => handle, [handle]);
  const { onVisible } = props;
  useEffect(() => onVisible?.(rows.first, rows.count), [rows.first, rows.count, onVisible]);

  const move = (to: number) => {
    const row = Math.min(Math.max(0, to), props.rowCount - 1);
    if (row < 0) return;
    props.onActivate(row);
    handle.reveal(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(box.viewport / rowHeight) - 1);
    const at = props.activeRow ?? -1;
    const target: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(0, at - 1),
      PageDown: at + page,
      PageUp: Math.max(0, at - page),
      Home: 0,
      End: props.rowCount - 1,
    };
    const to = target[event.key];
    if (to !== undefined && !event.altKey && !event.metaKey) {
      event.preventDefault();
      move(to);
    } else if (event.key === 'Enter' && props.activeRow !== null) {
      event.preventDefault();
      props.onOpen?.(props.activeRow);
    } else props.onKey?.(event, props.activeRow);
  };

  const template = props.columns.map((column) => column.width).join(' ');
  const indices = Array.from({ length: rows.count }, (_, index) => rows.first + index);
  const idBase = props.label.replaceAll(/\W+/g, '-');
  const activeId =
    props.activeRow !== null && indices.includes(props.activeRow) ? `${idBase}-${props.activeRow}` : undefined;
  return (
    <div className={styles.frame}>
      <div
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.rowCount + 1}
        aria-colcount={props.columns.length}
        aria-activedescendant={activeId}
        tabIndex={0}
        className={styles.grid}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      >
        <GridHead columns={props.columns} template={template} gutter={gutter} />
        <div ref={ref} className={styles.scroller} role="rowgroup" tabIndex={-1}>
          <div className={styles.spacer} style={{ height: spacerHeight(box) }} role="presentation">
            <div className={styles.window} style={{ height: box.viewport }} role="presentation">
              {indices.map((row, index) => {
                const cells = props.renderRow(row);
                return (
                  <div
                    key={props.rowKey(row)}
                    id={`${idBase}-${row}`}
                    role="row"
                    tabIndex={-1}
                    aria-rowindex={row + 2}
                    aria-selected={props.isSelected?.(row) ?? props.activeRow === row}
                    data-active={props.activeRow === row && isFocused ? true : undefined}
                    className={styles.row}
                    style={{
                      transform: `translateY(${index * rowHeight - rows.shift}px)`,
                      gridTemplateColumns: template,
                      height: rowHeight,
                    }}
                    onPointerDown={(event) => {
                      if (event.button === 0) props.onActivate(row);
                    }}
                    onDoubleClick={() => props.onOpen?.(row)}
                  >
                    {props.columns.map((column, columnIndex) => (
                      <div
                        key={column.id}
                        role="gridcell"
                        className={clsx(styles.cell, column.align === 'end' && styles.end)}
                      >
                        {cells === null ? <span className={styles.pending} /> : cells[columnIndex]}
                      </div>
                    ))}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      </div>
      {props.rowCount === 0 && <div className={styles.empty}>{props.empty}</div>}
    </div>
  );
}

function GridHead(props: { columns: readonly Column[]; template: string; gutter: number }) {
  return (
    <div role="rowgroup" className={styles.head} style={{ paddingInlineEnd: props.gutter }}>
      <div
        role="row"
        aria-rowindex={1}
        tabIndex={-1}
        className={styles.headRow}
        style={{ gridTemplateColumns: props.template }}
      >
        {props.columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            tabIndex={-1}
            aria-sort={column.sort}
            aria-label={column.name}
            className={clsx(styles.headCell, column.align === 'end' && styles.end)}
          >
            {column.onSort === undefined ? (
              column.label
            ) : (
              <button type="button" className={styles.sort} onClick={column.onSort}>
                {column.label}
                {column.sort !== undefined && column.sort !== 'none' && (
                  <span aria-hidden>{column.sort === 'ascending' ? '↑' : '↓'}</span>
                )}
              </button>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

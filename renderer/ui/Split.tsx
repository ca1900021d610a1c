import type { ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import styles from './Split.module.css';

/** Two panes side by side with a separator that the keyboard can move. */
export function Split(props: {
  start: ReactNode;
  end: ReactNode;
  startSize?: string;
  startMin?: string;
  endMin?: string;
  label: string;
}) {
  return (
    <Group orientation="horizontal" className={styles.group}>
      <Panel
        id="start"
        className={styles.pane}
        style={{ overflow: 'hidden' }}
        defaultSize={props.startSize ?? '44%'}
        minSize={props.startMin ?? '20rem'}
      >
        {props.start}
      </Panel>
      <Separator className={styles.separator} aria-label={props.label} />
      <Panel id="end" className={styles.pane} style={{ overflow: 'hidden' }} minSize={props.endMin ?? '22rem'}>
        {props.end}
      </Panel>
    </Group>
  );
}

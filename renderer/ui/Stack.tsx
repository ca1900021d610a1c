import type { ReactNode } from 'react';
import styles from './Stack.module.css';

/** Things under each other at one distance. */
export function Stack(props: { children: ReactNode }) {
  return <div className={styles.stack}>{props.children}</div>;
}

/** Things beside each other, wrapping. */
export function Row(props: { children: ReactNode }) {
  return <div className={styles.row}>{props.children}</div>;
}

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Empty.module.css';

/** What a place says when there is nothing in it yet. */
export function Empty(props: { icon?: LucideIcon; title: string; children?: ReactNode; actions?: ReactNode }) {
  const Icon = props.icon;
  return (
    <div className={styles.empty}>
      {Icon !== undefined && <Icon size={22} strokeWidth={1.6} aria-hidden />}
      <h2>{props.title}</h2>
      {props.children !== undefined && <div className={styles.text}>{props.children}</div>}
      {props.actions !== undefined && <div className={styles.actions}>{props.actions}</div>}
    </div>
  );
}

/** The quiet word while an answer is on its way. */
export function Loading(props: { what: string }) {
  return (
    <p className={styles.loading} role="status">
      Loading {props.what}…
    </p>
  );
}

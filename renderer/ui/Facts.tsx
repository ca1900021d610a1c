import { Fragment, type ReactNode, useId } from 'react';
import styles from './Facts.module.css';

export type FactRow = readonly [label: string, value: ReactNode];

/** Names and values under each other; a value that is undefined is left out. */
export function Facts(props: { rows: readonly FactRow[] }) {
  return (
    <dl className={styles.facts}>
      {props.rows.map(([label, value]) =>
        value === undefined ? null : (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}

/** A part of a page under a small heading. */
export function Section(props: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.caps}>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}

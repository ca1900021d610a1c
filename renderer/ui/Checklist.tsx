import { Check, CircleDashed, X } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Checklist.module.css';

export type CheckLine = {
  readonly name: string;
  readonly state: 'done' | 'failed' | 'not-checked';
  readonly message: ReactNode;
};

const MARKS = {
  done: { icon: Check, word: 'Good' },
  failed: { icon: X, word: 'Failed' },
  'not-checked': { icon: CircleDashed, word: 'Not checked' },
};

/** One line for each check: what it was, how it went as icon and word, and what was found or why not. */
export function Checklist(props: { label: string; lines: readonly CheckLine[] }) {
  return (
    <ul className={styles.list} aria-label={props.label}>
      {props.lines.map((line) => {
        const { icon: Icon, word } = MARKS[line.state];
        return (
          <li key={line.name} className={styles.line} data-state={line.state}>
            <Icon size={15} strokeWidth={2.2} aria-hidden />
            <span className={styles.word}>{word}</span>
            <b>{line.name}</b>
            <span className={styles.message}>{line.message}</span>
          </li>
        );
      })}
    </ul>
  );
}

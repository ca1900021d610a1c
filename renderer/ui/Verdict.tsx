import { CircleCheck, CircleDashed, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Verdict.module.css';

export type VerdictTone = 'ok' | 'unsure' | 'bad' | 'unchecked';

const ICONS: Record<VerdictTone, LucideIcon> = {
  ok: CircleCheck,
  unsure: TriangleAlert,
  bad: CircleX,
  unchecked: CircleDashed,
};

/** The headline of a verification: icon, word, and what was checked. Green only when all of it is good. */
export function Verdict(props: { tone: VerdictTone; word: string; children: ReactNode }) {
  const Icon = ICONS[props.tone];
  return (
    <div role="status" className={styles.verdict} data-tone={props.tone}>
      <Icon size={30} strokeWidth={1.8} aria-hidden />
      <div>
        <p className={styles.word}>{props.word}</p>
        <div className={styles.text}>{props.children}</div>
      </div>
    </div>
  );
}

import clsx from 'clsx';
import {
  CircleCheck,
  CircleDashed,
  CircleSlash,
  Clock,
  Loader,
  type LucideIcon,
  Pause,
  ShieldX,
  TriangleAlert,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Tone } from '../lib/outcome.ts';
import styles from './Chip.module.css';

const ICONS: Record<Tone, LucideIcon> = {
  ok: CircleCheck,
  trap: TriangleAlert,
  timeout: Clock,
  denied: ShieldX,
  running: Loader,
  paused: Pause,
  cancelled: CircleSlash,
  unchecked: CircleDashed,
};

/** A state: always icon, word and colour together. */
export function Chip(props: { tone: Tone; children: ReactNode; icon?: LucideIcon; isPlain?: boolean }) {
  const Icon = props.icon ?? ICONS[props.tone];
  return (
    <span className={clsx(styles.chip, styles[props.tone], props.isPlain && styles.plain)}>
      <Icon size={13} strokeWidth={2} aria-hidden className={props.tone === 'running' ? styles.spin : undefined} />
      {props.children}
    </span>
  );
}

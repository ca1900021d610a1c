import { CircleCheck } from 'lucide-react';
import type { Policy } from '../../../shared/model/policy.ts';
import { plural } from '../../lib/format.ts';
import { formatLimit } from '../../lib/limit-text.ts';
import { Chip } from '../../ui/Chip.tsx';
import styles from './LimitsScreen.module.css';

export function PolicyCard(props: { policy: Policy; isActive: boolean; isShown: boolean; onShow: () => void }) {
  const { policy } = props;
  const { limits } = policy;
  return (
    <li>
      <button type="button" className={styles.card} aria-pressed={props.isShown} onClick={props.onShow}>
        <span className={styles.cardTitle}>
          <bdi>{policy.name}</bdi>
          {!policy.isBuiltIn && <span className={styles.own}>own</span>}
          {props.isActive && (
            <Chip tone="ok" icon={CircleCheck}>
              In use
            </Chip>
          )}
        </span>
        <code>
          {formatLimit('timeMs', limits.timeMs)} · {formatLimit('memoryBytes', limits.memoryBytes)} · fuel{' '}
          {formatLimit('fuel', limits.fuel)}
        </code>
        <span className={styles.grantsLine}>
          {policy.grants.length === 0 ? 'grants nothing' : `grants ${policy.grants.join(', ')}`}
          <span className={styles.hidden}>, {plural(policy.grants.length, 'capability', 'capabilities')}</span>
        </span>
      </button>
    </li>
  );
}

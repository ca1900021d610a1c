import { useQuery } from '@tanstack/react-query';
import { Circle, CircleCheck, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { KeyRecord } from '../../shared/model/key.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import { useBridge } from '../bridge/context.ts';
import { queries, useRuns } from '../bridge/queries.ts';
import { useReceiptStore } from '../features/receipts/context.ts';
import type { ReceiptState } from '../features/receipts/store.ts';
import { Button } from '../ui/Button.tsx';
import styles from './FirstSteps.module.css';

const selectHasVerified = (state: ReceiptState) =>
  state.checked.some(({ state: one }) => one.kind === 'checked' && one.verification.verdict === 'valid');

/** Three things to begin with, where nothing was ever run before this window opened. They tick themselves. */
export function FirstSteps() {
  const { data: runs } = useRuns();
  const [isFirst, setFirst] = useState<boolean>();
  useEffect(() => {
    if (runs !== undefined) setFirst((known) => known ?? runs.length === 0);
  }, [runs]);
  if (isFirst !== true || runs === undefined) return null;
  return <Steps runs={runs} onDismiss={() => setFirst(false)} />;
}

function Steps(props: { runs: readonly RunRecord[]; onDismiss: () => void }) {
  const { client } = useBridge();
  const { data: keys } = useQuery(queries.keys(client));
  const hasVerified = useReceiptStore(selectHasVerified);
  const ended = props.runs.find((run) => run.state === 'ended');
  const steps = [
    { title: 'Run a sample', href: '/modules', isDone: ended !== undefined },
    { title: 'Make a key', href: '/keys', isDone: hasOwnKey(keys?.keys ?? []) },
    {
      title: 'Verify its receipt',
      href: ended === undefined ? '/receipts' : `/receipts/${ended.runId}`,
      isDone: hasVerified,
    },
  ];
  return (
    <section className={styles.strip} aria-label="First steps">
      <ol className={styles.steps}>
        {steps.map(({ title, href, isDone }) => (
          <li key={title}>
            <Link href={href} className={styles.step} data-done={isDone || undefined}>
              {isDone ? <CircleCheck size={15} aria-hidden /> : <Circle size={15} aria-hidden />}
              {title}
              {isDone && <span className={styles.done}>done</span>}
            </Link>
          </li>
        ))}
      </ol>
      <Button kind="quiet" icon={X} label="Dismiss the first steps" onClick={props.onDismiss} />
    </section>
  );
}

/** Whether there are more keys than the one of each role that a new key store begins with. */
function hasOwnKey(keys: readonly KeyRecord[]): boolean {
  return keys.length > new Set(keys.map((key) => key.role)).size;
}

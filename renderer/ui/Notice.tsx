import clsx from 'clsx';
import { CircleAlert, Copy, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../shared/result.ts';
import { copyText } from '../lib/clipboard.ts';
import { describeCode } from '../lib/failure.ts';
import { Button } from './Button.tsx';
import styles from './Notice.module.css';

/** A refusal in place: what happened, what was not done, the code, what to do next, and its details to copy. */
export function FailureNotice(props: {
  failure: Failure;
  /** what the user wanted, as in `the module was not loaded` */
  notDone: string;
  next?: ReactNode;
  children?: ReactNode;
}) {
  const { failure } = props;
  return (
    <div role="alert" className={clsx(styles.notice, styles.failure)}>
      <CircleAlert size={16} aria-hidden className={styles.icon} />
      <div className={styles.body}>
        <p className={styles.what}>{capitalize(failure.message)}.</p>
        <p className={styles.rest}>
          {props.notDone} {props.next}
        </p>
        <div className={styles.foot}>
          <code title={describeCode(failure.code)}>{failure.code}</code>
          {props.children}
          <Button kind="quiet" icon={Copy} onClick={() => void copyText(failureDetails(failure, props.notDone))}>
            Copy details
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Something worth knowing that is not a refusal. */
export function Notice(props: { children: ReactNode; tone?: 'info' | 'warning' }) {
  return (
    <div className={clsx(styles.notice, props.tone === 'warning' ? styles.warning : styles.info)}>
      <Info size={16} aria-hidden className={styles.icon} />
      <div className={styles.body}>{props.children}</div>
    </div>
  );
}

/** A refusal as text for a report; refusals hold no secrets. */
export function failureDetails(failure: Failure, notDone: string): string {
  const details = Object.entries(failure.details ?? {}).map(([key, value]) => `${key}: ${value}`);
  const lines = [`${failure.code}: ${failure.message}`, notDone, ...details];
  if (failure.correlationId !== undefined) lines.push(`correlation: ${failure.correlationId}`);
  return lines.join('\n');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

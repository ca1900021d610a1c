import { RotateCcw } from 'lucide-react';
import type { Capability } from '../../../shared/model/capability.ts';
import type { RunOutcome, RunRecord } from '../../../shared/model/run.ts';
import { useModule } from '../../bridge/queries.ts';
import { formatBytes, formatCount, formatDuration } from '../../lib/format.ts';
import { describeOutcome } from '../../lib/outcome.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useRunStore } from './context.ts';
import { draftOfRun } from './draft.ts';
import styles from './OutcomeCard.module.css';
import { useStart } from './use-start.ts';

/** How it ended, in one sentence, with what it returned and cost. */
export function OutcomeCard(props: { run: RunRecord; outcome: RunOutcome }) {
  const { run, outcome } = props;
  const { tone, word } = describeOutcome(outcome.kind, outcome.exitCode);
  return (
    <section className={styles.card} data-tone={tone} aria-label="Outcome">
      <p className={styles.what}>
        <b>{word}.</b> {outcomeSentence(outcome)}
      </p>
      {run.results.length > 0 && (
        <p className={styles.results}>
          {run.results.map((result, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a result is its place
            <code key={index}>
              <span>{result.type}</span> {result.value}
            </code>
          ))}
        </p>
      )}
      <dl className={styles.costs}>
        {run.timing !== null && (
          <>
            <Cost label="Queued">{formatDuration(round(run.timing.queuedMs))}</Cost>
            <Cost label="Compiled">{formatDuration(round(run.timing.compileMs))}</Cost>
            <Cost label="Ran">{formatDuration(round(run.timing.runMs))}</Cost>
          </>
        )}
        {run.usage?.fuelUsed != null && <Cost label="Fuel">{formatCount(run.usage.fuelUsed)}</Cost>}
        {run.usage?.memoryPeakBytes != null && (
          <Cost label="Peak memory">{formatBytes(run.usage.memoryPeakBytes)}</Cost>
        )}
      </dl>
      {(outcome.missing?.length ?? 0) > 0 && <Missing run={run} missing={outcome.missing ?? []} />}
    </section>
  );
}

function Cost(props: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** What was denied, and a way to allow just that for one more run. */
function Missing(props: { run: RunRecord; missing: NonNullable<RunOutcome['missing']> }) {
  const { data: record } = useModule(props.run.module);
  const kept = useRunStore((state) => state.drafts[props.run.runId]);
  const { start, failure, isStarting } = useStart();
  const capabilities = [
    ...new Set(props.missing.map((item) => item.capability).filter((one) => one !== null)),
  ] as Capability[];
  const hasUnknown = props.missing.some((item) => item.capability === null);
  const rerun = () => {
    if (record === undefined) return;
    const draft = kept ?? draftOfRun(record, props.run);
    void start(record, { ...draft, grants: [...new Set([...draft.grants, ...capabilities])] });
  };
  return (
    <div className={styles.missing}>
      <ul>
        {props.missing.map((item) => (
          <li key={`${item.module} ${item.name}`}>
            <code>
              {item.module}.{item.name}
            </code>{' '}
            {item.capability === null ? 'is no host function' : <>needs {item.capability}</>}
          </li>
        ))}
      </ul>
      {hasUnknown && (
        <p className={styles.hint}>Choose stubs for the unknown imports in the inputs, or leave it denied.</p>
      )}
      {capabilities.length > 0 && !hasUnknown && (
        <Button icon={RotateCcw} isDisabled={isStarting || record === undefined} onClick={rerun}>
          Rerun allowing {capabilities.join(', ')} once
        </Button>
      )}
      {capabilities.length > 0 && !hasUnknown && (
        <p className={styles.hint}>For this one run of this module; the log records the grant.</p>
      )}
      {failure !== undefined && <FailureNotice failure={failure} notDone="Nothing was started." />}
    </div>
  );
}

const STAGES = {
  cooperative: 'It stopped by itself at the next metering check.',
  terminated: 'It did not answer, so its worker was terminated.',
  killed: 'It did not answer, so its process was killed.',
};

function outcomeSentence(outcome: RunOutcome): string {
  const parts = [
    outcome.trap !== undefined
      ? `${capitalize(outcome.trap.kind.replaceAll('-', ' '))}: ${outcome.trap.message}.`
      : undefined,
    outcome.limit !== undefined ? `The ${outcome.limit.name} limit is ${outcome.limit.value}.` : undefined,
    outcome.message !== undefined ? `${capitalize(outcome.message)}.` : undefined,
    outcome.stage !== undefined ? STAGES[outcome.stage] : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

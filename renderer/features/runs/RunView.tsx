import { OctagonX, Pause, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { RunRecord } from '../../../shared/model/run.ts';
import type { Failure, Result } from '../../../shared/result.ts';
import { useCommands } from '../../lib/commands.ts';
import { formatMoment } from '../../lib/format.ts';
import { describeRun } from '../../lib/outcome.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useRunStore } from './context.ts';
import { describeEntry } from './describe.ts';
import { OutcomeCard } from './OutcomeCard.tsx';
import { OutputTabs } from './OutputTabs.tsx';
import { RunMeters } from './RunMeters.tsx';
import styles from './RunView.module.css';
import type { RunStoreState } from './store.ts';

const selectCancel = (state: RunStoreState) => state.cancel;
const selectPause = (state: RunStoreState) => state.pause;
const selectResume = (state: RunStoreState) => state.resume;

/** One run: state, meters, output, and how it ended. */
export function RunView(props: { run: RunRecord; receipt?: ReactNode }) {
  const { run } = props;
  const { tone, word } = describeRun(run);
  const [failure, setFailure] = useState<Failure>();
  return (
    <section className={styles.view} aria-label="Run">
      <header className={styles.head}>
        <Chip tone={tone}>{word}</Chip>
        <code className={styles.call} title={describeEntry(run)}>
          {describeEntry(run)}
        </code>
        <Controls run={run} onFailure={setFailure} />
      </header>
      {failure !== undefined && (
        <div className={styles.notice}>
          <FailureNotice failure={failure} notDone="The run goes on as it was." />
        </div>
      )}
      <RunMeters run={run} />
      {run.outcome !== null && <OutcomeCard run={run} outcome={run.outcome} />}
      {run.outcome !== null && props.receipt}
      <OutputTabs run={run} />
      <footer className={styles.foot}>
        <code>{run.runId}</code>
        <span>started {formatMoment(run.startedAt)}</span>
        <span>policy {run.policy}</span>
        {run.isDeterministic && <span>deterministic</span>}
        {run.ledgerSeqs.length > 0 && (
          <a href={`#/audit?seq=${run.ledgerSeqs[0]}&f=${encodeURIComponent(`run:${run.runId}`)}`}>
            {run.ledgerSeqs.length === 1
              ? `log entry ${run.ledgerSeqs[0]}`
              : `log entries ${run.ledgerSeqs.join(', ')}`}
          </a>
        )}
      </footer>
    </section>
  );
}

/** Pause, resume and cancel: always there, always in the same place. */
function Controls(props: { run: RunRecord; onFailure: (failure: Failure | undefined) => void }) {
  const { runId, state } = props.run;
  const pause = useRunStore(selectPause);
  const resume = useRunStore(selectResume);
  const cancel = useRunStore(selectCancel);
  const act = (call: Promise<Result<unknown>>) => {
    props.onFailure(undefined);
    void call.then((result) => {
      if (!result.ok) props.onFailure(result.error);
    });
  };
  const ended = state === 'ended' ? 'The run has ended' : undefined;
  const stopping = state === 'stopping' ? 'It is being stopped: cooperatively first, then by force' : undefined;
  const noPause = ended ?? stopping ?? (state === 'running' ? undefined : `A run that is ${state} cannot be paused`);
  const noResume = ended ?? stopping ?? (state === 'paused' ? undefined : 'Only a paused run can go on');
  const noCancel = ended ?? stopping;
  const doPause = () => act(pause(runId));
  const doResume = () => act(resume(runId));
  const doCancel = () => act(cancel(runId));
  useCommands([
    { id: 'run.pause', title: 'Pause the run', group: 'Run', shortcut: 'Mod+Alt+KeyP', blocked: noPause, run: doPause },
    {
      id: 'run.resume',
      title: 'Resume the run',
      group: 'Run',
      shortcut: 'Mod+Alt+KeyR',
      blocked: noResume,
      run: doResume,
    },
    {
      id: 'run.cancel',
      title: 'Cancel the run',
      group: 'Run',
      shortcut: 'Mod+Period',
      blocked: noCancel,
      run: doCancel,
    },
  ]);
  return (
    <div className={styles.controls}>
      <Button
        icon={Pause}
        label="Pause at the next metering check"
        shortcut="Mod+Alt+KeyP"
        isDisabled={noPause !== undefined}
        reason={noPause}
        onClick={doPause}
      >
        Pause
      </Button>
      <Button
        icon={Play}
        label="Let it go on"
        shortcut="Mod+Alt+KeyR"
        isDisabled={noResume !== undefined}
        reason={noResume}
        onClick={doResume}
      >
        Resume
      </Button>
      <Button
        kind="danger"
        icon={OctagonX}
        label="Stop it: cooperatively, then by force"
        shortcut="Mod+Period"
        isDisabled={noCancel !== undefined}
        reason={noCancel}
        onClick={doCancel}
      >
        Cancel
      </Button>
    </div>
  );
}

import { CircleCheck, CircleDashed, CircleX, Loader, X } from 'lucide-react';
import { Link } from 'wouter';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { formatBytes, formatDuration, plural } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import styles from './Arrivals.module.css';
import { useModuleStore } from './context.ts';
import type { Arrival, ModuleState } from './store.ts';

const selectArrivals = (state: ModuleState) => state.arrivals;
const selectDismiss = (state: ModuleState) => state.dismiss;
const selectDismissDone = (state: ModuleState) => state.dismissDone;

/** The files of the last drops, each with its steps and times; a refused one with its reason. */
export function Arrivals() {
  const arrivals = useModuleStore(selectArrivals);
  const dismissDone = useModuleStore(selectDismissDone);
  const refused = arrivals.filter((arrival) => arrival.status.kind === 'refused').length;
  return (
    <section className={styles.arrivals} aria-label="Arrivals">
      <header className={styles.head}>
        <h2>{plural(arrivals.length, 'file')} brought in</h2>
        {refused > 0 && <span className={styles.refused}>{refused} refused</span>}
        <Button kind="quiet" icon={X} label="Clear finished" onClick={dismissDone} />
      </header>
      <ul>
        {arrivals.map((arrival) => (
          <ArrivalRow key={arrival.id} arrival={arrival} />
        ))}
      </ul>
    </section>
  );
}

function ArrivalRow(props: { arrival: Arrival }) {
  const { arrival } = props;
  const dismiss = useModuleStore(selectDismiss);
  const { status } = arrival;
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        {status.kind === 'ready' ? (
          <Link href={`/modules/${status.record.sha256}`} className={styles.name}>
            <bdi>{arrival.name}</bdi>
          </Link>
        ) : (
          <bdi className={styles.name}>{arrival.name}</bdi>
        )}
        <code className={styles.size}>{formatBytes(arrival.sizeBytes)}</code>
        <Steps arrival={arrival} />
        <Button kind="quiet" icon={X} label={`Clear ${arrival.name}`} onClick={() => dismiss(arrival.id)} />
      </div>
      {status.kind === 'refused' && (
        <FailureNotice
          failure={status.failure}
          notDone="The file was not loaded; nothing of it was executed."
          next={adviceFor(status.failure.code)}
        />
      )}
    </li>
  );
}

function Steps(props: { arrival: Arrival }) {
  const { status } = props.arrival;
  if (status.kind === 'refused')
    return (
      <ol className={styles.steps}>
        <Step state="failed" label="Refused" />
      </ol>
    );
  if (status.kind === 'loading')
    return (
      <ol className={styles.steps}>
        <Step state="busy" label="Reading, hashing, inspecting" />
      </ol>
    );
  return <DoneSteps record={status.record} isNew={status.isNew} />;
}

function DoneSteps(props: { record: ModuleRecord; isNew: boolean }) {
  const { record } = props;
  const unsupported = record.report.features.filter((feature) => !feature.isSupported).length;
  return (
    <ol className={styles.steps}>
      <Step state="done" label="Hash" detail={formatDuration(record.timing.hashMs)} />
      <Step state="done" label="Sections" detail={formatDuration(record.timing.inspectMs)} />
      <Step
        state={unsupported === 0 ? 'done' : 'failed'}
        label="Features"
        detail={
          unsupported === 0 ? plural(record.report.features.length, 'needed', 'needed') : `${unsupported} unsupported`
        }
      />
      <Step state={record.denial === null ? 'done' : 'failed'} label={record.denial === null ? 'Accepted' : 'Denied'} />
      {!props.isNew && <Step state="idle" label="Already here" />}
    </ol>
  );
}

const STEP_ICONS = { done: CircleCheck, failed: CircleX, busy: Loader, idle: CircleDashed };

function Step(props: { state: keyof typeof STEP_ICONS; label: string; detail?: string }) {
  const Icon = STEP_ICONS[props.state];
  return (
    <li className={styles[props.state]}>
      <Icon size={13} aria-hidden />
      {props.label}
      {props.detail !== undefined && <code>{props.detail}</code>}
    </li>
  );
}

function adviceFor(code: string): string | undefined {
  if (code === 'module.malformed') return 'Check that the file is a compiled .wasm module and was copied whole.';
  if (code === 'module.too-large') return 'Raise the module size in the active policy if you trust its origin.';
  if (code === 'module.unreadable') return 'Drop the file itself again.';
  return undefined;
}

import { OctagonX, Save, X } from 'lucide-react';
import { formatBytes } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Section } from '../../ui/Facts.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useSealingStore } from './context.ts';
import styles from './SealingPane.module.css';
import type { SealingJob, SealingState } from './sealing-store.ts';
import { useSealing } from './use-sealing.ts';

const selectJobs = (state: SealingState) => state.jobs;
const selectDismiss = (state: SealingState) => state.dismiss;

/** What is being sealed and opened, and what came of it. */
export function JobList() {
  const jobs = useSealingStore(selectJobs);
  if (jobs.length === 0) return null;
  return (
    <Section title="Sealed and opened in this window">
      <ul className={styles.jobs}>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    </Section>
  );
}

function JobRow(props: { job: SealingJob }) {
  const { job } = props;
  const { outcome } = job;
  const dismiss = useSealingStore(selectDismiss);
  const { cancel } = useSealing();
  const isCancelled = outcome.kind === 'failed' && outcome.failure.code === 'call.cancelled';
  return (
    <li className={styles.job}>
      <span>
        {outcome.kind === 'working' && <Chip tone="running">{job.act === 'seal' ? 'Sealing' : 'Opening'}</Chip>}
        {outcome.kind === 'done' && <Chip tone="ok">{job.act === 'seal' ? 'Sealed' : 'Opened'}</Chip>}
        {isCancelled && <Chip tone="cancelled">Cancelled</Chip>}
        {outcome.kind === 'failed' && !isCancelled && <Chip tone="trap">Failed</Chip>}
      </span>
      <div className={styles.what}>
        <bdi title={job.name}>{outcome.kind === 'done' ? outcome.fileName : job.name}</bdi>
        {outcome.kind === 'working' && job.isStreamed && (
          <progress
            aria-label={`Progress of ${job.name}`}
            value={job.doneBytes}
            {...(job.totalBytes === null ? {} : { max: Math.max(1, job.totalBytes) })}
          />
        )}
        <code>{sizeText(job)}</code>
      </div>
      <span className={styles.buttons}>
        {outcome.kind === 'working' && job.isStreamed && (
          <Button icon={OctagonX} onClick={() => cancel(job.id)}>
            Cancel
          </Button>
        )}
        {outcome.kind === 'done' && outcome.bytes !== null && (
          <Button
            icon={Save}
            onClick={() => outcome.bytes !== null && saveFile(new Blob([outcome.bytes.slice()]), outcome.fileName)}
          >
            Save again
          </Button>
        )}
        {outcome.kind !== 'working' && (
          <Button kind="quiet" icon={X} label={`Take ${job.name} off the list`} onClick={() => dismiss(job.id)} />
        )}
      </span>
      {outcome.kind === 'failed' && !isCancelled && (
        <div className={styles.failure}>
          <FailureNotice failure={outcome.failure} notDone="No file was written." />
        </div>
      )}
    </li>
  );
}

function sizeText({ outcome, doneBytes, totalBytes }: SealingJob): string {
  if (outcome.kind === 'done') return formatBytes(outcome.sizeBytes);
  if (totalBytes === null) return formatBytes(doneBytes);
  return outcome.kind === 'working' && doneBytes > 0
    ? `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
    : formatBytes(totalBytes);
}

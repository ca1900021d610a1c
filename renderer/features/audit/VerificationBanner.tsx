import { CircleCheck, CircleX, TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import type { AuditFinding, AuditVerification, AuditVerificationReport } from '../../../shared/contract/audit.ts';
import { formatBytes, formatCount, formatDuration, formatMoment, plural } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useVerification, verificationRate } from './use-verification.ts';
import styles from './VerificationBanner.module.css';

const SHOWN_FINDINGS = 50;

/** What the verification of the log does or found, and what it cannot know. */
export function VerificationBanner(props: { onSeq: (seq: number) => void }) {
  const { verification, cancel } = useVerification();
  const [hidden, setHidden] = useState<number | null>(null);
  if (verification === undefined || verification.state === 'never') return null;
  if (verification.state === 'running') return <Progress verification={verification} onCancel={cancel} />;
  if (hidden === verification.finishedAt) return null;
  const hide = () => setHidden(verification.finishedAt);
  if (verification.report === null) {
    return (
      <div className={styles.banner}>
        <Notice tone="warning">
          The verification {verification.state === 'cancelled' ? 'was given up' : 'could not be done'}
          {verification.message === null ? '' : `: ${verification.message}`}. Nothing is known about the log from it.{' '}
          <Button kind="quiet" onClick={hide}>
            Hide
          </Button>
        </Notice>
      </div>
    );
  }
  return (
    <Verdict report={verification.report} finishedAt={verification.finishedAt} onHide={hide} onSeq={props.onSeq} />
  );
}

function Progress(props: { verification: AuditVerification; onCancel: () => void }) {
  const { progress } = props.verification;
  const share = progress === null || progress.totalBytes === 0 ? 0 : progress.bytes / progress.totalBytes;
  return (
    <section className={styles.progress} aria-label="Verification">
      <span>Verifying</span>
      <progress value={share} max={1} aria-label="Part of the log that is verified" />
      <code>
        {formatCount(progress?.seq ?? 0)} entries · {formatCount(verificationRate(props.verification, Date.now()))}/s ·{' '}
        {formatBytes(progress?.bytes ?? 0)} of {formatBytes(progress?.totalBytes ?? 0)}
      </code>
      <Button kind="quiet" icon={X} onClick={props.onCancel}>
        Give up
      </Button>
    </section>
  );
}

const VERDICTS = {
  intact: { icon: CircleCheck, word: 'Intact' },
  damaged: { icon: TriangleAlert, word: 'Damaged' },
  changed: { icon: CircleX, word: 'Changed' },
} as const;

function Verdict(props: {
  report: AuditVerificationReport;
  finishedAt: number | null;
  onHide: () => void;
  onSeq: (seq: number) => void;
}) {
  const { report } = props;
  const { icon: Icon, word } = VERDICTS[report.verdict];
  // Green only for what was checked in full.
  const look = report.verdict === 'intact' && report.signedSize < report.size ? 'unsigned' : report.verdict;
  return (
    <section className={styles.verdict} data-verdict={look} aria-label="Verification">
      <header>
        <Icon size={24} aria-hidden />
        <h2>{word}</h2>
        <p>
          {verdictSentence(report)} {props.finishedAt !== null && `${formatMoment(props.finishedAt)}, `}
          {formatDuration(Math.round(report.durationMs))}.
        </p>
        <Button kind="quiet" icon={X} label="Hide" onClick={props.onHide} />
      </header>
      {report.findings.length > 0 && (
        <ul className={styles.findings}>
          {report.findings.slice(0, SHOWN_FINDINGS).map((finding) => (
            <Finding
              key={`${finding.kind} ${finding.seq} ${finding.offset} ${finding.message}`}
              finding={finding}
              onSeq={props.onSeq}
            />
          ))}
          {report.findings.length > SHOWN_FINDINGS && <li>{report.findings.length - SHOWN_FINDINGS} more</li>}
        </ul>
      )}
      <details className={styles.details}>
        <summary>What this proves, and what it cannot know</summary>
        <dl>
          <dt>Signed</dt>
          <dd>
            {formatCount(report.signedSize)} of {formatCount(report.size)} entries are under a signed checkpoint;{' '}
            {plural(report.checkpoints, 'checkpoint')} checked
          </dd>
          {report.root !== null && (
            <>
              <dt>Root</dt>
              <dd>
                <Hash hash={report.root} isWhole isCopyable label="root hash" />
              </dd>
            </>
          )}
          <dt>Cannot know</dt>
          <dd>
            <ul>
              {report.cannotKnow.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </dd>
        </dl>
      </details>
    </section>
  );
}

function Finding(props: { finding: AuditFinding; onSeq: (seq: number) => void }) {
  const { finding } = props;
  const { seq } = finding;
  return (
    <li data-severity={finding.severity}>
      <b>{finding.severity}</b>
      <span>{finding.message}</span>
      {seq !== null && (
        <button type="button" onClick={() => props.onSeq(seq)}>
          entry {formatCount(seq)}
        </button>
      )}
      {finding.month !== null && (
        <code>
          {finding.month}
          {finding.line === null ? '' : `:${finding.line}`}
        </code>
      )}
    </li>
  );
}

function verdictSentence(report: AuditVerificationReport): string {
  const entries = plural(report.entries, 'entry', 'entries');
  const unsigned = report.size - report.signedSize;
  if (report.verdict === 'intact') {
    const base = `All ${entries} follow from one another`;
    if (unsigned === 0) return `${base}, and a signed checkpoint covers them.`;
    return `${base}; the last ${formatCount(unsigned)} are not under a signed checkpoint yet.`;
  }
  const findings = plural(report.findings.length, 'finding');
  if (report.verdict === 'damaged') return `${findings} in ${entries}; nothing that was found hides anything.`;
  return `${findings} in ${entries}: something was altered after it was written.`;
}

import { useQuery } from '@tanstack/react-query';
import { Activity, CircleAlert, Link2, Lock, LockOpen } from 'lucide-react';
import { Link } from 'wouter';
import type { AuditVerification } from '../../shared/contract/audit.ts';
import type { SystemStatus } from '../../shared/contract/system.ts';
import { useBridge } from '../bridge/context.ts';
import { queries } from '../bridge/queries.ts';
import { formatCount, formatMoment, plural, shortHash } from '../lib/format.ts';
import styles from './StatusBar.module.css';

/** Engine, running count, log head and key store: always in sight. */
export function StatusBar() {
  const { client } = useBridge();
  const { data: status } = useQuery(queries.status(client));
  const { data: info } = useQuery(queries.info(client));
  return (
    <footer className={styles.bar}>
      {status !== undefined && (
        <>
          <EngineState status={status} />
          <LedgerState ledger={status.ledger} />
          <VaultState vault={status.vault} />
        </>
      )}
      <span className={styles.end}>
        {info !== undefined &&
          `${info.engine} · Glovebox ${info.version} · ${info.host === 'electron' ? 'desktop' : 'served'}`}
      </span>
    </footer>
  );
}

function EngineState(props: { status: SystemStatus }) {
  const { running, queued, guestProcesses } = props.status;
  return (
    <Link href="/runs" className={running > 0 ? styles.live : styles.item}>
      <Activity size={13} aria-hidden />
      {running === 0 ? 'Idle' : `${formatCount(running)} running`}
      {queued > 0 && `, ${formatCount(queued)} queued`}
      <span className={styles.dim}>{plural(guestProcesses, 'guest process', 'guest processes')}</span>
    </Link>
  );
}

function LedgerState(props: { ledger: SystemStatus['ledger'] }) {
  const { ledger } = props;
  const { client } = useBridge();
  const { data: verification } = useQuery(queries.verification(client));
  const isOpen = ledger.state === 'open';
  return (
    <Link
      href="/audit"
      className={isOpen ? styles.item : styles.bad}
      title={ledger.message ?? `Log head ${ledger.head}`}
    >
      {isOpen ? <Link2 size={13} aria-hidden /> : <CircleAlert size={13} aria-hidden />}
      {isOpen ? plural(ledger.entries, 'entry', 'entries') : `Log ${ledger.state}: ${ledger.message ?? 'nothing runs'}`}
      <code className={styles.dim}>{shortHash(ledger.head)}</code>
      {verification !== undefined && <span className={styles.dim}>{describeVerification(verification)}</span>}
    </Link>
  );
}

/** When the log was last found to be what, in a few words. */
function describeVerification({ state, report, finishedAt }: AuditVerification): string {
  if (state === 'running') return 'being verified';
  if (report === null || finishedAt === null) return 'not verified';
  return `${report.verdict} at ${formatMoment(finishedAt).slice(11, 16)}`;
}

function VaultState(props: { vault: SystemStatus['vault'] }) {
  const { state, protection } = props.vault;
  if (state === 'absent') return null;
  const Icon = state === 'locked' ? Lock : LockOpen;
  return (
    <Link href="/keys" className={styles.item}>
      <Icon size={13} aria-hidden />
      Keys {state}
      {protection === 'file' ? (
        <span className={styles.warn}>in an unprotected file</span>
      ) : (
        <span className={styles.dim}>by {protection}</span>
      )}
    </Link>
  );
}

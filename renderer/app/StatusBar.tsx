import { useQuery } from '@tanstack/react-query';
import { Activity, CircleAlert, CircleCheck, Link2, Lock, LockOpen } from 'lucide-react';
import { Link } from 'wouter';
import type { SystemStatus } from '../../shared/contract/system.ts';
import { useBridge } from '../bridge/context.ts';
import { queries } from '../bridge/queries.ts';
import { formatCount, shortHash } from '../lib/format.ts';
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
      <span className={styles.dim}>{guestProcesses} guest processes</span>
    </Link>
  );
}

function LedgerState(props: { ledger: SystemStatus['ledger'] }) {
  const { ledger } = props;
  const isOpen = ledger.state === 'open';
  return (
    <Link
      href="/audit"
      className={isOpen ? styles.item : styles.bad}
      title={ledger.message ?? `Log head ${ledger.head}`}
    >
      {isOpen ? <Link2 size={13} aria-hidden /> : <CircleAlert size={13} aria-hidden />}
      {isOpen ? `${formatCount(ledger.entries)} entries` : `Log ${ledger.state}: ${ledger.message ?? 'nothing runs'}`}
      <code className={styles.dim}>{shortHash(ledger.head)}</code>
    </Link>
  );
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
        <span className={styles.warn}>unprotected file</span>
      ) : (
        <CircleCheck size={13} aria-hidden />
      )}
      <span className={styles.dim}>{protection}</span>
    </Link>
  );
}

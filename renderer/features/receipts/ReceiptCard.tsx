import { useQuery } from '@tanstack/react-query';
import { FileLock2, ShieldCheck } from 'lucide-react';
import { Link } from 'wouter';
import type { RunRecord } from '../../../shared/model/run.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { shortHash } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import styles from './ReceiptCard.module.css';
import { ReceiptExports } from './ReceiptExports.tsx';

/** The receipt of an ended run: who signed it, and what can be done with it. Nothing where there is none. */
export function ReceiptCard(props: { run: RunRecord }) {
  const { run } = props;
  if (run.receiptId === null) return null;
  return <Card run={run} receiptId={run.receiptId} />;
}

function Card(props: { run: RunRecord; receiptId: string }) {
  const { client } = useBridge();
  const { data } = useQuery(queries.receipt(client, props.run.runId));
  const { data: keys } = useQuery(queries.keys(client));
  const signer = data?.summary.signer;
  const label = keys?.keys.find((key) => key.keyId === signer)?.label;
  return (
    <section className={styles.card} aria-label="Receipt">
      <Fingerprint hash={props.receiptId} height={24} />
      <p className={styles.text}>
        <b>Receipt</b> <code title={props.receiptId}>{shortHash(props.receiptId)}</code>
        <span>
          {signer === undefined ? 'signed' : `signed by ${label ?? shortHash(signer)}`}
          {props.run.sealedBytes === undefined ? '' : ', output sealed'}
        </span>
      </p>
      <div className={styles.acts}>
        <Link href={`/receipts/${props.run.runId}`} className={styles.verify}>
          <ShieldCheck size={15} aria-hidden />
          Verify
        </Link>
        <ReceiptExports runId={props.run.runId} hasOpenings={false} />
        {props.run.sealedBytes !== undefined && <SealedOutput run={props.run} />}
      </div>
    </section>
  );
}

/** Saves what the run gave, sealed as it was asked for. */
function SealedOutput(props: { run: RunRecord }) {
  const { client } = useBridge();
  const { run, failure } = useAct();
  const save = async () => {
    const file = await run(() => client.sealing.output({ runId: props.run.runId }));
    if (file !== undefined) saveFile(new Blob([file.bytes.slice()]), file.fileName);
  };
  return (
    <>
      <Button icon={FileLock2} label="What the run gave, sealed to its recipients" onClick={() => void save()}>
        Sealed output
      </Button>
      {failure !== undefined && <FailureNotice failure={failure} notDone="Nothing was saved." />}
    </>
  );
}

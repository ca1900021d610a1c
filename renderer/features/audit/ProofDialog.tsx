import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, Download } from 'lucide-react';
import type { AuditProof } from '../../../shared/contract/audit.ts';
import { useBridge } from '../../bridge/context.ts';
import { asFailure, unwrap } from '../../lib/failure.ts';
import { formatCount } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Loading } from '../../ui/Empty.tsx';
import { CopyButton, Hash } from '../../ui/Hash.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import styles from './ProofDialog.module.css';
import { type CheckedProof, checkProof } from './proof.ts';

/** The way from an entry's line to the signed root, worked out again in the window. */
export function ProofDialog(props: { seq: number; onClose: () => void }) {
  const { client } = useBridge();
  const { data, error } = useQuery({
    queryKey: ['audit', 'entry', props.seq, 'proof'],
    queryFn: async () => {
      const proof = unwrap(await client.audit.prove({ seq: props.seq }));
      return { proof, checked: await checkProof(proof) };
    },
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title={`Proof of entry ${formatCount(props.seq)}`}
      description="That the log had this very line when its root was signed. Whether anything else was left out, it does not say."
      size="wide"
      actions={data === undefined ? undefined : <ProofActions proof={data.proof} />}
    >
      {error !== null && <FailureNotice failure={asFailure(error)} notDone="No proof was made." />}
      {data === undefined && error === null && <Loading what="the proof" />}
      {data !== undefined && <ProofTree proof={data.proof} checked={data.checked} />}
    </Dialog>
  );
}

function ProofActions(props: { proof: AuditProof }) {
  const { proof } = props;
  return (
    <>
      <CopyButton text={JSON.stringify(proof, null, 2)} label="Copy proof JSON" />
      <Button icon={Download} onClick={() => saveFile(new Blob([proof.tlogProof]), `entry-${proof.seq}.tlog-proof`)}>
        Save tlog-proof
      </Button>
    </>
  );
}

function ProofTree(props: { proof: AuditProof; checked: CheckedProof }) {
  const { proof, checked } = props;
  return (
    <div className={styles.proof}>
      <ol className={styles.steps} aria-label="Steps">
        <li>
          <Mark isGood={checked.isLeafAsTold} />
          <span>Leaf: SHA-256 of 00 and the line</span>
          <Hash hash={checked.leaf} />
        </li>
        {checked.steps.map((step) => (
          <li key={step.computed}>
            <Mark isGood={step.isAsTold} />
            <span>
              with its {step.side} neighbour <code title={step.sibling}>{step.sibling.slice(0, 12)}…</code>
            </span>
            <Hash hash={step.computed} />
          </li>
        ))}
      </ol>
      <section className={styles.root} aria-label="Root">
        <h3>Root worked out here</h3>
        <Hash hash={checked.root} isWhole />
        <h3>Root in the signed checkpoint of {formatCount(proof.treeSize)} entries</h3>
        <Hash hash={proof.root} isWhole />
        <p role="status">
          {checked.isRootAsTold && checked.isRootSigned ? (
            <Chip tone="ok" icon={CircleCheck}>
              The same: the entry is in the log
            </Chip>
          ) : (
            <Chip tone="trap" icon={CircleX}>
              Different: this proof does not hold
            </Chip>
          )}
        </p>
        <h3>Signed checkpoint</h3>
        <pre className={styles.note}>{proof.checkpoint}</pre>
      </section>
    </div>
  );
}

function Mark(props: { isGood: boolean }) {
  return props.isGood ? (
    <CircleCheck size={15} className={styles.good} aria-label="holds" />
  ) : (
    <CircleX size={15} className={styles.bad} aria-label="does not hold" />
  );
}

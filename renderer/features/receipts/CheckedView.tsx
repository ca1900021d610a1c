import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import type { ReceiptVerification } from '../../../shared/model/receipt.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Checklist } from '../../ui/Checklist.tsx';
import { Loading } from '../../ui/Empty.tsx';
import { Facts, Section } from '../../ui/Facts.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Verdict } from '../../ui/Verdict.tsx';
import { useReceiptStore } from './context.ts';
import { ReceiptExports } from './ReceiptExports.tsx';
import styles from './ReceiptsScreen.module.css';
import { SignedFields } from './SignedFields.tsx';
import type { CheckedReceipt, ReceiptState } from './store.ts';
import { checkNames, sumUp, verdicts } from './verdict.ts';

const selectReplay = (state: ReceiptState) => state.replay;

/** What a verification found: the verdict, a line for each check, and only then what is signed. */
export function CheckedView(props: { one: CheckedReceipt }) {
  const { one } = props;
  switch (one.state.kind) {
    case 'checking':
      return <Loading what={`the checks of ${one.name}`} />;
    case 'refused':
      return <FailureNotice failure={one.state.failure} notDone={`${one.name} was not checked.`} />;
    case 'checked':
      return <Verified one={one} verification={one.state.verification} />;
  }
}

function Verified(props: { one: CheckedReceipt; verification: ReceiptVerification }) {
  const { one, verification } = props;
  const { verdict, checks, statement, signer, proves } = verification;
  const { word, tone } = verdicts[verdict];
  const replay = useReceiptStore(selectReplay);
  const { client } = useBridge();
  const runId = statement?.predicate.runId;
  const { data: receipts } = useQuery(queries.receipts(client));
  const isOwn = receipts?.some((receipt) => receipt.runId === runId) ?? false;
  const wasReplayed = checks.some((check) => check.name === 'replay' && check.state !== 'not-checked');
  return (
    <article className={styles.view} aria-label={`Verdict on ${one.name}`}>
      <Verdict tone={tone} word={word}>
        <p>{sumUp(verification)}</p>
        <p>
          <bdi>{one.name}</bdi>, checked {formatMoment(one.checkedAt)}
        </p>
      </Verdict>
      <Checklist
        label="Checks"
        lines={checks.map(({ name, state, message }) => ({ name: checkNames[name], state, message }))}
      />
      {statement?.predicate.isDeterministic && !wasReplayed && (
        <div className={styles.links}>
          <Button icon={RotateCw} onClick={() => void replay(one.id)}>
            Run it again and compare
          </Button>
          <span className={styles.hint}>
            The run was deterministic: the same module and input must end the same way.
          </span>
        </div>
      )}
      <p className={styles.proves}>What it proves: {proves}.</p>
      {signer !== null && (
        <Section title="Signer">
          <div className={styles.signed}>
            <Facts
              rows={[
                ['Known here as', signer.label ?? 'nobody: compare the fingerprint and add a contact'],
                [
                  'Fingerprint',
                  <span key="fingerprint" className={styles.links}>
                    <Fingerprint hash={signer.keyId} />
                    {signer.fingerprint}
                  </span>,
                ],
              ]}
            />
          </div>
        </Section>
      )}
      {statement !== null && <SignedFields predicate={statement.predicate} />}
      {isOwn && runId !== undefined && <ReceiptExports runId={runId} />}
    </article>
  );
}

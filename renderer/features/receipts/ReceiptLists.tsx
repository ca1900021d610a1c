import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useBridge } from '../../bridge/context.ts';
import { queries, useModules } from '../../bridge/queries.ts';
import { formatMoment, formatTime, shortHash } from '../../lib/format.ts';
import { describeOutcome } from '../../lib/outcome.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Section } from '../../ui/Facts.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { useReceiptStore } from './context.ts';
import styles from './ReceiptsScreen.module.css';
import type { CheckedReceipt, ReceiptState } from './store.ts';
import { verdicts } from './verdict.ts';

const selectChecked = (state: ReceiptState) => state.checked;
const selectShownId = (state: ReceiptState) => state.shown;
const selectShow = (state: ReceiptState) => state.show;

/** What was checked in this window, and the receipts of this machine. */
export function ReceiptLists() {
  return (
    <div className={styles.lists}>
      <CheckedList />
      <OwnList />
    </div>
  );
}

function CheckedList() {
  const checked = useReceiptStore(selectChecked);
  const shown = useReceiptStore(selectShownId);
  const show = useReceiptStore(selectShow);
  if (checked.length === 0) return null;
  return (
    <Section title="Checked in this window">
      <ul className={styles.list}>
        {checked.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={styles.entry}
              aria-current={one.id === shown || undefined}
              onClick={() => show(one.id)}
            >
              <VerdictChip one={one} />
              <span className={styles.name}>
                <bdi title={one.name}>{one.name}</bdi>
              </span>
              <code className={styles.hint}>{formatTime(one.checkedAt).slice(0, 8)}</code>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const TONES = { ok: 'ok', unsure: 'timeout', bad: 'trap', unchecked: 'unchecked' } as const;

function VerdictChip(props: { one: CheckedReceipt }) {
  const { state } = props.one;
  if (state.kind === 'checking') return <Chip tone="running">Checking</Chip>;
  if (state.kind === 'refused') return <Chip tone="unchecked">Refused</Chip>;
  const { tone, word } = verdicts[state.verification.verdict];
  return <Chip tone={TONES[tone]}>{word}</Chip>;
}

function OwnList() {
  const { client } = useBridge();
  const { data: receipts } = useQuery(queries.receipts(client));
  const { data: modules } = useModules();
  if (receipts === undefined) return null;
  const nameOf = (sha256: string) => modules?.find((module) => module.sha256 === sha256)?.name ?? shortHash(sha256);
  return (
    <Section title="Receipts of this machine">
      {receipts.length === 0 ? (
        <p className={styles.hint}>Every run leaves one here, whatever its outcome.</p>
      ) : (
        <ul className={styles.list}>
          {receipts.map((receipt) => {
            const { tone, word } = describeOutcome(receipt.kind);
            return (
              <li key={receipt.receiptId}>
                <Link href={`/receipts/${receipt.runId}`} className={styles.entry}>
                  <Fingerprint hash={receipt.receiptId} />
                  <span className={styles.name}>
                    <bdi>{nameOf(receipt.module)}</bdi>
                    <small>{formatMoment(receipt.finishedAt)}</small>
                  </span>
                  <Chip tone={tone}>{word}</Chip>
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link2, Play } from 'lucide-react';
import { Link } from 'wouter';
import type { ReceiptPredicate } from '../../../shared/model/receipt.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { formatBytes, formatCount, formatDuration } from '../../lib/format.ts';
import { formatLimit } from '../../lib/limit-text.ts';
import { describeOutcome } from '../../lib/outcome.ts';
import { Chip } from '../../ui/Chip.tsx';
import { type FactRow, Facts, Section } from '../../ui/Facts.tsx';
import { differences } from './compare-run.ts';
import styles from './ReceiptsScreen.module.css';

/** The fields under the signature, and how they stand against the run that this machine remembers. */
export function SignedFields(props: { predicate: ReceiptPredicate }) {
  const { predicate } = props;
  const { tone, word } = describeOutcome(predicate.result.kind, predicate.result.exitCode);
  return (
    <>
      <LocalRun predicate={predicate} />
      <Section title="Signed">
        <div className={styles.signed}>
          <Facts
            rows={[
              [
                'Outcome',
                <Chip key="outcome" tone={tone}>
                  {word}
                </Chip>,
              ],
              ...resultRows(predicate),
              ['Module SHA-256', predicate.module.sha256],
              ['Module size', formatBytes(predicate.module.sizeBytes)],
              ['Called', predicate.entry.kind === 'export' ? `export ${predicate.entry.name}` : 'the WASI program'],
              ['Instances', predicate.batchSize === 1 ? undefined : formatCount(predicate.batchSize)],
              ['Capabilities', predicate.capabilities.length === 0 ? 'none' : predicate.capabilities.join(', ')],
              ['Deterministic', predicate.isDeterministic ? 'yes' : 'no'],
              ...limitRows(predicate),
              ...usageRows(predicate),
              ['Commitment to input', predicate.input.value],
              ['Commitment to output', predicate.output.value],
              ['Started', predicate.startedAt],
              ['Finished', predicate.finishedAt],
              ['Runtime', `${predicate.runtime.name} ${predicate.runtime.version}, ${predicate.runtime.engine}`],
              ['Run', predicate.runId],
              ['Session', predicate.sessionId ?? undefined],
              ['Sealed output', predicate.sealed?.output?.sha256],
            ]}
          />
        </div>
      </Section>
    </>
  );
}

function resultRows({ result }: ReceiptPredicate): FactRow[] {
  const { trap, limit } = result;
  const place = trap?.functionIndex == null ? '' : ` in function ${trap.functionIndex}`;
  const offset = trap?.offset == null ? '' : ` at 0x${trap.offset.toString(16)}`;
  return [
    ['Trap', trap === undefined ? undefined : `${trap.kind.replaceAll('-', ' ')}${place}${offset}`],
    ['Limit hit', limit === undefined ? undefined : `${limit.name}, ${limit.value}`],
  ];
}

function limitRows({ limits }: ReceiptPredicate): FactRow[] {
  return [
    ['Memory limit', formatLimit('memoryBytes', limits.memoryBytes)],
    ['Time limit', formatLimit('timeMs', limits.timeMs)],
    ['Fuel limit', formatLimit('fuel', limits.fuel)],
  ];
}

function usageRows({ usage }: ReceiptPredicate): FactRow[] {
  return [
    ['Fuel used', usage.fuelUsed === null ? undefined : formatCount(usage.fuelUsed)],
    ['Peak memory', usage.memoryPeakBytes === null ? undefined : formatBytes(usage.memoryPeakBytes)],
    ['Output', formatBytes(usage.outputBytes)],
    ['Ran', formatDuration(usage.runMs)],
  ];
}

/** The run as this machine remembers it, with what differs from the receipt, and its entry in the log. */
function LocalRun(props: { predicate: ReceiptPredicate }) {
  const { predicate } = props;
  const { client } = useBridge();
  const { data: run } = useQuery(queries.run(client, predicate.runId));
  if (run === undefined) return <p className={styles.hint}>This machine does not remember the run.</p>;
  const different = differences(predicate, run);
  return (
    <Section title="The run on this machine">
      <div className={styles.links}>
        {different.length === 0 ? (
          <Chip tone="ok">The same as the receipt</Chip>
        ) : (
          <span className={styles.differs}>Differs from the receipt in {different.join(', ')}</span>
        )}
        <Link href={`/runs/${run.runId}`} className={styles.link}>
          <Play size={14} aria-hidden />
          Open the run
        </Link>
        {run.ledgerSeqs.map((seq) => (
          <Link
            key={seq}
            href={`/audit?seq=${seq}&f=${encodeURIComponent(`run:${run.runId}`)}`}
            className={styles.link}
          >
            <Link2 size={14} aria-hidden />
            Log entry {formatCount(seq)}
          </Link>
        ))}
      </div>
    </Section>
  );
}

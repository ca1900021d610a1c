import { BadgeCheck, X } from 'lucide-react';
import { useState } from 'react';
import type { LedgerEntry } from '../../../shared/model/entry.ts';
import { asFailure } from '../../lib/failure.ts';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Loading } from '../../ui/Empty.tsx';
import { CopyButton, Hash } from '../../ui/Hash.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import styles from './EntryDrawer.module.css';
import type { AddTerm } from './EntryGrid.tsx';
import { describeEntryOutcome } from './families.ts';
import { ProofDialog } from './ProofDialog.tsx';
import { useEntry } from './use-audit.ts';

/** One entry in full, with the very line it has in the file. */
export function EntryDrawer(props: { seq: number; onClose: () => void; onTerm: AddTerm }) {
  const { data, error } = useEntry(props.seq);
  const [isProving, setProving] = useState(false);
  return (
    <aside className={styles.drawer} aria-label={`Entry ${props.seq}`}>
      <header className={styles.head}>
        <h2>Entry {formatCount(props.seq)}</h2>
        <CopyButton text={`#/audit?seq=${props.seq}`} label="Copy a link to this entry" />
        <Button kind="quiet" icon={X} label="Close" onClick={props.onClose} />
      </header>
      {error !== null && <FailureNotice failure={asFailure(error)} notDone="The entry could not be read." />}
      {data === undefined && error === null && <Loading what="the entry" />}
      {data !== undefined && (
        <div className={styles.body}>
          <Fields entry={data.entry} onTerm={props.onTerm} />
          <Button icon={BadgeCheck} onClick={() => setProving(true)}>
            Prove inclusion…
          </Button>
          {isProving && <ProofDialog seq={props.seq} onClose={() => setProving(false)} />}
          <h3>Leaf hash</h3>
          <Hash hash={data.leafHash} isWhole isCopyable label="leaf hash" />
          <h3>Hash of the entry before</h3>
          <Hash hash={data.entry.prev} isWhole />
          <h3 className={styles.withCopy}>
            Line in the file <CopyButton text={data.line} label="Copy the line" />
          </h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
          <section className={styles.line} tabIndex={0} aria-label="Line in the file">
            <code>{data.line}</code>
          </section>
        </div>
      )}
    </aside>
  );
}

function Fields(props: { entry: LedgerEntry; onTerm: AddTerm }) {
  const { entry } = props;
  return (
    <dl className={styles.fields}>
      <dt>Time</dt>
      <dd>
        <code>{formatMoment(entry.ts)}</code> <span className={styles.utc}>{new Date(entry.ts).toISOString()}</span>
      </dd>
      <dt>Operation</dt>
      <dd>
        <Term field="kind" value={entry.op} onTerm={props.onTerm} />
      </dd>
      <dt>Actor</dt>
      <dd>
        <Term field="actor" value={entry.actor} onTerm={props.onTerm} />
      </dd>
      {entry.session !== undefined && (
        <>
          <dt>Session</dt>
          <dd>
            <Term field="session" value={entry.session} onTerm={props.onTerm} />
          </dd>
        </>
      )}
      {Object.entries(entry.data).map(([key, value]) => (
        <DataField key={key} name={key} value={value} onTerm={props.onTerm} />
      ))}
    </dl>
  );
}

function DataField(props: { name: string; value: LedgerEntry['data'][string]; onTerm: AddTerm }) {
  const { name, value } = props;
  return (
    <>
      <dt>{name}</dt>
      <dd>{renderValue(name, value, props.onTerm)}</dd>
    </>
  );
}

function renderValue(name: string, value: LedgerEntry['data'][string], onTerm: AddTerm) {
  if (typeof value !== 'string') return <code>{JSON.stringify(value, null, 1)}</code>;
  if (name === 'outcome') {
    const { tone, word } = describeEntryOutcome(value);
    return (
      <button
        type="button"
        className={styles.term}
        title="Add to the filter"
        onClick={() => onTerm('outcome', value, false)}
      >
        <Chip tone={tone}>{word}</Chip>
      </button>
    );
  }
  if (/^run_[0-9A-Z]{26}$/.test(value)) {
    return (
      <a href={`#/runs/${value}`} className={styles.link}>
        <code>{value}</code>
      </a>
    );
  }
  if ((name === 'module' || name === 'sha256') && /^[0-9a-f]{64}$/.test(value)) {
    return (
      <a href={`#/modules/${value}`} className={styles.link}>
        <Hash hash={value} />
      </a>
    );
  }
  return <code>{value}</code>;
}

function Term(props: { field: string; value: string; onTerm: AddTerm }) {
  return (
    <button
      type="button"
      className={styles.term}
      title="Add to the filter"
      onClick={() => props.onTerm(props.field, props.value, false)}
    >
      <code>{props.value}</code>
    </button>
  );
}

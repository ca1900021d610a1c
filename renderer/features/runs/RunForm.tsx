import { Play } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { useCommands } from '../../lib/commands.ts';
import { formatBytes, plural } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { CallFields } from './CallFields.tsx';
import { type DraftErrors, draftErrors, type RunDraft, usesWasi } from './draft.ts';
import { LimitFields } from './LimitFields.tsx';
import styles from './RunForm.module.css';
import { SealFields } from './SealFields.tsx';
import { StubFields } from './StubFields.tsx';
import { useStart } from './use-start.ts';
import { WasiFields } from './WasiFields.tsx';

export type FormPartProps = {
  record: ModuleRecord;
  draft: RunDraft;
  errors: DraftErrors;
  onChange: (change: Partial<RunDraft>) => void;
};

/** The inputs of a run. Errors show while typing; Run says how many there are. */
export function RunForm(props: { record: ModuleRecord; policies: readonly Policy[]; initial: RunDraft }) {
  const { record } = props;
  const [draft, setDraft] = useState(props.initial);
  const { start, failure, isStarting } = useStart();
  const errors = draftErrors(record, draft);
  const errorCount = Object.keys(errors).length;
  const part: FormPartProps = { record, draft, errors, onChange: (change) => setDraft({ ...draft, ...change }) };
  const blocked =
    errorCount > 0 ? `Not yet: ${plural(errorCount, 'field needs', 'fields need')} another value` : undefined;
  const run = () => {
    if (blocked === undefined && !isStarting) void start(record, draft);
  };
  useCommands([{ id: 'run.start', title: `Run ${record.name}`, group: 'Run', shortcut: 'Mod+Enter', blocked, run }]);
  return (
    <section className={styles.form} aria-label="Inputs">
      <header className={styles.head}>
        <h1 title={record.name}>
          <Link href={`/modules/${record.sha256}`}>
            <bdi>{record.name}</bdi>
          </Link>
        </h1>
        <Hash hash={record.sha256} />
        <span className={styles.size}>{formatBytes(record.sizeBytes)}</span>
      </header>
      <div className={styles.body}>
        <CallFields {...part} />
        {usesWasi(record) && <WasiFields {...part} />}
        <StubFields {...part} />
        <LimitFields {...part} policies={props.policies} />
        <SealFields {...part} />
      </div>
      <footer className={styles.foot}>
        {failure !== undefined && <FailureNotice failure={failure} notDone="Nothing was started." />}
        <Button
          kind="primary"
          icon={Play}
          shortcut="Mod+Enter"
          label="Run in the box"
          isDisabled={blocked !== undefined || isStarting}
          reason={blocked}
          onClick={run}
        >
          Run
        </Button>
        {blocked !== undefined && <span className={styles.blocked}>{blocked}.</span>}
      </footer>
    </section>
  );
}

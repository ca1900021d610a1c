import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunRecord } from '../../../shared/model/run.ts';
import type { ModuleDigest, RunId } from '../../../shared/model/scalars.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries, useModule, usePolicies } from '../../bridge/queries.ts';
import { asFailure } from '../../lib/failure.ts';
import { useHashSearch } from '../../lib/hash-route.ts';
import { Empty, Loading } from '../../ui/Empty.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Split } from '../../ui/Split.tsx';
import { useRunStore } from './context.ts';
import { draftOfRun, initialDraft } from './draft.ts';
import { RunForm } from './RunForm.tsx';
import styles from './RunScreen.module.css';
import { RunView } from './RunView.tsx';

export type RunTarget = { kind: 'new'; module: ModuleDigest } | { kind: 'run'; runId: RunId };

/** What the run's receipt shows as, which another feature knows. */
export type RenderReceipt = (run: RunRecord) => ReactNode;

/** Inputs at the start, what becomes of them at the end. */
export function RunScreen(props: { target: RunTarget; renderReceipt?: RenderReceipt }) {
  const { target } = props;
  if (target.kind === 'run') return <ShownRun runId={target.runId} renderReceipt={props.renderReceipt} />;
  return (
    <Split
      label="Width of the inputs"
      startSize="40%"
      startMin="21rem"
      endMin="24rem"
      start={<FormOfModule module={target.module} />}
      end={
        <Empty icon={Play} title="Nothing is running">
          Choose what to call and press Run. The module gets what you give it here and what its policy grants, and
          nothing else.
        </Empty>
      }
    />
  );
}

function ShownRun(props: { runId: RunId; renderReceipt: RenderReceipt | undefined }) {
  const { client } = useBridge();
  const { data: run, error } = useQuery(queries.run(client, props.runId));
  if (error !== null) {
    return (
      <div className={styles.failed}>
        <FailureNotice
          failure={asFailure(error)}
          notDone="The run could not be shown."
          next="Its entries may still be in the log."
        />
      </div>
    );
  }
  if (run === undefined) return <Loading what="the run" />;
  return (
    <Split
      label="Width of the inputs"
      startSize="40%"
      startMin="21rem"
      endMin="24rem"
      start={<FormOfModule module={run.module} run={run} />}
      end={<RunView run={run} receipt={props.renderReceipt?.(run)} />}
    />
  );
}

function FormOfModule(props: { module: ModuleDigest; run?: Parameters<typeof draftOfRun>[1] }) {
  const { data: record, error } = useModule(props.module);
  const { data: policies } = usePolicies();
  const search = useHashSearch();
  const kept = useRunStore((state) => (props.run === undefined ? undefined : state.drafts[props.run.runId]));
  if (error !== null) {
    return (
      <div className={styles.failed}>
        <FailureNotice
          failure={asFailure(error)}
          notDone="It cannot be run from here."
          next="Drop its file again to load it."
        />
      </div>
    );
  }
  if (record === undefined || policies === undefined) return <Loading what="the module" />;
  const wanted = new URLSearchParams(search).get('export');
  const draft =
    kept ?? (props.run === undefined ? initialDraft(record, policies.active, wanted) : draftOfRun(record, props.run));
  return <RunForm record={record} policies={policies.policies} initial={draft} />;
}

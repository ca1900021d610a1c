import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { Failure } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { useRunStore } from './context.ts';
import { type RunDraft, requestOf } from './draft.ts';
import type { RunStoreState } from './store.ts';

const selectRemember = (state: RunStoreState) => state.remember;

/** Starts a draft, remembers it, and goes to the run. */
export function useStart() {
  const { client } = useBridge();
  const [, go] = useLocation();
  const remember = useRunStore(selectRemember);
  const [failure, setFailure] = useState<Failure>();
  const [isStarting, setStarting] = useState(false);
  const start = async (record: ModuleRecord, draft: RunDraft) => {
    setStarting(true);
    setFailure(undefined);
    const started = await client.runs.start(await requestOf(record, draft));
    setStarting(false);
    if (!started.ok) return setFailure(started.error);
    remember(started.value.runId, draft);
    go(`/runs/${started.value.runId}`);
  };
  return { start, failure, isStarting };
}

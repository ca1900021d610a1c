import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EventMessage } from '../../../shared/contract/events.ts';
import type { Client } from '../../../shared/contract/index.ts';
import type { OutputStream } from '../../../shared/contract/runs.ts';
import type { RunGauge } from '../../../shared/model/run.ts';
import type { RunId } from '../../../shared/model/scalars.ts';
import type { Result } from '../../../shared/result.ts';
import type { RunDraft } from './draft.ts';

/** 60 s at ten a second. */
export const HISTORY_LENGTH = 600;

export type GaugeSample = { readonly elapsedMs: number; readonly memoryBytes: number; readonly fuelUsed: number };

/** What is known of a run only while it goes. */
export type LiveRun = {
  readonly gauge: RunGauge;
  /** the newest last */
  readonly history: readonly GaugeSample[];
};

export type RunStoreState = {
  readonly live: Readonly<Record<RunId, LiveRun>>;
  /** bytes printed so far, by run and stream */
  readonly printed: Readonly<Record<RunId, Partial<Record<OutputStream, number>>>>;
  /** the inputs of runs that this window started; a record does not keep their contents */
  readonly drafts: Readonly<Record<RunId, RunDraft>>;
  onEvent(message: EventMessage): void;
  remember(runId: RunId, draft: RunDraft): void;
  cancel(runId: RunId): Promise<Result<unknown>>;
  pause(runId: RunId): Promise<Result<unknown>>;
  resume(runId: RunId): Promise<Result<unknown>>;
};
export type RunStore = StoreApi<RunStoreState>;

/** Live state of the runs of one window. */
export function createRunStore(client: Client): RunStore {
  return createStore<RunStoreState>((set) => ({
    live: {},
    printed: {},
    drafts: {},
    remember: (runId, draft) => set((state) => ({ drafts: { ...state.drafts, [runId]: draft } })),
    onEvent(message) {
      if (message.name === 'run.gauged') set((state) => ({ live: addGauge(state.live, message.data) }));
      if (message.name === 'run.printed') {
        const { runId, stream, totalBytes } = message.data;
        set((state) => ({ printed: { ...state.printed, [runId]: { ...state.printed[runId], [stream]: totalBytes } } }));
      }
    },
    cancel: (runId) => client.runs.cancel({ runId }),
    pause: (runId) => client.runs.pause({ runId }),
    resume: (runId) => client.runs.resume({ runId }),
  }));
}

function addGauge(live: RunStoreState['live'], gauge: RunGauge): RunStoreState['live'] {
  const before = live[gauge.runId]?.history ?? [];
  const sample: GaugeSample = {
    elapsedMs: gauge.elapsedMs,
    memoryBytes: gauge.memoryBytes ?? 0,
    fuelUsed: Number(gauge.fuelUsed ?? '0'),
  };
  return { ...live, [gauge.runId]: { gauge, history: [...before.slice(1 - HISTORY_LENGTH), sample] } };
}

import type { Capability, ImportStub } from '../../shared/model/capability.ts';
import type { Limits } from '../../shared/model/limits.ts';
import type { ModuleReport } from '../../shared/model/module-report.ts';
import type {
  Determinism,
  EntryPoint,
  GuestValue,
  RunGauge,
  RunItem,
  RunOutcome,
  RunState,
  RunTiming,
  RunUsage,
  WasiInput,
} from '../../shared/model/run.ts';
import type { ModuleDigest, RunId } from '../../shared/model/scalars.ts';
import type { Result } from '../../shared/result.ts';

/** Everything one run needs, with its policy already resolved. */
export type RunJob = {
  /** a fresh one is made when the caller has none to log ahead of the run */
  readonly runId?: RunId;
  readonly sha256: ModuleDigest;
  readonly bytes: Uint8Array;
  readonly report: ModuleReport;
  readonly entry: EntryPoint;
  readonly wasi?: WasiInput | null;
  readonly limits: Limits;
  readonly grants: readonly Capability[];
  readonly stubs?: readonly ImportStub[];
  readonly determinism?: Determinism | null;
  /** one fresh instance for each, in order; what is absent is the entry's */
  readonly batch?: readonly BatchInput[] | null;
  /** whose turn it is in the queue: a caller, by default the module */
  readonly queueKey?: string;
};

export type BatchInput = { readonly args?: readonly string[] | undefined; readonly stdin?: Uint8Array | undefined };

export type OutputStream = 'stdout' | 'stderr';

/** What a run tells while it goes on. */
export type RunEvent =
  | { readonly type: 'state'; readonly state: RunState }
  | { readonly type: 'gauge'; readonly gauge: RunGauge }
  | { readonly type: 'printed'; readonly stream: OutputStream; readonly totalBytes: number };

/** What a run came to. `outcome` is its only item's, or the first of a batch that did not end well. */
export type RunResult = {
  readonly outcome: RunOutcome;
  readonly results: readonly GuestValue[];
  readonly items: readonly RunItem[];
  readonly usage: RunUsage;
  readonly timing: RunTiming;
};

/** A started run. */
export type RunHandle = {
  readonly runId: RunId;
  readonly state: RunState;
  /** Calls `listener` for every event from now on. Returns the unsubscribe. */
  on(listener: (event: RunEvent) => void): () => void;
  /** Resolves when the run has ended, however it did; never rejects. */
  readonly done: Promise<RunResult>;
  /** Stops it: asked first, then the worker terminated, then the process killed; the outcome says which. */
  cancel(): Result<void, 'run.not-running'>;
  /** Holds it at its next metering check; its clock stands still meanwhile. */
  pause(): Result<void, 'run.not-running' | 'run.not-pausable'>;
  resume(): Result<void, 'run.not-running'>;
  /** What it has printed, from byte `offset`, in the order in which it arrived. */
  readOutput(stream: OutputStream, offset: number, length: number): RunOutput;
};

export type RunOutput = { readonly bytes: Uint8Array; readonly totalBytes: number; readonly isComplete: boolean };

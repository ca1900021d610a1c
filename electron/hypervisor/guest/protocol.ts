import type { Capability, ImportStub } from '../../../shared/model/capability.ts';
import type { ModuleReport } from '../../../shared/model/module-report.ts';
import type {
  Determinism,
  EntryPoint,
  GuestFile,
  GuestValue,
  RunOutcome,
  WasiInput,
} from '../../../shared/model/run.ts';
import type { Preparation } from './preparation.ts';

/** The limits that one execution enforces inside its worker. */
export type ExecutionLimits = {
  readonly memoryBytes: number;
  readonly timeMs: number;
  /** null counts fuel without bounding it */
  readonly fuel: bigint | null;
  readonly tableElements: number;
  readonly outputBytes: number;
  readonly fileBytes: number;
  readonly fileEntries: number;
};

/** What the reader refuses before anything is compiled. */
export type StaticLimits = {
  readonly moduleBytes: number;
  readonly functions: number;
  readonly imports: number;
  readonly exports: number;
};

/** The V8 limits a worker is born with; an execution with others needs another worker. */
export type WorkerShape = { readonly stackBytes: number; readonly heapBytes: number };

/** One execution: a fresh instance, memory and import object, one call into it. */
export type Execution = {
  readonly entry: EntryPoint;
  readonly wasi: WasiInput | null;
  readonly limits: ExecutionLimits;
  readonly statics: StaticLimits;
  readonly grants: readonly Capability[];
  readonly stubs: readonly ImportStub[];
  readonly determinism: Determinism | null;
};

/** What one execution came to. Output that was already sent by `printed` is not repeated. */
export type ExecutionResult = {
  readonly outcome: RunOutcome;
  readonly results: readonly GuestValue[];
  readonly files: readonly GuestFile[];
  readonly fuelUsed: bigint | null;
  readonly memoryPeakBytes: number | null;
  readonly compileMs: number;
  readonly runMs: number;
};

/** Live numbers of one execution, read from the gauge. */
export type GaugeReading = {
  readonly fuelUsed: bigint | null;
  readonly memoryBytes: number | null;
  readonly outputBytes: number;
};

/** What inspecting came to. `denial` is what made the engine refuse the module, though it could be read. */
export type Inspection =
  | {
      readonly isReadable: true;
      readonly report: ModuleReport;
      readonly denial: string | null;
      readonly inspectMs: number;
    }
  | {
      readonly isReadable: false;
      readonly reason: 'malformed' | 'unsupported' | 'limit';
      readonly offset: number | null;
      readonly message: string;
    };

/** Supervisor to guest process. `id` names an execution and is the supervisor's. */
export type ToGuest =
  /** boots the first worker; `ready` follows */
  | { readonly type: 'boot'; readonly shape: WorkerShape }
  | { readonly type: 'load'; readonly bytes: Uint8Array }
  | { readonly type: 'inspect'; readonly id: number; readonly shape: WorkerShape; readonly preparation: Preparation }
  | {
      readonly type: 'execute';
      readonly id: number;
      readonly shape: WorkerShape;
      readonly execution: Execution;
    }
  | { readonly type: 'command'; readonly id: number; readonly command: 'stop' | 'pause' | 'resume' | 'terminate' };

/** Guest process to supervisor. Everything in it is the guest's word: parse before use. */
export type FromGuest =
  | { readonly type: 'ready' }
  | { readonly type: 'loaded' }
  | { readonly type: 'inspected'; readonly id: number; readonly inspection: Inspection }
  /** the worker has it and the clock runs */
  | { readonly type: 'started'; readonly id: number }
  | { readonly type: 'compiled'; readonly id: number }
  | { readonly type: 'paused'; readonly id: number }
  | { readonly type: 'printed'; readonly id: number; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | ({ readonly type: 'gauge'; readonly id: number } & GaugeReading)
  | { readonly type: 'ended'; readonly id: number; readonly result: ExecutionResult }
  /** the worker is gone: it was terminated, or died by itself */
  | {
      readonly type: 'lost';
      readonly id: number;
      readonly cause: 'terminated' | 'out-of-memory' | 'crashed';
      readonly message: string;
      readonly reading: GaugeReading;
    };

/** Guest process to its worker. */
export type ToWorker =
  | { readonly type: 'module'; readonly bytes: Uint8Array }
  | { readonly type: 'inspect'; readonly id: number; readonly preparation: Preparation }
  | {
      readonly type: 'execute';
      readonly id: number;
      readonly execution: Execution;
      /** compiled by another worker of this process for the same key */
      readonly compiled: CompiledModule | null;
    };

/** A compiled module on its way between the workers of one process; `key` says with which limits it was rewritten. */
export type CompiledModule = { readonly key: string; readonly module: unknown };

/** A worker to its guest process. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'compiled'; readonly id: number; readonly compiled: CompiledModule | null }
  | Extract<FromGuest, { type: 'inspected' | 'paused' | 'printed' | 'ended' }>;

/** The two ends of the channel a worker talks over: worker_threads and web workers both fit. */
export type WorkerPort = {
  post(message: FromWorker): void;
  listen(listener: (message: ToWorker) => void): void;
  /** Ends everything, because the owner at the other end is dead though its thread is there. */
  abandon(): void;
};

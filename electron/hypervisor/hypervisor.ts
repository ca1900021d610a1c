import { defaultLimits, hostLimits, type Limits, limitError } from '../../shared/model/limits.ts';
import type { ModuleReport } from '../../shared/model/module-report.ts';
import type { ModuleDigest } from '../../shared/model/scalars.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { formatDuration } from '../../shared/units.ts';
import { Admission } from './admission.ts';
import { sha256Of } from './digest.ts';
import { checkEntry } from './entry.ts';
import type { Preparation } from './guest/preparation.ts';
import type { Inspection } from './guest/protocol.ts';
import { GuestPool, type Lease } from './guest-pool.ts';
import { GuestGone } from './guest-process.ts';
import type { RunHandle, RunJob } from './job.ts';
import { exitOutcome } from './outcome.ts';
import { Run } from './run.ts';
import type { SpawnGuest } from './spawn.ts';
import { defaultShape } from './worker-shape.ts';

export type HypervisorOptions = {
  readonly spawn: SpawnGuest;
  /** executions that run at the same time, 1 to 1000 */
  readonly concurrent?: number;
  /** executions that may wait */
  readonly queued?: number;
  /** blank guest processes that stand ready */
  readonly blankProcesses?: number;
  /** idle guest processes kept with their module */
  readonly warmProcesses?: number;
  /** how long they are kept, ms */
  readonly warmMs?: number;
  readonly executionsPerProcess?: number;
};

/** What inspecting a module tells; `denial` is why the engine refuses to compile it, or null. */
export type InspectedModule = {
  readonly sha256: ModuleDigest;
  readonly sizeBytes: number;
  readonly report: ModuleReport;
  readonly denial: string | null;
  readonly timing: { readonly hashMs: number; readonly inspectMs: number };
};

export type InspectError = 'module.malformed' | 'module.unsupported' | 'module.too-large';
export type StartError = 'run.no-such-export' | 'run.bad-argument' | 'run.bad-limit' | 'run.busy';

/** Runs modules in guest processes that it owns. */
export type Hypervisor = {
  /** Hashes and reads a module, and tries to compile it, all within the default time limit; runs nothing of it. */
  inspect(bytes: Uint8Array, limits?: Limits): Promise<Result<InspectedModule, InspectError>>;
  /** Starts a run, or refuses it before anything of it has happened. */
  start(job: RunJob): Result<RunHandle, StartError>;
  status(): { readonly running: number; readonly queued: number; readonly guestProcesses: number };
  /** Ends every run and every guest process; resolves when the last has gone. Nothing starts afterwards. */
  shutdown(): Promise<void>;
};

/** Makes a hypervisor. Its guest processes start at once and end with `shutdown`. */
export function createHypervisor(options: HypervisorOptions): Hypervisor {
  const admission = new Admission({
    concurrent: options.concurrent ?? hostLimits.concurrentExecutions,
    queued: options.queued ?? hostLimits.queuedExecutions,
  });
  const pool = new GuestPool({
    spawn: options.spawn,
    shape: defaultShape,
    blank: options.blankProcesses ?? 2,
    warm: options.warmProcesses ?? 8,
    warmMs: options.warmMs ?? 60_000,
    perProcess: options.executionsPerProcess ?? 16,
  });
  const runs = new Set<Run>();
  let isShutDown = false;
  return {
    inspect: (bytes, limits = defaultLimits) => inspectModule(pool, bytes, limits),
    start(job) {
      if (isShutDown) return fail('run.busy', 'the hypervisor is shutting down');
      const refusal = refuseJob(job, admission);
      if (refusal !== null) return refusal;
      const run = new Run(job, admission, pool);
      runs.add(run);
      void run.done.then(() => runs.delete(run));
      return ok(run);
    },
    status: () => ({
      running: admission.runningCount,
      queued: admission.waitingCount,
      guestProcesses: pool.processCount,
    }),
    async shutdown() {
      isShutDown = true;
      const ending = [...runs].map((run) => {
        run.cancel();
        return run.done;
      });
      await pool.close();
      await Promise.all(ending);
    },
  };
}

function refuseJob(job: RunJob, admission: Admission): ReturnType<typeof fail<StartError>> | null {
  const bad = limitError(job.limits);
  if (bad !== undefined) return fail('run.bad-limit', bad.message, { limit: bad.name });
  const count = job.batch?.length ?? 1;
  if (count < 1 || count > job.limits.instances) {
    return fail('run.bad-limit', `a batch must have 1 to ${job.limits.instances} inputs`, { limit: 'instances' });
  }
  // A bad argument in a batch spoils its own instance only: the guest's runtime denies that one.
  const checked = checkEntry(job.report, job.entry);
  const isBatch = job.batch !== null && job.batch !== undefined;
  if (!checked.ok && !(isBatch && checked.error.code === 'run.bad-argument')) return checked;
  if (!admission.hasRoomFor(count)) return fail('run.busy', 'as many runs as may wait are already waiting');
  return null;
}

async function inspectModule(
  pool: GuestPool,
  bytes: Uint8Array,
  limits: Limits,
): Promise<Result<InspectedModule, InspectError>> {
  const fromMs = performance.now();
  const sha256 = await sha256Of(bytes);
  const hashMs = performance.now() - fromMs;
  const inspection = await inspectInGuest(pool, sha256, bytes, limits);
  if (inspection.isReadable) {
    const { report, denial, inspectMs } = inspection;
    return ok({ sha256, sizeBytes: bytes.length, report, denial, timing: { hashMs, inspectMs } });
  }
  const { reason, offset, message } = inspection;
  const code =
    reason === 'unsupported' ? 'module.unsupported' : reason === 'limit' ? 'module.too-large' : 'module.malformed';
  return fail(code, message, offset === null ? undefined : { offset });
}

async function inspectInGuest(pool: GuestPool, sha256: string, bytes: Uint8Array, limits: Limits): Promise<Inspection> {
  let lease: Lease | null = null;
  let isLate = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    lease = await pool.acquire(sha256, bytes);
    const { guest } = lease;
    const inspection = await guest.inspect(preparationFor(limits), defaultShape, () => {
      timer = setTimeout(() => {
        isLate = true;
        guest.kill();
      }, limits.timeMs);
    });
    // A process whose module will never run is of no use to anybody.
    if (!inspection.isReadable) guest.condemn();
    return inspection;
  } catch (error) {
    if (!(error instanceof GuestGone)) throw error;
    const outcome = exitOutcome(error.exit, limits);
    const message = isLate ? `reading it took longer than ${formatDuration(limits.timeMs)}` : (outcome.message ?? '');
    return { isReadable: false, reason: 'limit', offset: null, message };
  } finally {
    clearTimeout(timer);
    lease?.release('reuse');
  }
}

function preparationFor(limits: Limits): Preparation {
  const { memoryBytes, tableElements, moduleBytes, functions, imports, exports } = limits;
  return { memoryBytes, tableElements, isDeterministic: false, statics: { moduleBytes, functions, imports, exports } };
}

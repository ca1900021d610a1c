import type { RunItem, RunOutcome, RunState, RunUsage } from '../../shared/model/run.ts';
import type { RunId } from '../../shared/model/scalars.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Admission, Ticket } from './admission.ts';
import { ExecutionWatch } from './execution-watch.ts';
import type { Execution } from './guest/protocol.ts';
import type { GuestPool } from './guest-pool.ts';
import { GuestGone } from './guest-process.ts';
import type { OutputStream, RunEvent, RunHandle, RunJob, RunOutput, RunResult } from './job.ts';
import { exitOutcome, isReusable, stopped } from './outcome.ts';
import { OutputStore } from './output-store.ts';
import { createRunId } from './run-id.ts';
import { ItemProgress } from './run-item.ts';
import { nextState } from './run-machine.ts';
import { shapeFor } from './worker-shape.ts';

/** Gauges go out at most ten times a second. */
const GAUGE_PERIOD_MS = 100;

/** One run from request to result: an execution for each of its inputs, each admitted by itself. */
export class Run implements RunHandle {
  readonly runId: RunId;
  readonly done: Promise<RunResult>;
  readonly #job: RunJob;
  readonly #admission: Admission;
  readonly #pool: GuestPool;
  readonly #items: ItemProgress[];
  readonly #watches = new Set<ExecutionWatch>();
  readonly #leaves = new Set<() => void>();
  readonly #listeners = new Set<(event: RunEvent) => void>();
  readonly #output = { stdout: new OutputStore(), stderr: new OutputStore() };
  readonly #createdMs = performance.now();
  #startedMs: number | null = null;
  #gaugedMs = 0;
  #state: RunState = 'queued';
  #isCancelled = false;
  #isPaused = false;

  constructor(job: RunJob, admission: Admission, pool: GuestPool) {
    this.#job = job;
    this.#admission = admission;
    this.#pool = pool;
    this.runId = job.runId ?? createRunId();
    const inputs = job.batch ?? [{}];
    this.#items = inputs.map(() => new ItemProgress(job.limits));
    this.done = this.#runAll(inputs.map((input) => executionFor(job, input)));
  }

  get state(): RunState {
    return this.#state;
  }

  on(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cancel(): Result<void, 'run.not-running'> {
    if (this.#state === 'ended') return fail('run.not-running', 'the run has already ended');
    this.#isCancelled = true;
    this.#setState('stopping');
    for (const leave of this.#leaves) leave();
    for (const watch of this.#watches) watch.cancel();
    return ok(undefined);
  }

  pause(): Result<void, 'run.not-running' | 'run.not-pausable'> {
    if (this.#state === 'ended') return fail('run.not-running', 'the run has already ended');
    if (this.#state === 'stopping') return fail('run.not-pausable', 'the run is being stopped');
    this.#isPaused = true;
    for (const watch of this.#watches) watch.pause();
    return ok(undefined);
  }

  resume(): Result<void, 'run.not-running'> {
    if (this.#state === 'ended') return fail('run.not-running', 'the run has already ended');
    this.#isPaused = false;
    for (const watch of this.#watches) watch.resume();
    return ok(undefined);
  }

  readOutput(stream: OutputStream, offset: number, length: number): RunOutput {
    const store = this.#output[stream];
    return { bytes: store.read(offset, length), totalBytes: store.totalBytes, isComplete: this.#state === 'ended' };
  }

  async #runAll(executions: readonly Execution[]): Promise<RunResult> {
    const items = await Promise.all(executions.map((execution, i) => this.#runOne(execution, this.#items[i]!)));
    const endMs = performance.now();
    this.#gauge(endMs);
    this.#setState('ended');
    const outcome = overallOutcome(items);
    return {
      outcome,
      results: items.length === 1 ? items[0]!.results : [],
      items,
      usage: totalUsage(items),
      timing: {
        queuedMs: (this.#startedMs ?? endMs) - this.#createdMs,
        compileMs: Math.max(...this.#items.map(({ compileMs }) => compileMs)),
        runMs: this.#items.reduce((sum, { runMs }) => sum + runMs, 0),
        totalMs: endMs - this.#createdMs,
      },
    };
  }

  async #runOne(execution: Execution, progress: ItemProgress): Promise<RunItem> {
    const ticket = await this.#enter();
    if (ticket === null) return progress.endWithout(stopped('cooperative'));
    try {
      return await this.#execute(execution, progress);
    } catch (error) {
      if (!(error instanceof GuestGone)) throw error;
      return progress.endWithout(exitOutcome(error.exit, this.#job.limits));
    } finally {
      ticket.release();
    }
  }

  /** Waits for a place; null when the run was cancelled meanwhile. */
  async #enter(): Promise<Ticket | null> {
    const { ticket, leave } = this.#admission.enter(this.#job.queueKey ?? this.#job.sha256);
    const left = Promise.withResolvers<null>();
    const giveUp = () => {
      leave();
      left.resolve(null);
    };
    this.#leaves.add(giveUp);
    const admitted = await Promise.race([ticket, left.promise]);
    this.#leaves.delete(giveUp);
    if (admitted === null) void ticket.then((late) => late.release());
    return admitted;
  }

  async #execute(execution: Execution, progress: ItemProgress): Promise<RunItem> {
    const { sha256, bytes, limits } = this.#job;
    const lease = await this.#pool.acquire(sha256, bytes);
    if (this.#isCancelled) {
      lease.release('reuse');
      return progress.endWithout(stopped('cooperative'));
    }
    const watch = new ExecutionWatch(lease.guest, execution, shapeFor(limits), {
      onState: (state) => this.#onState(watch, state),
      onPrinted: (stream, printed) => this.#onPrinted(stream, progress.print(stream, printed)),
      onGauge: (reading) => {
        progress.reading = reading;
        this.#gaugeIfDue();
      },
    });
    this.#watches.add(watch);
    const item = progress.end(await watch.ended);
    this.#watches.delete(watch);
    lease.release(isReusable(item.outcome) ? 'reuse' : 'condemn');
    return item;
  }

  #onState(watch: ExecutionWatch, state: RunState): void {
    if (state === 'starting') {
      this.#startedMs ??= performance.now();
      if (this.#isPaused) watch.pause();
    }
    this.#setState(state);
  }

  #setState(wanted: RunState): void {
    const state = nextState(this.#state, wanted);
    if (state === this.#state) return;
    this.#state = state;
    this.#emit({ type: 'state', state });
  }

  #onPrinted(stream: OutputStream, bytes: Uint8Array): void {
    this.#output[stream].append(bytes);
    this.#emit({ type: 'printed', stream, totalBytes: this.#output[stream].totalBytes });
  }

  #gaugeIfDue(): void {
    const nowMs = performance.now();
    if (nowMs - this.#gaugedMs >= GAUGE_PERIOD_MS - 10) this.#gauge(nowMs);
  }

  #gauge(nowMs: number): void {
    this.#gaugedMs = nowMs;
    const readings = this.#items.map(({ reading }) => reading);
    const fuel = readings.map(({ fuelUsed }) => fuelUsed).filter((used) => used !== null);
    const memory = readings.map(({ memoryBytes }) => memoryBytes).filter((bytes) => bytes !== null);
    this.#emit({
      type: 'gauge',
      gauge: {
        runId: this.runId,
        state: this.#state,
        fuelUsed: fuel.length === 0 ? null : String(fuel.reduce((sum, used) => sum + used, 0n)),
        memoryBytes: memory.length === 0 ? null : memory.reduce((sum, bytes) => sum + bytes, 0),
        elapsedMs: nowMs - (this.#startedMs ?? nowMs),
        outputBytes: this.#output.stdout.totalBytes + this.#output.stderr.totalBytes,
      },
    });
  }

  #emit(event: RunEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function executionFor(job: RunJob, input: NonNullable<RunJob['batch']>[number]): Execution {
  const { limits, entry } = job;
  const args = input.args;
  const wasi = job.wasi ?? null;
  return {
    entry: entry.kind === 'export' && args !== undefined ? { ...entry, args: [...args] } : entry,
    wasi: wasi === null || input.stdin === undefined ? wasi : { ...wasi, stdin: input.stdin },
    limits: {
      memoryBytes: limits.memoryBytes,
      timeMs: limits.timeMs,
      fuel: limits.fuel === null ? null : BigInt(limits.fuel),
      tableElements: limits.tableElements,
      outputBytes: limits.outputBytes,
      fileBytes: limits.fileBytes,
      fileEntries: limits.fileEntries,
    },
    statics: {
      moduleBytes: limits.moduleBytes,
      functions: limits.functions,
      imports: limits.imports,
      exports: limits.exports,
    },
    grants: job.grants,
    stubs: job.stubs ?? [],
    determinism: job.determinism ?? null,
  };
}

/** A batch ended as its first instance did that did not end well. */
function overallOutcome(items: readonly RunItem[]): RunOutcome {
  const isGood = ({ outcome }: RunItem) =>
    outcome.kind === 'finished' || (outcome.kind === 'exited' && outcome.exitCode === 0);
  const bad = items.findIndex((item) => !isGood(item));
  if (items.length === 1 || bad < 0) return items[0]!.outcome;
  const { outcome } = items[bad]!;
  const count = items.filter((item) => !isGood(item)).length;
  const message = `${count} of ${items.length} instances did not end well; the first is number ${bad}: ${outcome.message ?? outcome.kind}`;
  return { ...outcome, message };
}

function totalUsage(items: readonly RunItem[]): RunUsage {
  const fuel = items.map(({ usage }) => usage.fuelUsed).filter((used) => used !== null);
  const peaks = items.map(({ usage }) => usage.memoryPeakBytes).filter((bytes) => bytes !== null);
  return {
    fuelUsed: fuel.length === 0 ? null : String(fuel.reduce((sum, used) => sum + BigInt(used), 0n)),
    memoryPeakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    outputBytes: items.reduce((sum, { usage }) => sum + usage.outputBytes, 0),
  };
}

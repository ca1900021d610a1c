import { allCapabilities } from '../../../shared/model/capability.ts';
import { defaultLimits } from '../../../shared/model/limits.ts';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { RunItem, RunOutcome, RunRecord, RunRequest } from '../../../shared/model/run.ts';
import type { RunId } from '../../../shared/model/scalars.ts';
import { runIdOf } from './ledger.ts';

export type Emit = (name: string, data: unknown) => void;
type Going = {
  record: RunRecord;
  stdout: string;
  stderr: string;
  items: RunItem[];
  timer?: ReturnType<typeof setInterval>;
  elapsedMs: number;
};

const TICK_MS = 100;

/** Runs that behave like runs: they tell their state, gauges and output as events, can be paused, resumed and cancelled. */
export class FakeRuns {
  #runs = new Map<string, Going>();
  #emit: Emit;
  #next = 9_000_000;
  onEnd: (record: RunRecord) => number = () => 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  list(): RunRecord[] {
    return [...this.#runs.values()].map((run) => run.record).reverse();
  }

  get(runId: string): Going | undefined {
    return this.#runs.get(runId);
  }

  runningCount(): number {
    return this.list().filter((run) => run.state !== 'ended').length;
  }

  start(module: ModuleRecord, request: RunRequest): RunId {
    const runId = runIdOf(this.#next++) as RunId;
    const granted = new Set(['wasi', 'args', 'stdin', ...(request.grants ?? [])]);
    const record: RunRecord = {
      runId,
      module: module.sha256,
      moduleName: module.name,
      moduleBytes: module.sizeBytes,
      entry: request.entry,
      programArgs: request.wasi?.args ?? [],
      policy: request.policy ?? 'Default',
      limits: { ...defaultLimits, ...request.limits } as RunRecord['limits'],
      grants: allCapabilities.filter((capability) => granted.has(capability)),
      isDeterministic: request.determinism !== undefined,
      batchSize: request.batch?.length ?? 1,
      state: 'running',
      startedAt: Date.now(),
      finishedAt: null,
      outcome: null,
      results: [],
      stdoutBytes: 0,
      stderrBytes: 0,
      files: [],
      usage: null,
      timing: null,
      ledgerSeqs: [],
      receiptId: null,
    };
    const going: Going = { record, stdout: '', stderr: '', items: [], elapsedMs: 0 };
    this.#runs.set(runId, going);
    this.#emit('run.changed', record);
    this.#play(going, module, granted);
    return runId;
  }

  #play(going: Going, module: ModuleRecord, granted: Set<string>): unknown {
    if (module.name === 'spin.wasm') return this.#spin(going);
    if (module.name === 'plugin.wasm') {
      const missing = [
        { module: 'env', name: 'log', capability: null },
        { module: 'wasi_snapshot_preview1', name: 'path_open', capability: 'files' as const },
      ];
      return this.#end(going, { kind: 'denied', message: 'two imports are not granted', missing });
    }
    if (module.name === 'hello.wasm') {
      if (!granted.has('clock')) {
        const missing = [{ module: 'wasi_snapshot_preview1', name: 'clock_time_get', capability: 'clock' as const }];
        return this.#end(going, { kind: 'denied', message: 'an import is not granted', missing });
      }
      this.#print(
        going,
        `${Array.from({ length: 400 }, (_, line) => `hello ${line}: ${'lorem ipsum '.repeat(1 + (line % 9))}`).join('\n')}\n`,
      );
      return this.#end(going, { kind: 'exited', exitCode: 0 });
    }
    if (going.record.entry.kind === 'export' && going.record.entry.name === 'gcd') {
      const frames = [
        { functionIndex: 1, functionName: 'gcd', offset: 0x1a4 },
        { functionIndex: 3, functionName: null, offset: 0x2b0 },
      ];
      return this.#end(going, {
        kind: 'trapped',
        trap: { kind: 'division-by-zero', message: 'integer divide by zero', frames },
      });
    }
    going.record = { ...going.record, results: [{ type: 'i64', value: '832040' }] };
    return this.#end(going, { kind: 'finished' });
  }

  #spin(going: Going): void {
    going.timer = setInterval(() => {
      if (going.record.state === 'paused') return;
      going.elapsedMs += TICK_MS;
      if (going.elapsedMs % 500 === 0) this.#print(going, `tick ${going.elapsedMs}\n`);
      const gauge = {
        runId: going.record.runId,
        state: going.record.state,
        fuelUsed: `${Math.round(going.elapsedMs * 91_234 * (1 + Math.sin(going.elapsedMs / 900) / 4))}`,
        memoryBytes: 131_072 * (1 + Math.floor(going.elapsedMs / 300)),
        elapsedMs: going.elapsedMs,
        outputBytes: going.stdout.length,
      };
      this.#emit('run.gauged', gauge);
      if (going.elapsedMs < going.record.limits.timeMs) return;
      this.#end(going, { kind: 'timed-out', stage: 'terminated', limit: { name: 'time', value: '10 s' } });
    }, TICK_MS);
  }

  #print(going: Going, text: string): void {
    going.stdout += text;
    going.record = { ...going.record, stdoutBytes: going.stdout.length };
    this.#emit('run.printed', { runId: going.record.runId, stream: 'stdout', totalBytes: going.stdout.length });
  }

  setState(runId: string, state: RunRecord['state']): void {
    const going = this.#runs.get(runId);
    if (going === undefined) return;
    going.record = { ...going.record, state };
    this.#emit('run.changed', going.record);
  }

  cancel(runId: string): void {
    const going = this.#runs.get(runId);
    if (going !== undefined)
      this.#end(going, { kind: 'stopped', stage: 'cooperative', message: 'cancelled by the user' });
  }

  #end(going: Going, outcome: RunOutcome): void {
    clearInterval(going.timer);
    const usage = { fuelUsed: '1664079', memoryPeakBytes: 131_072, outputBytes: going.stdout.length };
    going.record = {
      ...going.record,
      state: 'ended',
      finishedAt: Date.now(),
      outcome,
      usage,
      timing: { queuedMs: 0.04, compileMs: 0.82, runMs: going.elapsedMs || 1.31, totalMs: going.elapsedMs + 2.17 },
      receiptId: '5f'.repeat(32),
    };
    going.record = { ...going.record, ledgerSeqs: [this.onEnd(going.record)] };
    const bytes = new TextEncoder().encode(going.stdout);
    going.items = [
      { outcome, results: going.record.results, stdout: bytes, stderr: new Uint8Array(), files: [], usage },
    ];
    this.#emit('run.changed', going.record);
  }
}

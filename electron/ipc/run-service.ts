import type { Caller } from '../../shared/contract/index.ts';
import type { Json } from '../../shared/model/entry.ts';
import type { ModuleRecord } from '../../shared/model/module-report.ts';
import type { RunItem, RunOutcome, RunRecord, RunRequest } from '../../shared/model/run.ts';
import type { RunId } from '../../shared/model/scalars.ts';
import { Refusal } from '../../shared/result.ts';
import { checkEntry, createRunId, type RunHandle, type RunResult } from '../hypervisor/index.ts';
import { checkLimits } from './handlers/policies.ts';
import { resolvePolicy } from './policy-resolution.ts';
import type { Rooms } from './ports.ts';

/** A run that this process started. */
export type LiveRun = {
  readonly runId: RunId;
  readonly handle: RunHandle;
  /** Resolves when the run has ended and its end is in the log; rejects with what kept it out. */
  readonly ended: Promise<{ record: RunRecord; items: readonly RunItem[] }>;
};

export type RunService = {
  /** Starts a run, once the entry that says so is durable. @throws Refusal with one of the codes of `runs.start` */
  start(request: RunRequest, caller: Caller): Promise<LiveRun>;
  live(runId: RunId): LiveRun | undefined;
  /** Resolves when every run that was started has ended and is in the log. */
  settle(): Promise<void>;
};

/** Takes runs from request to record: resolve, log, run, log, keep. */
export function createRunService(rooms: Rooms): RunService {
  const { hypervisor, ledger, modules, runs, events } = rooms;
  const living = new Map<RunId, LiveRun>();

  async function start(request: RunRequest, caller: Caller): Promise<LiveRun> {
    const module = await modules.record(request.module);
    const bytes = await modules.bytes(request.module);
    if (module === undefined || bytes === undefined) {
      throw new Refusal('module.not-found', 'no module with this digest is loaded', { module: request.module });
    }
    const first = createRecord(rooms, request, module);
    checkArguments(request, module);
    const started = await ledger.append({ op: 'run.started', actor: caller.actor, data: startedEntry(first) });
    const begun = hypervisor.start({
      runId: first.runId,
      sha256: request.module,
      bytes,
      report: module.report,
      entry: request.entry,
      wasi: request.wasi ?? null,
      limits: first.limits,
      grants: first.grants,
      stubs: request.stubs ?? [],
      determinism: request.determinism ?? null,
      batch: request.batch ?? null,
      queueKey: caller.tokenId ?? request.module,
    });
    if (!begun.ok) {
      const data = { run: first.runId, module: first.module, moduleName: first.moduleName, outcome: 'refused' };
      await ledger.append({ op: 'run.finished', actor: caller.actor, data: { ...data, error: begun.error.code } });
      throw new Refusal(begun.error.code, begun.error.message, begun.error.details);
    }
    const record = { ...first, ledgerSeqs: [started.seq] };
    const ended = follow(record, begun.value, caller);
    const live = { runId: record.runId, handle: begun.value, ended };
    living.set(record.runId, live);
    // Whoever waits for `ended` hears of the failure; without anyone waiting it is written down, not thrown.
    ended
      .catch((error: unknown) => rooms.diagnostics.report('runs.finish', error))
      .finally(() => living.delete(record.runId));
    modules.touch(record.module, record.startedAt);
    return live;
  }

  async function follow(first: RunRecord, handle: RunHandle, caller: Caller) {
    let record = first;
    const change = (patch: Partial<RunRecord>): void => {
      record = { ...record, ...patch };
      runs.put(record);
      events.publish('run.changed', record);
    };
    handle.on((event) => {
      // The record ends once its end is in the log, not before.
      if (event.type === 'state' && event.state !== 'ended') change({ state: event.state });
      if (event.type === 'gauge') events.publish('run.gauged', event.gauge);
      if (event.type === 'printed') {
        const { stream, totalBytes } = event;
        record = { ...record, [`${stream}Bytes`]: totalBytes };
        events.publish('run.printed', { runId: record.runId, stream, totalBytes });
      }
    });
    change({ state: handle.state === 'ended' ? 'running' : handle.state });
    const result = await handle.done;
    record = { ...record, ...endOf(result), finishedAt: rooms.clock() };
    try {
      const data = finishedEntry(record, result.outcome);
      const finished = await ledger.append({ op: 'run.finished', actor: caller.actor, data });
      record = { ...record, ledgerSeqs: [...record.ledgerSeqs, finished.seq] };
    } catch (error) {
      const message = 'the run ended, but its end could not be written to the audit log';
      record = { ...record, outcome: { ...result.outcome, message } };
      throw error;
    } finally {
      runs.finish(record, result.items);
      events.publish('run.changed', record);
    }
    return { record, items: result.items };
  }

  return {
    start,
    live: (runId) => living.get(runId),
    async settle() {
      await Promise.allSettled([...living.values()].map((live) => live.ended));
    },
  };
}

function createRecord(rooms: Rooms, request: RunRequest, module: ModuleRecord): RunRecord {
  const { policies, clock } = rooms;
  if (request.limits !== undefined) checkLimits(request.limits);
  const override = policies.override(request.module);
  const policy = policies.named(request.policy ?? override?.policy ?? policies.active());
  const inForce = resolvePolicy(policy, override, { limits: request.limits, grants: request.grants });
  const startedAt = clock();
  return {
    runId: createRunId(startedAt),
    module: request.module,
    moduleName: module.name,
    moduleBytes: module.sizeBytes,
    entry: request.entry,
    programArgs: request.wasi?.args ?? [],
    policy: policy.name,
    limits: inForce.limits,
    grants: inForce.grants.map((grant) => grant.capability),
    isDeterministic: request.determinism !== undefined,
    batchSize: request.batch?.length ?? 1,
    state: 'queued',
    startedAt,
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
}

/** @throws Refusal `run.no-such-export`, `run.bad-argument` */
function checkArguments({ entry, batch }: RunRequest, module: ModuleRecord): void {
  for (const input of batch ?? [{ args: undefined }]) {
    const own = entry.kind === 'export' && input.args !== undefined ? { ...entry, args: input.args } : entry;
    const checked = checkEntry(module.report, own);
    if (!checked.ok) throw new Refusal(checked.error.code, checked.error.message, checked.error.details);
  }
}

function endOf({ outcome, results, items, usage, timing }: RunResult): Partial<RunRecord> & { outcome: RunOutcome } {
  return {
    state: 'ended',
    outcome,
    results: [...results],
    stdoutBytes: items.reduce((sum, item) => sum + item.stdout.length, 0),
    stderrBytes: items.reduce((sum, item) => sum + item.stderr.length, 0),
    files: (items[0]?.files ?? []).map(({ path, content }) => ({ path, sizeBytes: content.length })),
    usage,
    timing,
  };
}

/** What the log says of a run before it begins: everything that was decided, nothing of its input. */
function startedEntry(record: RunRecord): { [key: string]: Json } {
  const { runId, module, moduleName, entry, policy, limits, grants, isDeterministic, batchSize } = record;
  return {
    run: runId,
    module,
    moduleName,
    entry: entry.kind === 'export' ? entry.name : '_start',
    policy,
    limits,
    grants,
    isDeterministic,
    batchSize,
  };
}

function finishedEntry(record: RunRecord, { kind, limit, trap, exitCode, stage, missing }: RunOutcome) {
  const { runId, module, moduleName, usage, timing } = record;
  const data: { [key: string]: Json } = {
    run: runId,
    module,
    moduleName,
    outcome: kind,
    ...(limit === undefined ? {} : { limit }),
    ...(trap === undefined ? {} : { trap: trap.kind }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stage === undefined ? {} : { stage }),
    ...(missing === undefined
      ? {}
      : { missing: missing.slice(0, 20).map(({ module: from, name }) => `${from}.${name}`) }),
  };
  if (usage !== null) data.usage = { ...usage };
  if (timing !== null) data.totalMs = Math.round(timing.totalMs * 1000) / 1000;
  return data;
}

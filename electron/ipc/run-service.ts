import type { Caller } from '../../shared/contract/index.ts';
import type { Json } from '../../shared/model/entry.ts';
import type { ModuleRecord } from '../../shared/model/module-report.ts';
import type { RunItem, RunOutcome, RunRecord, RunRequest } from '../../shared/model/run.ts';
import type { RunId } from '../../shared/model/scalars.ts';
import { Refusal } from '../../shared/result.ts';
import { checkEntry, createRunId, type RunHandle, type RunResult } from '../hypervisor/index.ts';
import type { BuiltReceipt } from '../receipt/index.ts';
import type { SessionUse } from '../vault/index.ts';
import { checkLimits } from './handlers/policies.ts';
import type { SealedOrigin } from './module-store.ts';
import { resolvePolicy } from './policy-resolution.ts';
import type { Rooms } from './ports.ts';
import { createReceiptService, type PendingReceipt } from './receipt-service.ts';
import { type SealedOutput, sealedParts, sealOutput } from './sealed-run.ts';

/** A run that this process started. */
export type LiveRun = {
  readonly runId: RunId;
  readonly handle: RunHandle;
  /** what it gives goes sealed to someone: nothing of it is shown or kept in the clear */
  readonly isPrivate: boolean;
  /** Resolves when the run has ended and its end is in the log; rejects with what kept it out. */
  readonly ended: Promise<EndedRun>;
};

/** `sealed` and `receipt` as text are there for a run that ended well into the log. */
export type EndedRun = {
  readonly record: RunRecord;
  readonly items: readonly RunItem[];
  readonly sealed: Uint8Array | undefined;
  readonly receipt: BuiltReceipt;
};

/** What a run has beyond its request when it came sealed. */
export type RunExtras = {
  /** a module that is not in the store, in memory only */
  readonly module?: { readonly record: ModuleRecord; readonly bytes: Uint8Array };
  readonly session?: SessionUse;
  readonly sealedModule?: SealedOrigin;
  readonly sealedInput?: SealedOrigin;
};

export type RunService = {
  /** Starts a run, once the entry that says so is durable. @throws Refusal with one of the codes of `runs.start` */
  start(request: RunRequest, caller: Caller, extras?: RunExtras): Promise<LiveRun>;
  live(runId: RunId): LiveRun | undefined;
  /** Starts nothing more, stops what runs, and resolves when every run has ended and is in the log. */
  stop(): Promise<void>;
};

/** A run between its request and its start. */
type Beginning = {
  readonly request: RunRequest;
  readonly caller: Caller;
  readonly extras: RunExtras;
  readonly module: ModuleRecord;
  readonly bytes: Uint8Array;
  readonly first: RunRecord;
  readonly receipt: PendingReceipt;
  readonly isPrivate: boolean;
  /** public keys of the request's `sealTo`, looked up while the vault was open */
  readonly sealTo: readonly Uint8Array[] | undefined;
};

/** Takes runs from request to record: resolve, log, run, log, keep. */
export function createRunService(rooms: Rooms): RunService {
  const { hypervisor, ledger, modules, runs, events } = rooms;
  const receiptService = createReceiptService(rooms);
  const living = new Map<RunId, LiveRun>();
  let isStopping = false;

  async function start(request: RunRequest, caller: Caller, extras: RunExtras = {}): Promise<LiveRun> {
    if (isStopping) throw new Refusal('run.busy', 'Glovebox is being closed and starts nothing more');
    const module = extras.module?.record ?? (await modules.record(request.module));
    const bytes = extras.module?.bytes ?? (await modules.bytes(request.module));
    if (module === undefined || bytes === undefined) {
      throw new Refusal('module.not-found', 'no module with this digest is loaded', { module: request.module });
    }
    const isPrivate = extras.session !== undefined || request.sealTo !== undefined;
    const first = createRecord(rooms, request, module, isPrivate);
    checkArguments(request, module);
    const sealTo = request.sealTo && rooms.vault.sealing.publicKeysOf(request.sealTo);
    const receipt = receiptService.begin(request, bytes);
    try {
      return await begin({ request, caller, extras, module, bytes, first, receipt, isPrivate, sealTo });
    } catch (error) {
      receipt.release();
      throw error;
    }
  }

  async function begin(run: Beginning): Promise<LiveRun> {
    const { request, caller, extras, module, bytes, first, receipt, isPrivate } = run;
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
    const ended = follow({ ...run, first: record }, begun.value).finally(() => receipt.release());
    const live = { runId: record.runId, handle: begun.value, isPrivate, ended };
    living.set(record.runId, live);
    // Whoever waits for `ended` hears of the failure; without anyone waiting it is written down, not thrown.
    ended
      .catch((error: unknown) => rooms.diagnostics.report('runs.finish', error))
      .finally(() => living.delete(record.runId));
    if (extras.module === undefined) modules.touch(record.module, record.startedAt);
    return live;
  }

  async function follow(run: Beginning, handle: RunHandle): Promise<EndedRun> {
    const { first, request, caller, extras, receipt, isPrivate } = run;
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
      if (event.type === 'printed' && !isPrivate) {
        const { stream, totalBytes } = event;
        record = { ...record, [`${stream}Bytes`]: totalBytes };
        events.publish('run.printed', { runId: record.runId, stream, totalBytes });
      }
    });
    change({ state: handle.state === 'ended' ? 'running' : handle.state });
    const result = await handle.done;
    record = { ...record, ...endOf(result, isPrivate), finishedAt: rooms.clock() };
    let sealed: SealedOutput | undefined;
    let built: BuiltReceipt;
    try {
      sealed = isPrivate ? await sealOutput(rooms.vault, run, result) : undefined;
      built = await receipt.build({
        record,
        request,
        result,
        ...(extras.session && { sessionId: extras.session.sessionId }),
        ...sealedParts(rooms, request, extras, sealed),
      });
      const data = { ...finishedEntry(record, result.outcome), receipt: built.receiptId };
      const finished = await ledger.append({
        op: 'run.finished',
        actor: caller.actor,
        ...(extras.session && { session: extras.session.sessionId }),
        data,
      });
      receipt.keep(built, finished.seq);
      record = {
        ...record,
        ledgerSeqs: [...record.ledgerSeqs, finished.seq],
        receiptId: built.receiptId,
        ...(sealed && { sealedBytes: sealed.bytes.length }),
      };
    } catch (error) {
      const message = 'the run ended, but its end could not be written to the audit log';
      record = { ...record, outcome: { ...result.outcome, message } };
      throw error;
    } finally {
      runs.finish(record, isPrivate ? [] : result.items, sealed?.bytes);
      events.publish('run.changed', record);
    }
    return { record, items: result.items, sealed: sealed?.bytes, receipt: built };
  }

  return {
    start,
    live: (runId) => living.get(runId),
    async stop() {
      isStopping = true;
      for (const { handle } of living.values()) handle.cancel();
      await Promise.allSettled([...living.values()].map((live) => live.ended));
    },
  };
}

function createRecord(rooms: Rooms, request: RunRequest, module: ModuleRecord, isPrivate: boolean): RunRecord {
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
    entry: isPrivate ? withoutArguments(request.entry) : request.entry,
    programArgs: isPrivate ? [] : (request.wasi?.args ?? []),
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

function withoutArguments(entry: RunRequest['entry']): RunRequest['entry'] {
  return entry.kind === 'export' ? { ...entry, args: [] } : entry;
}

/** @throws Refusal `run.no-such-export`, `run.bad-argument` */
function checkArguments({ entry, batch }: RunRequest, module: ModuleRecord): void {
  for (const input of batch ?? [{ args: undefined }]) {
    const own = entry.kind === 'export' && input.args !== undefined ? { ...entry, args: input.args } : entry;
    const checked = checkEntry(module.report, own);
    if (!checked.ok) throw new Refusal(checked.error.code, checked.error.message, checked.error.details);
  }
}

function endOf(
  { outcome, results, items, usage, timing }: RunResult,
  isPrivate: boolean,
): Partial<RunRecord> & { outcome: RunOutcome } {
  if (isPrivate) {
    // A guest can choose its trap's words and names.
    const { message: _message, trap, ...told } = outcome;
    const bare = trap && {
      ...trap,
      message: trap.kind,
      frames: trap.frames.map((frame) => ({ ...frame, functionName: null })),
    };
    return { state: 'ended', outcome: { ...told, ...(bare && { trap: bare }) }, usage, timing };
  }
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

import type { Handlers, Room } from '../../shared/contract/index.ts';
import { defaultLimits, type Limits, limitError } from '../../shared/model/limits.ts';
import type { ModuleOverride, Policy } from '../../shared/model/policy.ts';
import type { ModuleDigest } from '../../shared/model/scalars.ts';
import { fail, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { FakeLedger, outcomeClasses } from './fake/ledger.ts';
import { everydayModules, type FakeModule, loadedModule, manyModules, summaryOf } from './fake/modules.ts';
import { FakeRuns } from './fake/runs.ts';

/** Rooms that are not faked answer `contract.unknown-call`, as a host that does not have them would. */
export type PartialHandlers = { [R in Room]?: Partial<Handlers[R]> };

export type FakeWorld = {
  readonly handlers: PartialHandlers;
  /** events so far; `subscribe` of a transport reads from here */
  onEvent: (name: string, data: unknown) => void;
};

export type FakeOptions = { readonly modules?: 'everyday' | 'none' | number; readonly entries?: number };

const SAMPLES = [
  { name: 'fib.wasm', title: 'Fibonacci', description: 'Computes, and asks for nothing.', isHostile: false },
  {
    name: 'hello.wasm',
    title: 'Hello through WASI',
    description: 'Prints, reads its arguments and the clock.',
    isHostile: false,
  },
  { name: 'spin.wasm', title: 'Endless loop', description: 'Never returns: the deadline ends it.', isHostile: true },
];

/** A world with the shape of the contract and nothing behind it; runs move, the log grows. */
export function createFakeWorld(options: FakeOptions = {}): FakeWorld {
  const wanted = options.modules ?? 'everyday';
  const made = wanted === 'everyday' ? everydayModules() : wanted === 'none' ? [] : manyModules(wanted);
  const modules = new Map<string, FakeModule>(made.map((module) => [module.record.sha256, module]));
  const ledger = new FakeLedger(
    options.entries ?? 20_000,
    everydayModules().map(({ record }) => record),
  );
  const world: FakeWorld = { handlers: {}, onEvent: () => {} };
  const emit = (name: string, data: unknown) => world.onEvent(name, data);
  const runs = new FakeRuns(emit);
  const appended = (op: string, outcome: string) => {
    const seq = ledger.append(op, outcome);
    emit('ledger.appended', { entries: ledger.length, head: ledger.head() });
    return seq;
  };
  runs.onEnd = (record) => {
    emit('system.changed', status(runs, ledger));
    return appended('run.finished', record.outcome?.kind ?? '');
  };
  Object.assign(world.handlers, {
    system: systemHandlers(runs, ledger),
    modules: moduleHandlers(modules, emit, appended),
    runs: runHandlers(modules, runs, emit, ledger),
    policies: policyHandlers(emit),
    audit: auditHandlers(ledger),
  } satisfies PartialHandlers);
  return world;
}

function status(runs: FakeRuns, ledger: FakeLedger) {
  return {
    running: runs.runningCount(),
    queued: 0,
    guestProcesses: 4,
    ledger: { state: 'open' as const, entries: ledger.length, head: ledger.head(), message: null },
    vault: { state: 'unlocked' as const, protection: 'passphrase' as const },
  };
}

function systemHandlers(runs: FakeRuns, ledger: FakeLedger): Handlers['system'] {
  return {
    info: async () =>
      ok({ version: '0.1.0', engine: 'V8 14.2', host: 'headless', platform: 'linux x64', startedAt: Date.now() }),
    status: async () => ok(status(runs, ledger)),
    storage: async () => ok({ folder: '/home/ada/.local/share/glovebox', parts: [] }),
    eventSeq: async () => ok({ seq: 0 }),
  };
}

function moduleHandlers(
  modules: Map<string, FakeModule>,
  emit: (name: string, data: unknown) => void,
  appended: (op: string, outcome: string) => number,
): PartialHandlers['modules'] & {} {
  const add = (module: FakeModule) => {
    const isNew = !modules.has(module.record.sha256);
    modules.set(module.record.sha256, module);
    emit('module.added', summaryOf(module.record));
    appended('module.added', 'ok');
    return ok({ record: module.record, isNew });
  };
  return {
    load: async ({ name, bytes }) => {
      const magic = [0, 0x61, 0x73, 0x6d];
      if (!magic.every((byte, index) => bytes[index] === byte)) {
        return fail('module.malformed', 'expected the magic bytes 00 61 73 6d at offset 0', { offset: 0 });
      }
      return add(loadedModule(name, bytes));
    },
    samples: async () => ok(SAMPLES),
    loadSample: async ({ name }) => {
      const found = everydayModules().find((module) => module.record.name === name);
      return found === undefined ? fail('module.not-found', 'no sample of this name') : add(found);
    },
    list: async () => ok([...modules.values()].map((module) => summaryOf(module.record))),
    get: async ({ sha256 }) => {
      const found = modules.get(sha256);
      return found === undefined ? fail('module.not-found', 'no module with this digest is loaded') : ok(found.record);
    },
    remove: async ({ sha256 }) => {
      modules.delete(sha256);
      emit('module.removed', { sha256 });
      return ok({});
    },
    read: async ({ sha256, offset, length }) => {
      const found = modules.get(sha256);
      if (found === undefined) return fail('module.not-found', 'no module with this digest is loaded');
      return ok({ bytes: found.bytes.slice(offset, offset + length), sizeBytes: found.bytes.length });
    },
  };
}

function runHandlers(
  modules: Map<string, FakeModule>,
  runs: FakeRuns,
  emit: (name: string, data: unknown) => void,
  ledger: FakeLedger,
): PartialHandlers['runs'] & {} {
  const unknown = () => fail('run.not-found', 'no run with this id');
  return {
    start: async (request) => {
      const module = modules.get(request.module);
      if (module === undefined) return fail('module.not-found', 'no module with this digest is loaded');
      const runId = runs.start(module.record, request);
      emit('system.changed', status(runs, ledger));
      return ok({ runId });
    },
    list: async ({ module, limit }) =>
      ok(
        runs
          .list()
          .filter((run) => module === undefined || run.module === module)
          .slice(0, limit),
      ),
    get: async ({ runId }) => {
      const run = runs.get(runId);
      return run === undefined ? unknown() : ok(run.record);
    },
    items: async ({ runId }) => {
      const run = runs.get(runId);
      return run === undefined ? unknown() : ok(run.items);
    },
    output: async ({ runId, stream, offset, length }) => {
      const run = runs.get(runId);
      if (run === undefined) return unknown();
      const bytes = new TextEncoder().encode(stream === 'stdout' ? run.stdout : run.stderr);
      return ok({
        bytes: bytes.slice(offset, offset + length),
        totalBytes: bytes.length,
        isComplete: run.record.state === 'ended',
      });
    },
    cancel: async ({ runId }) => {
      runs.cancel(runId);
      return ok({});
    },
    pause: async ({ runId }) => {
      runs.setState(runId, 'paused');
      return ok({});
    },
    resume: async ({ runId }) => {
      runs.setState(runId, 'running');
      return ok({});
    },
  };
}

const strict: Limits = { ...defaultLimits, memoryBytes: 16 * MiB, timeMs: 1000, fuel: '1000000000', outputBytes: MiB };
const generous: Limits = { ...defaultLimits, memoryBytes: 1024 * MiB, timeMs: 120_000 };

function policyHandlers(emit: (name: string, data: unknown) => void): PartialHandlers['policies'] & {} {
  const policies: Policy[] = [
    { name: 'Strict', isBuiltIn: true, limits: strict, grants: [] },
    { name: 'Default', isBuiltIn: true, limits: defaultLimits, grants: ['wasi', 'args', 'stdin'] },
    {
      name: 'Generous',
      isBuiltIn: true,
      limits: generous,
      grants: ['wasi', 'args', 'env', 'stdin', 'clock', 'random', 'files'],
    },
  ];
  const overrides = new Map<ModuleDigest, ModuleOverride>();
  let active = 'Default';
  const changed = () => {
    emit('policies.changed', {});
    return ok({});
  };
  return {
    list: async () => ok({ active, policies, overrides: [...overrides.values()] }),
    resolve: async ({ module, policy, run }) => {
      const override = module === null ? undefined : overrides.get(module);
      const base = policies.find((one) => one.name === (policy ?? override?.policy ?? active));
      if (base === undefined) return fail('policy.not-found', 'no policy with this name');
      const sources = Object.fromEntries(
        Object.keys(base.limits).map(
          (name) =>
            [name, name in (run ?? {}) ? 'run' : name in (override?.limits ?? {}) ? 'module' : 'policy'] as const,
        ),
      );
      return ok({
        policy: base.name,
        limits: { ...base.limits, ...override?.limits, ...run } as Limits,
        sources,
        grants: [
          ...base.grants.map((capability) => ({ capability, source: 'policy' as const })),
          ...(override?.grants ?? []).map((capability) => ({ capability, source: 'module' as const })),
        ],
      });
    },
    save: async ({ name, limits, grants }) => {
      const at = policies.findIndex((one) => one.name === name);
      if (policies[at]?.isBuiltIn) return fail('policy.read-only', 'built-in policies cannot be changed');
      const bad = limitError(limits);
      if (bad !== undefined) return fail('run.bad-limit', bad.message);
      policies.splice(at === -1 ? policies.length : at, at === -1 ? 0 : 1, { name, isBuiltIn: false, limits, grants });
      return changed();
    },
    remove: async ({ name }) => {
      policies.splice(
        policies.findIndex((one) => one.name === name),
        1,
      );
      return changed();
    },
    activate: async ({ name }) => {
      active = name;
      return changed();
    },
    override: async ({ module, override }) => {
      if (override === null) overrides.delete(module);
      else overrides.set(module, { module, ...override, changedAt: Date.now() });
      return changed();
    },
  };
}

function auditHandlers(ledger: FakeLedger): PartialHandlers['audit'] & {} {
  const bad = () => fail('ledger.bad-filter', 'the filter could not be understood');
  const progress = (matches: Uint32Array) => ({
    matched: matches.length,
    scanned: ledger.length,
    total: ledger.length,
  });
  return {
    page: async ({ filter, from, length }) => {
      const matches = ledger.match(filter);
      if (matches === undefined) return bad();
      const rows = Array.from(matches.subarray(from, from + length), (seq) => ledger.row(seq));
      return ok({ rows, ...progress(matches) });
    },
    histogram: async ({ filter, fromTs, toTs, bins }) => {
      const matches = ledger.match(filter);
      if (matches === undefined) return bad();
      const [from, to] = [fromTs ?? ledger.ts(0), toTs ?? ledger.ts(ledger.length - 1)];
      const counts = ledger.histogram(matches, from, to, bins);
      return ok({
        fromTs: from,
        toTs: to,
        classes: outcomeClasses,
        counts,
        ...progress(matches),
      });
    },
    locate: async ({ filter, seq, ts }) => {
      const matches = ledger.match(filter);
      if (matches === undefined) return bad();
      const isBefore = (found: number) => (seq !== undefined ? found < seq : ledger.ts(found) < (ts ?? 0));
      let [low, high] = [0, matches.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (isBefore(matches[middle]!)) low = middle + 1;
        else high = middle;
      }
      return ok({ position: low, ...progress(matches) });
    },
    vocabulary: async () => ok(ledger.vocabulary()),
    get: async ({ seq }) =>
      seq < ledger.length ? ok(ledger.entry(seq)) : fail('ledger.not-found', 'no entry with this number'),
  };
}

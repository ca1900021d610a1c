import type { Handlers } from '../../../shared/contract/index.ts';
import { hostLimits } from '../../../shared/model/limits.ts';
import type { RunId } from '../../../shared/model/scalars.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { formatDuration } from '../../../shared/units.ts';
import type { Rooms } from '../ports.ts';
import type { LiveRun, RunService } from '../run-service.ts';

export function createRunHandlers({ runs }: Rooms, service: RunService): Handlers['runs'] {
  return {
    async start(request, caller) {
      const { runId } = await service.start(request, caller);
      return ok({ runId });
    },
    async execute(request, caller) {
      const live = await service.start(request, caller);
      const cancel = () => void live.handle.cancel();
      // Nobody is left to hear the answer.
      caller.signal?.addEventListener('abort', cancel, { once: true });
      try {
        return await answerInTime(live);
      } finally {
        caller.signal?.removeEventListener('abort', cancel);
      }
    },
    list: async (filter) => ok(runs.list({ limit: filter.limit, ...(filter.module && { module: filter.module }) })),
    get: async ({ runId }) => {
      const record = runs.get(runId);
      return record === undefined ? notFound(runId) : ok(record);
    },
    items: async ({ runId }) => {
      const items = await runs.items(runId);
      return items === undefined ? notFound(runId) : ok(items);
    },
    output: async ({ runId, stream, offset, length }) => {
      const live = service.live(runId);
      // What goes sealed to someone is not shown to anyone else.
      const isPrivate = live?.isPrivate ?? runs.get(runId)?.sealedBytes !== undefined;
      if (isPrivate) return ok({ bytes: new Uint8Array(), totalBytes: 0, isComplete: live === undefined });
      if (live !== undefined) return ok(live.handle.readOutput(stream, offset, length));
      const range = await runs.output(runId, stream, offset, length);
      return range === undefined ? notFound(runId) : ok(range);
    },
    cancel: async ({ runId }) => command(runId, (live) => live.handle.cancel()),
    pause: async ({ runId }) => command(runId, (live) => live.handle.pause()),
    resume: async ({ runId }) => command(runId, (live) => live.handle.resume()),
  };

  function command<C extends 'run.not-running' | 'run.not-pausable'>(
    runId: RunId,
    act: (live: LiveRun) => Result<void, C>,
  ) {
    const live = service.live(runId);
    if (live !== undefined) {
      const done = act(live);
      return done.ok ? ok({}) : done;
    }
    return runs.get(runId) === undefined ? notFound(runId) : fail('run.not-running', 'the run has already ended');
  }
}

async function answerInTime({ runId, isPrivate, ended }: LiveRun) {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), hostLimits.responseMs);
  try {
    const end = await Promise.race([ended, late.promise]);
    if (end !== undefined) return ok({ record: end.record, items: isPrivate ? [] : [...end.items] });
    const message = `the run goes on, but has not ended within ${formatDuration(hostLimits.responseMs)}; ask for it by its id`;
    return fail('run.too-late', message, { runId });
  } finally {
    clearTimeout(timer);
  }
}

function notFound(runId: RunId) {
  return fail('run.not-found', 'no run with this id', { runId });
}

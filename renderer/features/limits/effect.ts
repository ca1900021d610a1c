import type { Limits } from '../../../shared/model/limits.ts';
import type { RunRecord } from '../../../shared/model/run.ts';

/** Who a change of limits touches, told from the runs that are known. */
export type Effect = {
  /** modules that ran under the policy */
  readonly modules: number;
  /** runs that go on now; they keep the limits they were started with */
  readonly running: number;
  /** ended well before, and would not under the new limits */
  readonly wouldFail: readonly { readonly run: RunRecord; readonly limit: 'time' | 'memory' | 'fuel' | 'output' }[];
};

/** Replays what recent runs used against new limits. */
export function previewEffect(runs: readonly RunRecord[], policy: string, limits: Limits): Effect {
  const own = runs.filter((run) => run.policy === policy);
  const wouldFail = own.flatMap((run) => {
    const endedWell = run.outcome?.kind === 'finished' || run.outcome?.kind === 'exited';
    const limit = endedWell ? brokenLimit(run, limits) : undefined;
    return limit === undefined ? [] : [{ run, limit }];
  });
  return {
    modules: new Set(own.map((run) => run.module)).size,
    running: own.filter((run) => run.state !== 'ended').length,
    wouldFail,
  };
}

function brokenLimit(run: RunRecord, limits: Limits): 'time' | 'memory' | 'fuel' | 'output' | undefined {
  const { usage, timing } = run;
  if (timing !== null && timing.compileMs + timing.runMs > limits.timeMs) return 'time';
  if (usage === null) return undefined;
  if ((usage.memoryPeakBytes ?? 0) > limits.memoryBytes) return 'memory';
  if (limits.fuel !== null && usage.fuelUsed !== null && BigInt(usage.fuelUsed) > BigInt(limits.fuel)) return 'fuel';
  return usage.outputBytes > limits.outputBytes ? 'output' : undefined;
}

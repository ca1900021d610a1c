import type { SystemStatus } from '../../../shared/contract/system.ts';
import { outcomeKind, type RunRecord } from '../../../shared/model/run.ts';
import type { App } from '../../ipc/index.ts';

const DURATION_BOUNDS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

export type Metrics = {
  /** The numbers since the server started, in Prometheus' text format (version 0.0.4). */
  text(status: SystemStatus): string;
  stop(): void;
};

/** Counts ended runs from the events, so that counting costs a run nothing. */
export function countRuns(app: App): Metrics {
  const outcomes = new Map<string, number>(outcomeKind.options.map((kind) => [kind, 0]));
  const buckets = DURATION_BOUNDS_S.map(() => 0);
  let seconds = 0;
  let runs = 0;
  let fuel = 0n;
  let peakBytes = 0;

  const stop = app.events.subscribe(app.events.seq(), (message) => {
    if (message.name === 'run.changed' && message.data.state === 'ended') count(message.data);
  });

  function count({ outcome, timing, usage }: RunRecord): void {
    if (outcome !== null) outcomes.set(outcome.kind, (outcomes.get(outcome.kind) ?? 0) + 1);
    const took = (timing?.totalMs ?? 0) / 1000;
    for (const [i, bound] of DURATION_BOUNDS_S.entries()) if (took <= bound) buckets[i]! += 1;
    seconds += took;
    runs += 1;
    fuel += BigInt(usage?.fuelUsed ?? 0);
    peakBytes = Math.max(peakBytes, usage?.memoryPeakBytes ?? 0);
  }

  return {
    stop,
    text(status) {
      const duration = DURATION_BOUNDS_S.map((bound, i) => `glovebox_run_seconds_bucket{le="${bound}"} ${buckets[i]}`);
      return [
        ...family(
          'runs_total',
          'counter',
          'Ended runs by outcome',
          [...outcomes].map(([kind, n]) => [`{outcome="${kind}"}`, n]),
        ),
        '# HELP glovebox_run_seconds Time of a run from request to end',
        '# TYPE glovebox_run_seconds histogram',
        ...duration,
        `glovebox_run_seconds_bucket{le="+Inf"} ${runs}`,
        `glovebox_run_seconds_sum ${seconds}`,
        `glovebox_run_seconds_count ${runs}`,
        ...family('fuel_total', 'counter', 'Fuel used by ended runs', [['', fuel]]),
        ...family('run_memory_peak_bytes', 'gauge', 'Largest peak memory of an ended run', [['', peakBytes]]),
        ...family('executions_running', 'gauge', 'Executions under way', [['', status.running]]),
        ...family('executions_queued', 'gauge', 'Executions that wait', [['', status.queued]]),
        ...family('guest_processes', 'gauge', 'Guest processes', [['', status.guestProcesses]]),
        ...family('ledger_entries', 'gauge', 'Entries in the log', [['', status.ledger.entries]]),
        ...family('ledger_open', 'gauge', '1 while the log takes entries', [
          ['', status.ledger.state === 'open' ? 1 : 0],
        ]),
        ...family('process_resident_bytes', 'gauge', 'Memory of the server process', [['', process.memoryUsage.rss()]]),
        '',
      ].join('\n');
    },
  };
}

function family(
  name: string,
  type: string,
  help: string,
  values: readonly (readonly [string, number | bigint])[],
): string[] {
  const lines = values.map(([labels, value]) => `glovebox_${name}${labels} ${value}`);
  return [`# HELP glovebox_${name} ${help}`, `# TYPE glovebox_${name} ${type}`, ...lines];
}

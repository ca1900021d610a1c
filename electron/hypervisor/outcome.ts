import type { Limits } from '../../shared/model/limits.ts';
import type { RunOutcome } from '../../shared/model/run.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';
import type { WatchedEnd } from './execution-watch.ts';
import type { GuestExit } from './spawn.ts';

/** Says how an execution ended, from how its worker and process did. */
export function outcomeOf({ end, reason, stage }: WatchedEnd, limits: Limits): RunOutcome {
  if (end.how === 'ended') return end.result.outcome;
  if (end.how === 'lost' && end.cause === 'out-of-memory') return outOfMemory(end.message, limits);
  const isOurs = stage === 'killed' || (end.how === 'lost' && end.cause === 'terminated');
  if (isOurs && reason !== null) return reason === 'deadline' ? timedOut(limits, stage) : stopped(stage);
  if (end.how === 'lost') return { kind: 'crashed', message: `the guest's worker failed: ${end.message}` };
  return exitOutcome(end.exit, limits);
}

/** How an execution ended whose process ended by itself. */
export function exitOutcome(exit: GuestExit, limits: Limits): RunOutcome {
  if (isOutOfMemory(exit)) return outOfMemory('the memory of the guest process is used up', limits);
  const how = exit.signal === null ? `with status ${exit.code}` : `by ${exit.signal}`;
  return { kind: 'crashed', message: `the guest process ended ${how}` };
}

/** Whether a process may serve its module again after this. */
export function isReusable(outcome: RunOutcome): boolean {
  switch (outcome.kind) {
    case 'finished':
    case 'exited':
    case 'trapped':
    case 'denied':
    case 'out-of-fuel':
    case 'output-limit':
      return true;
    case 'stopped':
      return outcome.stage === 'cooperative';
    case 'timed-out':
    case 'out-of-memory':
    case 'crashed':
      return false;
  }
}

export function timedOut(limits: Limits, stage: 'cooperative' | 'terminated' | 'killed'): RunOutcome {
  const value = formatDuration(limits.timeMs);
  return { kind: 'timed-out', message: `ran longer than ${value}`, limit: { name: 'time', value }, stage };
}

export function stopped(stage: 'cooperative' | 'terminated' | 'killed'): RunOutcome {
  return { kind: 'stopped', message: 'stopped on request', stage };
}

function outOfMemory(message: string, limits: Limits): RunOutcome {
  return { kind: 'out-of-memory', message, limit: { name: 'memory', value: formatBytes(limits.memoryBytes) } };
}

/** V8 names its reason on standard error before it aborts; the kernel's out-of-memory killer leaves none. */
function isOutOfMemory({ diagnostic }: GuestExit): boolean {
  return /out of memory|Array buffer allocation failed|allocation failed/i.test(diagnostic);
}

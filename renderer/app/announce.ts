import type { EventMessage } from '../../shared/contract/events.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import { formatDuration } from '../lib/format.ts';
import { navigate, splitHash } from '../lib/hash-route.ts';
import { describeRun } from '../lib/outcome.ts';
import { toastAction, toastDone } from '../ui/Toasts.tsx';

/** A run that took less ends before anyone could look away. */
const LONG_MS = 2000;

/** Tells of what happened elsewhere: long runs that ended out of sight, and files that the shell was asked to open. */
export function announce(message: EventMessage): void {
  if (message.name === 'run.changed' && isEndOutOfSight(message.data)) announceRun(message.data);
  if (message.name !== 'module.opened') return;
  const { sha256, name, message: reason } = message.data;
  if (sha256 !== null) navigate(`/modules/${sha256}`);
  else toastDone(`${name} was not opened`, reason ?? undefined);
}

function isEndOutOfSight(run: RunRecord): boolean {
  if (run.state !== 'ended' || (run.timing?.totalMs ?? 0) < LONG_MS) return false;
  return document.hidden || splitHash(window.location.hash).path !== `/runs/${run.runId}`;
}

function announceRun(run: RunRecord): void {
  const title = `${run.moduleName}: ${describeRun(run).word} after ${formatDuration(run.timing?.totalMs ?? 0)}`;
  toastAction(title, 'Show', () => navigate(`/runs/${run.runId}`));
}

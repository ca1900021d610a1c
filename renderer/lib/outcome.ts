import type { OutcomeKind, RunState } from '../../shared/model/run.ts';

/** The families a state is drawn in: icon, word and colour go together. */
export type Tone = 'ok' | 'trap' | 'timeout' | 'denied' | 'running' | 'paused' | 'cancelled' | 'unchecked';

const OUTCOMES: Record<OutcomeKind, { tone: Tone; word: string }> = {
  finished: { tone: 'ok', word: 'Finished' },
  exited: { tone: 'ok', word: 'Exited' },
  trapped: { tone: 'trap', word: 'Trapped' },
  'timed-out': { tone: 'timeout', word: 'Timed out' },
  'out-of-memory': { tone: 'timeout', word: 'Out of memory' },
  'out-of-fuel': { tone: 'timeout', word: 'Out of fuel' },
  'output-limit': { tone: 'timeout', word: 'Output limit' },
  denied: { tone: 'denied', word: 'Denied' },
  stopped: { tone: 'cancelled', word: 'Stopped' },
  crashed: { tone: 'trap', word: 'Crashed' },
};

const STATES: Record<Exclude<RunState, 'ended'>, { tone: Tone; word: string }> = {
  queued: { tone: 'unchecked', word: 'Queued' },
  starting: { tone: 'running', word: 'Starting' },
  running: { tone: 'running', word: 'Running' },
  paused: { tone: 'paused', word: 'Paused' },
  stopping: { tone: 'cancelled', word: 'Stopping' },
};

/** Tone and word of an outcome; an exit with a status that is not 0 is drawn as a failure. */
export function describeOutcome(kind: OutcomeKind, exitCode?: number): { tone: Tone; word: string } {
  if (kind === 'exited' && exitCode !== undefined) {
    return { tone: exitCode === 0 ? 'ok' : 'trap', word: `Exited ${exitCode}` };
  }
  return OUTCOMES[kind];
}

/** Tone and word of a run that may still be going. */
export function describeRun(run: {
  state: RunState;
  outcome: { kind: OutcomeKind; exitCode?: number | undefined } | null;
}): { tone: Tone; word: string } {
  if (run.outcome !== null) return describeOutcome(run.outcome.kind, run.outcome.exitCode);
  if (run.state === 'ended') return { tone: 'unchecked', word: 'Ended' };
  return STATES[run.state];
}

export function isOutcomeKind(text: string): text is OutcomeKind {
  return Object.hasOwn(OUTCOMES, text);
}

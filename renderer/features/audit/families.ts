import { describeOutcome, isOutcomeKind, type Tone } from '../../lib/outcome.ts';

/** The colours of the charts: what ended well, what did not and how, and all that has no outcome. */
export const families = ['info', 'ok', 'trap', 'timeout', 'denied'] as const;
export type Family = (typeof families)[number];

const BY_CLASS: Record<string, Family> = {
  ok: 'ok',
  finished: 'ok',
  exited: 'ok',
  trapped: 'trap',
  crashed: 'trap',
  failed: 'trap',
  'timed-out': 'timeout',
  'out-of-memory': 'timeout',
  'out-of-fuel': 'timeout',
  'output-limit': 'timeout',
  denied: 'denied',
  refused: 'denied',
};

/** Outcomes that are drawn in the lane of exceptions. */
export const exceptionClasses = Object.keys(BY_CLASS).filter((name) => BY_CLASS[name] !== 'ok');

/** The family of one of the histogram's classes; those not known have no outcome to show. */
export function familyOf(className: string): Family {
  return BY_CLASS[className] ?? 'info';
}

export function isException(family: Family): boolean {
  return family === 'trap' || family === 'timeout' || family === 'denied';
}

/** Tone and word of an entry's outcome. */
export function describeEntryOutcome(outcome: string): { tone: Tone; word: string } {
  if (isOutcomeKind(outcome)) return describeOutcome(outcome);
  const tones: Record<string, Tone> = { ok: 'ok', failed: 'trap', refused: 'denied' };
  return {
    tone: tones[outcome] ?? 'unchecked',
    word: outcome === 'ok' ? 'OK' : outcome.charAt(0).toUpperCase() + outcome.slice(1),
  };
}

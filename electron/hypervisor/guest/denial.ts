import type { RunOutcome } from '../../../shared/model/run.ts';

/** A refusal before anything of the guest ran. */
export class Denial extends Error {
  override readonly name = 'Denial';
  readonly outcome: RunOutcome;

  constructor(outcome: Omit<RunOutcome, 'kind'>) {
    super(outcome.message);
    this.outcome = { kind: 'denied', ...outcome };
  }
}

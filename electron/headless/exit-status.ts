import type { ErrorCode } from '../../shared/errors.ts';
import type { RunOutcome } from '../../shared/model/run.ts';

/** The exit status of a command line whose run came to `outcome` (DESIGN §7). A WASI program's own status is passed on. */
export function statusOfOutcome(outcome: RunOutcome): number {
  switch (outcome.kind) {
    case 'finished':
      return 0;
    case 'exited':
      // POSIX keeps eight bits of a status; one that would lose them all and look like success must not.
      return (outcome.exitCode ?? 0) & 0xff || ((outcome.exitCode ?? 0) === 0 ? 0 : 255);
    case 'trapped':
      return 134;
    case 'timed-out':
      return 124;
    case 'out-of-memory':
      return 137;
    case 'out-of-fuel':
      return 152;
    case 'output-limit':
      return 153;
    case 'denied':
      return 126;
    case 'stopped':
      return 130;
    case 'crashed':
      return 1;
  }
}

const DENIED: readonly ErrorCode[] = ['module.malformed', 'module.unsupported', 'module.too-large'];
const WRONG_USAGE: readonly ErrorCode[] = [
  'contract.invalid-input',
  'module.unreadable',
  'module.not-found',
  'run.no-such-export',
  'run.bad-argument',
  'run.bad-limit',
  'run.not-found',
  'policy.not-found',
  'vault.bad-key',
  'vault.key-not-found',
  'vault.key-unusable',
  'vault.weak-passphrase',
  'vault.confirmation-needed',
  'receipt.not-found',
  'ledger.not-found',
  'ledger.bad-filter',
];

/** The exit status of a command that was refused. */
export function statusOfCode(code: ErrorCode): number {
  if (DENIED.includes(code)) return 126;
  return WRONG_USAGE.includes(code) ? 2 : 1;
}

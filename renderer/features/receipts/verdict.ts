import type { ReceiptCheck, ReceiptVerification, Verdict } from '../../../shared/model/receipt.ts';
import { plural } from '../../lib/format.ts';
import type { VerdictTone } from '../../ui/Verdict.tsx';

/** The four headlines. Only a valid receipt by a known signer is green. */
export const verdicts: Record<Verdict, { word: string; tone: VerdictTone }> = {
  valid: { word: 'Valid', tone: 'ok' },
  'valid-unknown-signer': { word: 'Valid, signer unknown', tone: 'unsure' },
  invalid: { word: 'Invalid', tone: 'bad' },
  'cannot-check': { word: 'Cannot check', tone: 'unchecked' },
};

export const checkNames: Record<ReceiptCheck['name'], string> = {
  format: 'Format',
  signature: 'Signature',
  signer: 'Signer',
  statement: 'Statement',
  module: 'Module',
  limits: 'Limits',
  inclusion: 'Inclusion in the log',
  time: 'Time',
  commitments: 'Commitments',
  replay: 'Run again',
};

/** One sentence of what was checked: how many held, failed, and which were not checked. */
export function sumUp({ checks }: Pick<ReceiptVerification, 'checks'>): string {
  const names = (state: ReceiptCheck['state']) =>
    checks.filter((check) => check.state === state).map((check) => checkNames[check.name].toLowerCase());
  const [good, failed, skipped] = [names('done'), names('failed'), names('not-checked')];
  const parts = [
    failed.length > 0 ? `${plural(failed.length, 'check')} failed: ${failed.join(', ')}.` : undefined,
    good.length > 0 ? `${plural(good.length, 'check')} held.` : undefined,
    skipped.length > 0 ? `Not checked: ${skipped.join(', ')}.` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

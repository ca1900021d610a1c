import type { ReceiptStatement } from '../../shared/model/receipt.ts';
import type { RunItem, RunOutcome } from '../../shared/model/run.ts';
import { receiptResultOf, receiptUsageOf } from './build.ts';
import { opensTo } from './commitment.ts';
import type { OwnerRecord } from './owner-record.ts';
import { inputBytes, outputBytes } from './run-data.ts';
import type { ReplayResult } from './verify.ts';

/** Whether what the owner kept is what the receipt commits to. */
export function checkOwnerRecord(statement: ReceiptStatement, record: OwnerRecord): ReplayResult {
  if (record.input === null) {
    return { state: 'not-checked', message: 'the openings are here, but the input was too large to be kept' };
  }
  const isInput = opensTo(statement.predicate.input, record.openings.input, inputBytes(record.input));
  return isInput
    ? { state: 'done', message: 'the input that was kept is the one committed to' }
    : { state: 'failed', message: 'the input that was kept is not the one committed to' };
}

/** Compares a second run of the same module and input with the receipt of the first: outcome, output and fuel. */
export function compareReplay(
  statement: ReceiptStatement,
  record: OwnerRecord,
  again: { readonly outcome: RunOutcome; readonly items: readonly RunItem[] },
): ReplayResult {
  const { predicate } = statement;
  const differences = [
    isSame(receiptResultOf(again.outcome), predicate.result) ? [] : ['outcome'],
    opensTo(predicate.output, record.openings.output, outputBytes(again.items)) ? [] : ['output'],
    receiptUsageOf(again.items).fuelUsed === predicate.usage.fuelUsed ? [] : ['fuel'],
  ].flat();
  return differences.length === 0
    ? { state: 'done', message: 'run again: same outcome, output and fuel' }
    : { state: 'failed', message: `run again: another ${differences.join(', another ')}` };
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value)
    .map(([name, one]): [string, unknown] => [name, typeof one === 'object' && one !== null ? sorted(one) : one])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

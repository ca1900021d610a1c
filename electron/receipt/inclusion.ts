import type { ReceiptCheck, ReceiptStatement } from '../../shared/model/receipt.ts';
import { utf8 } from '../vault/bytes.ts';
import { parseStrictJson } from './strict-json.ts';

/**
 * Verifies a c2sp.org/tlog-proof by the log keys that are known here, and gives the line of the entry that it proves.
 * `unknown-log`: none of the keys signed the checkpoint. `broken`: it does not prove what it should.
 */
export type InclusionPort = (
  tlogProof: string,
) => { readonly line: string; readonly size: number } | 'unknown-log' | 'broken';

export type InclusionResult = {
  readonly state: ReceiptCheck['state'];
  readonly message: string;
  /** when the log took the entry, ms since the epoch; only when the proof is good */
  readonly loggedAt?: number;
};

/** Whether the log has this very receipt: the proof must lead to the entry of its run, and the entry must name it. */
export async function checkInclusion(
  tlogProof: string | null,
  receiptId: string,
  statement: ReceiptStatement,
  port: InclusionPort | undefined,
): Promise<InclusionResult> {
  if (tlogProof === null) return { state: 'not-checked', message: 'the receipt carries no proof of inclusion' };
  if (port === undefined) return { state: 'not-checked', message: 'no log is known here' };
  const proven = port(tlogProof);
  if (proven === 'unknown-log')
    return { state: 'not-checked', message: 'the log that the proof is of is not known here' };
  if (proven === 'broken') return { state: 'failed', message: 'the proof does not lead to a signed checkpoint' };
  const entry = readEntry(proven.line);
  if (entry?.run !== statement.predicate.runId || entry.receipt !== receiptId) {
    return { state: 'failed', message: 'the proof is of another entry than that of this receipt' };
  }
  return {
    state: 'done',
    message: `in the log of ${proven.size} entries, under a signed checkpoint`,
    loggedAt: entry.ts,
  };
}

function readEntry(line: string): { run: unknown; receipt: unknown; ts: number } | undefined {
  try {
    const entry = parseStrictJson(utf8(line)) as { ts?: unknown; data?: { run?: unknown; receipt?: unknown } };
    if (typeof entry.ts !== 'number') return undefined;
    return { run: entry.data?.run, receipt: entry.data?.receipt, ts: entry.ts };
  } catch {
    return undefined;
  }
}

import type { AuditRow } from '../../shared/contract/audit.ts';
import type { Json, LedgerEntry } from '../../shared/model/entry.ts';
import { outcomeKind } from '../../shared/model/run.ts';
import { summaryOf } from './summary.ts';

/**
 * The members of `data` that every operation spells the same way, so that the list, the filter and the histogram find them:
 * `module` (hex SHA-256), `moduleName` (file name without folders), `run` (run id), `outcome` (how a run ended, or `ok`,
 * `refused`, `failed` for other operations), `error` (an error code), `message`.
 */
export type EntryFacts = {
  readonly outcome: string | null;
  readonly module: string | null;
  readonly moduleName: string | null;
  readonly run: string | null;
};

/** Classes of the histogram: entries without an outcome, then one for each way an operation can end. */
export const outcomeClasses: readonly string[] = ['none', 'ok', ...outcomeKind.options, 'refused', 'failed', 'other'];

/** The class an outcome is counted in. */
export function classOf(outcome: string | null): number {
  if (outcome === null) return 0;
  const found = outcomeClasses.indexOf(outcome);
  return found > 0 ? found : outcomeClasses.length - 1;
}

/** What the index keeps of an entry. */
export function factsOf(entry: LedgerEntry): EntryFacts {
  const { outcome, module, sha256, moduleName, name, run, runId } = entry.data;
  const kind = isRecord(outcome) ? outcome.kind : outcome;
  return {
    outcome: textOf(kind),
    module: textOf(module) ?? textOf(sha256),
    moduleName: textOf(moduleName) ?? (module === undefined ? null : textOf(name)),
    run: textOf(run) ?? textOf(runId),
  };
}

/** The row of the list: a pure function of the entry, so that a row can be checked against its line. */
export function auditRowOf(entry: LedgerEntry): AuditRow {
  const { outcome, module, run } = factsOf(entry);
  const { seq, ts, op, actor } = entry;
  return { seq, ts, op, actor, outcome, module, run, summary: summaryOf(entry) };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { ModuleSummary } from '../../../shared/model/module-report.ts';
import type { RunRecord } from '../../../shared/model/run.ts';
import { describeRun } from '../../lib/outcome.ts';

export type SortKey = 'name' | 'size' | 'imports' | 'exports' | 'features' | 'outcome' | 'sha256' | 'firstSeen';
export type SortOrder = { readonly key: SortKey | 'used'; readonly isDescending: boolean };

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A sorted copy; equal modules keep the order they had. */
export function sortModules(
  modules: readonly ModuleSummary[],
  order: SortOrder,
  lastRuns: ReadonlyMap<string, RunRecord>,
): ModuleSummary[] {
  const sign = order.isDescending ? -1 : 1;
  return modules.toSorted((a, b) => sign * compare(a, b, order.key, lastRuns));
}

function compare(
  a: ModuleSummary,
  b: ModuleSummary,
  key: SortOrder['key'],
  lastRuns: ReadonlyMap<string, RunRecord>,
): number {
  switch (key) {
    case 'name':
      return names.compare(a.name, b.name);
    case 'size':
      return a.sizeBytes - b.sizeBytes;
    case 'imports':
      return a.imports - b.imports;
    case 'exports':
      return a.exports - b.exports;
    case 'features':
      return a.features.length - b.features.length;
    case 'outcome':
      return names.compare(outcomeWord(lastRuns.get(a.sha256)), outcomeWord(lastRuns.get(b.sha256)));
    case 'sha256':
      return a.sha256 < b.sha256 ? -1 : a.sha256 > b.sha256 ? 1 : 0;
    case 'firstSeen':
      return a.firstSeen - b.firstSeen;
    case 'used':
      return a.lastUsed - b.lastUsed;
  }
}

function outcomeWord(run: RunRecord | undefined): string {
  return run === undefined ? '' : describeRun(run).word;
}

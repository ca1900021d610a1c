import type { Json } from '../../shared/model/entry.ts';
import { Refusal } from '../../shared/result.ts';
import type { Columns } from './columns.ts';
import { leafHash, toHex } from './hashing.ts';
import type { LineStore } from './line-store.ts';
import { listSegments, monthOf, type Segment } from './segment.ts';
import type { TileTree } from './tile-tree.ts';

/** Months that are kept at least. */
export const LEAST_RETENTION_MONTHS = 12;

/** What a pruning takes away: whole months from the beginning. */
export type PruningPlan = {
  readonly months: readonly Segment[];
  readonly fromSeq: number;
  /** the last entry that goes */
  readonly toSeq: number;
};

/**
 * The months older than the retention, as far as they are the oldest of the log; undefined when there are none.
 * @throws RangeError for a retention under 12 months
 */
export async function planPruning(
  folder: string,
  columns: Columns,
  retentionMonths: number,
  now: number,
): Promise<PruningPlan | undefined> {
  if (!Number.isInteger(retentionMonths) || retentionMonths < LEAST_RETENTION_MONTHS) {
    throw new RangeError(`the retention must be at least ${LEAST_RETENTION_MONTHS} months`);
  }
  const date = new Date(now);
  const oldestKept = monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - retentionMonths, 1));
  const segments = await listSegments(folder);
  const keptFrom = segments.findIndex(({ month }) => month.length > oldestKept.length || month >= oldestKept);
  const months = segments.slice(0, keptFrom < 0 ? segments.length - 1 : keptFrom);
  const firstKept = segments[months.length]?.firstSeq ?? null;
  if (months.length === 0 || firstKept === null || firstKept <= columns.base) return undefined;
  return { months, fromSeq: columns.base, toSeq: firstKept - 1 };
}

/**
 * Makes sure that the tiles hold the hash of every entry that is to go, durably: afterwards nothing else does.
 * @returns the data of the `ledger.pruned` entry
 * @throws Refusal `ledger.damaged` when a line is not the one in the tree
 */
export async function secureHashes(
  plan: PruningPlan,
  columns: Columns,
  lines: LineStore,
  tree: TileTree,
): Promise<Record<string, Json>> {
  const rows = Array.from({ length: plan.toSeq - plan.fromSeq + 1 }, (_, i) => plan.fromSeq - columns.base + i);
  let last = '';
  for await (const span of lines.read(rows)) {
    for (const { row, line } of span) {
      const leaf = leafHash(line);
      last = toHex(leaf);
      const seq = row + columns.base;
      if (toHex(await tree.node(0, seq)) === last) continue;
      throw new Refusal('ledger.damaged', `entry ${seq} is not the one in the tree: verify the log before pruning it`);
    }
  }
  await tree.syncTiles(plan.toSeq + 1);
  const months = plan.months.map(({ month }) => month);
  return { fromSeq: plan.fromSeq, toSeq: plan.toSeq, months, lastLeaf: last, outcome: 'ok' };
}

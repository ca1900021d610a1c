import type { MadeCheckpoint } from './checkpointer.ts';
import type { Columns } from './columns.ts';
import type { KeyRing } from './key-ring.ts';
import type { LineStore } from './line-store.ts';
import { coverNodes, inclusionPath } from './merkle.ts';
import type { TileTree } from './tile-tree.ts';

/** What to export: everything that was not pruned, a range of numbers (both included), or chosen numbers in ascending order. */
export type ExportSelection =
  | { readonly kind: 'all' }
  | { readonly kind: 'range'; readonly fromSeq: number; readonly toSeq: number }
  | { readonly kind: 'chosen'; readonly seqs: readonly number[] };

/** What an export is made of. */
export type ExportSource = {
  readonly origin: string;
  readonly columns: Columns;
  readonly lines: LineStore;
  readonly tree: TileTree;
  readonly keys: KeyRing;
  readonly checkpoint: MadeCheckpoint;
};

/**
 * Writes entries as JSON lines that can be checked without the rest of the log.
 *
 * The first line names the log, its keys and the signed checkpoint. Then comes one line for each entry with its exact text.
 * Neighbouring entries share one proof: the nodes of the tree before and after them stand in the first line (`before`,
 * `after`, left to right). Chosen entries each carry their own inclusion path. The last line counts the entries, so that
 * an export that was cut shows it.
 */
export async function* exportEntries(source: ExportSource, selection: ExportSelection): AsyncGenerator<string> {
  const { columns, checkpoint } = source;
  const first = columns.base;
  const size = checkpoint.size;
  if (selection.kind === 'chosen') {
    const seqs = selection.seqs.filter((seq) => seq >= first && seq < size);
    yield headOf(source, { proof: 'paths' });
    yield* entriesOf(source, seqs, true);
    yield endOf(seqs.length);
    return;
  }
  const from = Math.max(first, selection.kind === 'range' ? selection.fromSeq : first);
  const to = Math.max(from, Math.min(size, selection.kind === 'range' ? selection.toSeq + 1 : size));
  const cover = { before: await hashesOf(source.tree, 0, from), after: await hashesOf(source.tree, to, size) };
  yield headOf(source, { proof: 'cover', fromSeq: from, ...cover });
  for (let at = from; at < to; at += SLICE_ENTRIES) {
    const slice = Array.from({ length: Math.min(SLICE_ENTRIES, to - at) }, (_, i) => at + i);
    yield* entriesOf(source, slice, false);
  }
  yield endOf(to - from);
}

const SLICE_ENTRIES = 4096;

async function* entriesOf(source: ExportSource, seqs: readonly number[], hasPaths: boolean): AsyncGenerator<string> {
  const { columns, lines, tree, checkpoint } = source;
  for await (const span of lines.read(seqs.map((seq) => seq - columns.base))) {
    let text = '';
    for (const { row, line } of span) {
      const seq = columns.base + row;
      const path = hasPaths ? await inclusionPath(seq, checkpoint.size, tree.node) : undefined;
      const entry = {
        seq,
        line: line.toString('utf8'),
        ...(path && { path: path.map((hash) => hash.toString('base64')) }),
      };
      text += `${JSON.stringify(entry)}\n`;
    }
    yield text;
  }
}

function headOf({ origin, keys, checkpoint }: ExportSource, proof: object): string {
  const ranges = keys.keys.map(({ key, fromSize, toSize }) => ({
    spki: key.spki.toString('base64'),
    fromSize,
    toSize: toSize === Number.MAX_SAFE_INTEGER ? null : toSize,
  }));
  const head = { format: 'glovebox-ledger-export', v: 1, origin, keys: ranges, checkpoint: checkpoint.note, ...proof };
  return `${JSON.stringify(head)}\n`;
}

function endOf(entries: number): string {
  return `${JSON.stringify({ end: true, entries })}\n`;
}

async function hashesOf(tree: TileTree, from: number, to: number): Promise<string[]> {
  const hashes: string[] = [];
  for (const { height, index } of coverNodes(from, to)) {
    hashes.push((await tree.node(height, index)).toString('base64'));
  }
  return hashes;
}

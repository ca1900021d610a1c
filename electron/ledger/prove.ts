import type { LedgerEntry } from '../../shared/model/entry.ts';
import { Refusal } from '../../shared/result.ts';
import type { MadeCheckpoint } from './checkpointer.ts';
import { toHex } from './hashing.ts';
import { inclusionPath, inclusionSteps } from './merkle.ts';
import type { TileTree } from './tile-tree.ts';
import { formatProof } from './tlog-proof.ts';

/** One step of the way from the leaf to the root; hashes in hex. */
export type ProofStep = { readonly sibling: string; readonly side: 'left' | 'right'; readonly parent: string };

/** Everything that shows an entry to be in the log. Hashes in hex. */
export type EntryProof = {
  readonly seq: number;
  /** the exact line: its leaf hash is SHA-256 of a zero byte and it */
  readonly line: string;
  readonly leafHash: string;
  readonly treeSize: number;
  readonly root: string;
  readonly steps: ProofStep[];
  /** the signed note */
  readonly checkpoint: string;
  /** the proof as c2sp.org/tlog-proof, with the line as extra data */
  readonly tlogProof: string;
};

/** @throws Refusal `ledger.damaged` when the tree does not lead from the entry to the checkpoint */
export async function proveEntry(
  tree: TileTree,
  checkpoint: MadeCheckpoint,
  { entry, line, leafHash }: { entry: LedgerEntry; line: string; leafHash: string },
): Promise<EntryProof> {
  const { seq } = entry;
  const damaged = () => new Refusal('ledger.damaged', `entry ${seq} cannot be proven: verify the log to see why`);
  const path = await inclusionPath(seq, checkpoint.size, tree.node).catch(() => {
    throw damaged();
  });
  const steps = inclusionSteps(Buffer.from(leafHash, 'hex'), seq, checkpoint.size, path);
  const root = steps && (steps.at(-1)?.parent ?? Buffer.from(leafHash, 'hex'));
  if (!steps || !root || toHex(root) !== checkpoint.root) throw damaged();
  return {
    seq,
    line,
    leafHash,
    treeSize: checkpoint.size,
    root: checkpoint.root,
    steps: steps.map(({ sibling, side, parent }) => ({ sibling: toHex(sibling), side, parent: toHex(parent) })),
    checkpoint: checkpoint.note,
    tlogProof: formatProof({ index: seq, path, checkpoint: checkpoint.note, extra: Buffer.from(line) }),
  };
}

import { leafHash, toHex } from './hashing.ts';
import type { KeyRing } from './key-ring.ts';
import { verifyInclusion } from './merkle.ts';
import { signersOf } from './note.ts';
import type { TileTree } from './tile-tree.ts';
import { parseProof } from './tlog-proof.ts';

/** A proof of inclusion that someone was given, to hold against the log. `line` only if the proof does not carry it. */
export type HeldProof = { readonly name: string; readonly tlogProof: string; readonly line?: string | undefined };

/**
 * `present`: the log has the entry. `missing`: it ends before it, so it was cut or rolled back. `forked`: the same key signed
 * another history. `other-log`, `unknown-key`: the proof is not about this log. `malformed`: it proves nothing.
 */
export type HeldProofVerdict = 'present' | 'missing' | 'forked' | 'other-log' | 'unknown-key' | 'malformed';

export type CheckedProof = {
  readonly name: string;
  readonly verdict: HeldProofVerdict;
  /** the entry it proves */
  readonly seq: number | null;
  readonly message: string;
};

/** Holds proofs that were handed out against the log as it is now: finds entries that went missing, and forks. */
export async function checkHeldProofs(
  proofs: readonly HeldProof[],
  log: { readonly origin: string; readonly tree: TileTree; readonly keys: KeyRing },
): Promise<CheckedProof[]> {
  const checked: CheckedProof[] = [];
  for (const held of proofs) checked.push({ name: held.name, ...(await checkHeldProof(held, log)) });
  return checked;
}

async function checkHeldProof(
  { tlogProof, line }: HeldProof,
  { origin, tree, keys }: Parameters<typeof checkHeldProofs>[1],
): Promise<Omit<CheckedProof, 'name'>> {
  const proof = parseProof(tlogProof);
  const entry = line === undefined ? proof?.extra : Buffer.from(line);
  if (!proof || !entry) return { verdict: 'malformed', seq: null, message: 'this is not a proof with its entry' };
  const { index: seq, head, path } = proof;
  const told = (verdict: HeldProofVerdict, message: string) => ({ verdict, seq, message });
  if (head.origin !== origin) return told('other-log', 'the proof is about another log');
  const key = keys.keyFor(head.size)?.key;
  const signers = signersOf(proof.note, origin, key ? [key] : []);
  if (signers?.length !== 1) {
    return told('unknown-key', `its checkpoint is not signed by the key that this log had at ${head.size} entries`);
  }
  const leaf = leafHash(entry);
  if (!verifyInclusion(leaf, seq, head.size, path, head.root)) {
    return told('malformed', 'the proof does not lead from its entry to its checkpoint');
  }
  if (head.size > tree.size) {
    return told(
      'missing',
      `entry ${seq} was signed in a log of ${head.size} entries, but this one has ${tree.size}: it was cut or rolled back`,
    );
  }
  const root = await tree.root(head.size).catch(() => undefined);
  if (root && toHex(root) === toHex(head.root)) return told('present', `the log has it as entry ${seq}`);
  return told('forked', `the same key signed another history of ${head.size} entries: the log was forked or rewritten`);
}

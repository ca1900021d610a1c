import { type Checkpoint, parseCheckpoint } from '../checkpoint.ts';
import { type Finding, findingOf } from '../finding.ts';
import { toHex } from '../hashing.ts';
import type { KeyRing, RangedKey } from '../key-ring.ts';
import { type SignedNote, signersOf } from '../note.ts';
import type { Findings } from './report.ts';

/** A checkpoint as it was found: `where` names it in messages. */
export type FoundCheckpoint = {
  readonly where: string;
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
};

/** Reads a checkpoint, and tells of one that is none. */
export function findCheckpoint(
  source: string | undefined,
  where: string,
  findings: Findings,
): FoundCheckpoint | undefined {
  const parsed = source === undefined ? undefined : parseCheckpoint(source);
  if (parsed) return { where, ...parsed };
  findings.add(findingOf('checkpoint-garbled', `${where} is not a checkpoint`));
  return undefined;
}

/**
 * Checks who signed a checkpoint: this log's key, in its range.
 * @returns whether it is the log's word
 */
export function checkSignature(
  found: FoundCheckpoint,
  origin: string | null,
  keys: KeyRing,
  findings: Findings,
): boolean {
  const problem = signatureProblem(found, origin, keys);
  if (problem) findings.add(problem);
  return problem === undefined;
}

function signatureProblem(found: FoundCheckpoint, origin: string | null, keys: KeyRing): Finding | undefined {
  const { where, note, checkpoint } = found;
  const { size } = checkpoint;
  const told = (kind: Finding['kind'], what: string) =>
    findingOf(kind, `${where}, of ${size} entries, ${what}`, { seq: size });
  if (checkpoint.origin !== origin) return told('checkpoint-foreign', 'is another log’s');
  const signers = signersOf(
    note,
    checkpoint.origin,
    keys.keys.map(({ key }) => key),
  );
  if (signers === undefined) return told('checkpoint-forged', 'bears a signature that is not its key’s');
  const right = keys.keyFor(size);
  if (right && signers.includes(right.key)) return undefined;
  const signer = keys.keys.find(({ key }) => signers.includes(key));
  if (!signer) return told('checkpoint-key-unknown', 'is signed by a key that the log never had');
  return size > signer.toSize
    ? told('checkpoint-key-retired', `is signed by a key that was retired at ${signer.toSize + 1} entries`)
    : told('checkpoint-key-early', `is signed by a key that began at ${signer.fromSize} entries`);
}

/** Tells of keys that came in without the signature of the key before. */
export function checkVouching(keys: KeyRing, signed: readonly FoundCheckpoint[], findings: Findings): void {
  for (const [i, ranged] of keys.keys.entries()) {
    const before = keys.keys[i - 1];
    if (!before || (ranged.isVouched && isVouched(ranged, before, signed))) continue;
    const message = `the key that began at ${ranged.fromSize} entries was not signed for by the one before: compare its fingerprint`;
    findings.add(findingOf('key-not-vouched', message, { seq: ranged.fromSize - 1 }));
  }
}

function isVouched(ranged: RangedKey, before: RangedKey, signed: readonly FoundCheckpoint[]): boolean {
  const first = signed.find(({ checkpoint: { size } }) => size >= ranged.fromSize && size <= ranged.toSize);
  // Not yet signed by the new key at all: nothing rests on it.
  if (!first) return true;
  const signers = signersOf(first.note, first.checkpoint.origin, [before.key, ranged.key]);
  return signers?.length === 2;
}

/** Tells of checkpoints that are not in the order in which a log makes them, and of an old one put in the newest's place. */
export function checkOrder(
  kept: readonly FoundCheckpoint[],
  newest: FoundCheckpoint | undefined,
  findings: Findings,
): void {
  for (const [i, { where, checkpoint }] of kept.entries()) {
    const before = kept[i - 1]?.checkpoint;
    if (!before || checkpoint.size >= before.size) continue;
    const message = `${where}, of ${checkpoint.size} entries, follows one of ${before.size}: an old checkpoint was put in`;
    findings.add(findingOf('checkpoint-replayed', message, { seq: checkpoint.size }));
  }
  const last = kept.at(-1)?.checkpoint;
  if (!newest || !last || newest.checkpoint.size >= last.size) return;
  const message = `the newest checkpoint is of ${newest.checkpoint.size} entries, but one of ${last.size} was signed: an old one was put in its place`;
  findings.add(findingOf('checkpoint-replayed', message, { seq: newest.checkpoint.size }));
}

/** Compares the root that was signed with the one the entries lead to. Undefined when the log does not reach so far. */
export function fitsRoot(found: FoundCheckpoint, root: Buffer | undefined): boolean | undefined {
  return root === undefined ? undefined : toHex(root) === toHex(found.checkpoint.root);
}

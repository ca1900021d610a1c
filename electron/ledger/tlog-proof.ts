import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { HASH_BYTES, leafHash } from './hashing.ts';
import type { LogKey } from './log-key.ts';
import { verifyInclusion } from './merkle.ts';
import { type SignedNote, signersOf } from './note.ts';

/** A proof that an entry is in a log (c2sp.org/tlog-proof). */
export type TlogProof = {
  readonly index: number;
  readonly path: readonly Buffer[];
  /** the signed checkpoint, verbatim */
  readonly checkpoint: string;
  /** not authenticated by itself; Glovebox puts the exact line of the entry here, from which the leaf follows */
  readonly extra?: Buffer;
};

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_PATH = 64;
const MAX_CHARS = 262_144;

export function formatProof({ index, path, checkpoint, extra }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${extra.toString('base64')}`]),
    `index ${index}`,
    ...path.map((hash) => hash.toString('base64')),
    '',
    checkpoint,
  ];
  return lines.join('\n');
}

/** Reads a proof strictly; undefined when it is not one. Nothing is verified yet. */
export function parseProof(
  source: string,
): (TlogProof & { readonly head: Checkpoint; readonly note: SignedNote }) | undefined {
  const split = source.indexOf('\n\n');
  if (split < 0 || source.length > MAX_CHARS) return undefined;
  const lines = source.slice(0, split).split('\n');
  if (lines.shift() !== HEADER) return undefined;
  const extra = lines[0]?.startsWith('extra ') ? readBase64(lines.shift()!.slice(6)) : null;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  const path = lines.map(readBase64);
  const checkpoint = source.slice(split + 2);
  const parsed = parseCheckpoint(checkpoint);
  const isWhole = index !== undefined && extra !== undefined && parsed !== undefined && path.length <= MAX_PATH;
  if (!isWhole || !path.every((hash) => hash?.length === HASH_BYTES)) return undefined;
  const proof = {
    index: Number(index),
    path: path as Buffer[],
    checkpoint,
    head: parsed.checkpoint,
    note: parsed.note,
  };
  return extra === null ? proof : { ...proof, extra };
}

/** Why a proof does not prove what it should. */
export type ProofFlaw = 'malformed' | 'no-entry' | 'not-signed' | 'wrong-signature' | 'not-included';

/**
 * Verifies a proof without the log: the checkpoint is signed by one of `keys` under its own origin, and leads to `line`, or
 * to the line in the proof's extra data when none is given.
 */
export function verifyProof(
  source: string,
  keys: readonly LogKey[],
  line?: Uint8Array,
): { readonly index: number; readonly head: Checkpoint; readonly line: Buffer } | ProofFlaw {
  const proof = parseProof(source);
  if (!proof) return 'malformed';
  const entry = line ?? proof.extra;
  if (entry === undefined) return 'no-entry';
  const { head, index, path } = proof;
  const signers = signersOf(proof.note, head.origin, keys);
  if (signers === undefined) return 'wrong-signature';
  if (signers.length === 0) return 'not-signed';
  if (!verifyInclusion(leafHash(entry), index, head.size, path, head.root)) return 'not-included';
  return { index, head, line: Buffer.from(entry) };
}

function readBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

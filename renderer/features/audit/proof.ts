import { toBase64 } from '../../../shared/base64.ts';
import type { AuditProof } from '../../../shared/contract/audit.ts';

/** One step of a proof, worked out again here. */
export type CheckedStep = {
  readonly sibling: string;
  readonly side: 'left' | 'right';
  readonly computed: string;
  readonly isAsTold: boolean;
};

export type CheckedProof = {
  readonly leaf: string;
  readonly isLeafAsTold: boolean;
  readonly steps: readonly CheckedStep[];
  readonly root: string;
  readonly isRootAsTold: boolean;
  /** the root in the signed note is the one computed; the signature itself is checked by the main side */
  readonly isRootSigned: boolean;
};

/** Works a proof out from the line up, with the window's own SHA-256 (RFC 9162 §2.1: leaf prefix 0, node prefix 1). */
export async function checkProof(proof: AuditProof): Promise<CheckedProof> {
  const leaf = await digest([0], new TextEncoder().encode(proof.line));
  const steps: CheckedStep[] = [];
  let current = leaf;
  for (const step of proof.steps) {
    const pair = step.side === 'left' ? [step.sibling, toHex(current)] : [toHex(current), step.sibling];
    current = await digest([1], fromHex(pair.join('')));
    steps.push({
      sibling: step.sibling,
      side: step.side,
      computed: toHex(current),
      isAsTold: toHex(current) === step.parent,
    });
  }
  const root = toHex(current);
  return {
    leaf: toHex(leaf),
    isLeafAsTold: toHex(leaf) === proof.leafHash,
    steps,
    root,
    isRootAsTold: root === proof.root,
    isRootSigned: noteRoot(proof.checkpoint) === toBase64(current) && noteSize(proof.checkpoint) === proof.treeSize,
  };
}

/** A checkpoint note is origin, size and root, each on its line (c2sp.org/tlog-checkpoint). */
function noteRoot(note: string): string | undefined {
  return note.split('\n')[2];
}

function noteSize(note: string): number {
  return Number(note.split('\n')[1]);
}

async function digest(prefix: readonly number[], content: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...prefix, ...content])));
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

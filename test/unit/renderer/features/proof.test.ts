import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkProof } from '../../../../renderer/features/audit/proof.ts';
import type { AuditProof } from '../../../../shared/contract/audit.ts';

const sha256 = (...parts: (Uint8Array | Buffer)[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (line: string) => sha256(Buffer.from([0]), Buffer.from(line));
const nodeOf = (left: Buffer, right: Buffer) => sha256(Buffer.from([1]), left, right);

const [a, b, c] = ['first', 'second', 'third'].map(leafOf) as [Buffer, Buffer, Buffer];
const ab = nodeOf(a, b);
const root = nodeOf(ab, c);
const proof: AuditProof = {
  seq: 1,
  line: 'second',
  leafHash: b.toString('hex'),
  treeSize: 3,
  root: root.toString('hex'),
  steps: [
    { sibling: a.toString('hex'), side: 'left', parent: ab.toString('hex') },
    { sibling: c.toString('hex'), side: 'right', parent: root.toString('hex') },
  ],
  checkpoint: `glovebox.dev/log/x\n3\n${root.toString('base64')}\n\n— x sig\n`,
  tlogProof: '',
};

const holds = async (changed: Partial<AuditProof>) => {
  const { isLeafAsTold, isRootAsTold, isRootSigned, steps } = await checkProof({ ...proof, ...changed });
  return isLeafAsTold && isRootAsTold && isRootSigned && steps.every((step) => step.isAsTold);
};

test('a proof is worked out from the line to the signed root', async () => {
  expect(await holds({})).toBe(true);
});

test('a proof with anything altered does not hold', async () => {
  expect(await holds({ line: 'Second' })).toBe(false);
  expect(await holds({ leafHash: a.toString('hex') })).toBe(false);
  expect(await holds({ steps: [proof.steps[0]!] })).toBe(false);
  expect(await holds({ steps: [{ ...proof.steps[0]!, side: 'right' }, proof.steps[1]!] })).toBe(false);
  expect(await holds({ root: ab.toString('hex') })).toBe(false);
  expect(await holds({ treeSize: 4 })).toBe(false);
  expect(await holds({ checkpoint: proof.checkpoint.replace(root.toString('base64'), ab.toString('base64')) })).toBe(
    false,
  );
});

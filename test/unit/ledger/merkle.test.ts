import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leafHash, nodeHash } from '../../../electron/ledger/hashing.ts';
import {
  consistencyPath,
  Frontier,
  inclusionPath,
  type NodeReader,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../../electron/ledger/merkle.ts';
import { naiveConsistency, naiveLeaf, naivePath, naiveRoot } from '../../support/naive-merkle.ts';

/** Reads nodes from a list of leaves, as the tiles do from files. */
function readerOf(leaves: readonly Buffer[]): NodeReader {
  const read = (height: number, index: number): Buffer =>
    height === 0 ? leaves[index]! : nodeHash(read(height - 1, index * 2), read(height - 1, index * 2 + 1));
  return async (height, index) => {
    expect((index + 1) * 2 ** height).toBeLessThanOrEqual(leaves.length);
    return read(height, index);
  };
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => naiveLeaf(Buffer.from(`entry ${i}`)));
const sizes = fc.integer({ min: 1, max: 300 });

// The eight leaves, roots and proofs that Certificate Transparency's own implementations test with
// (transparency-dev/merkle, testonly).
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const PATH_OF_0_IN_8 = [
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
];

describe('the published tree', () => {
  const leaves = LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));

  test('has the published roots at every size', async () => {
    const roots = [];
    const frontier = new Frontier();
    for (let size = 0; size <= 8; size++) {
      roots.push((await treeRoot(size, readerOf(leaves))).toString('hex'));
      expect(frontier.root().toString('hex')).toBe(roots.at(-1));
      if (size < 8) frontier.append(leaves[size]!);
    }
    expect(roots).toEqual(ROOTS);
  });

  test('has the published inclusion proof', async () => {
    const path = await inclusionPath(0, 8, readerOf(leaves));
    expect(path.map((hash) => hash.toString('hex'))).toEqual(PATH_OF_0_IN_8);
  });
});

describe('against the definition', () => {
  test('roots, inclusion and consistency proofs are those of the recursive definition', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, a, b) => {
        const leaves = leavesOf(size);
        const read = readerOf(leaves);
        const [index, old] = [a % size, b % (size + 1)];
        expect(await treeRoot(size, read)).toEqual(naiveRoot(leaves));
        expect(await inclusionPath(index, size, read)).toEqual(naivePath(index, leaves));
        expect(await consistencyPath(old, size, read)).toEqual(naiveConsistency(old, leaves));
      }),
      { numRuns: 60 },
    );
  });

  test('every right proof verifies, and none with a byte, a number, a hash or an order changed', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), fc.nat(), async (size, a, b, c) => {
        const leaves = leavesOf(size);
        const index = a % size;
        const root = naiveRoot(leaves);
        const path = naivePath(index, leaves);
        const leaf = leaves[index]!;
        expect(verifyInclusion(leaf, index, size, path, root)).toBe(true);
        const flipped = path.map((hash, i) => (i === b % path.length ? flip(hash, c) : hash));
        if (path.length > 0) expect(verifyInclusion(leaf, index, size, flipped, root)).toBe(false);
        const other = b % (size + 2);
        if (other !== index) expect(verifyInclusion(leaf, other, size, path, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...path, leaf], root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, path.slice(1), root)).toBe(path.length === 0);
        expect(verifyInclusion(flip(leaf, c), index, size, path, root)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test('consistency holds between any two sizes and breaks with any changed part', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), fc.nat(), async (size, a, b, c) => {
        const leaves = leavesOf(size);
        const old = a % (size + 1);
        const [oldRoot, root] = [naiveRoot(leaves.slice(0, old)), naiveRoot(leaves)];
        const path = naiveConsistency(old, leaves);
        expect(verifyConsistency(old, size, oldRoot, root, path)).toBe(true);
        expect(verifyConsistency(old, size, flip(oldRoot, c), root, path)).toBe(false);
        expect(verifyConsistency(old, size, oldRoot, root, [...path, root])).toBe(false);
        if (old > 0) expect(verifyConsistency(old, size, oldRoot, flip(root, c), path)).toBe(false);
        if (path.length === 0) return;
        expect(verifyConsistency(old, size, oldRoot, root, path.slice(0, -1))).toBe(false);
        const flipped = path.map((hash, i) => (i === b % path.length ? flip(hash, c) : hash));
        expect(verifyConsistency(old, size, oldRoot, root, flipped)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test('a frontier takes whole nodes and refuses them where they do not fit', () => {
    const leaves = leavesOf(7);
    const frontier = new Frontier();
    frontier.appendNode(2, naiveRoot(leaves.slice(0, 4)));
    frontier.appendNode(1, naiveRoot(leaves.slice(4, 6)));
    frontier.append(leaves[6]!);
    expect(frontier.root()).toEqual(naiveRoot(leaves));
    expect(() => frontier.appendNode(1, leaves[0]!)).toThrow('begin where its height allows');
  });
});

function flip(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash);
  copy[bit % 32]! ^= 1 << (bit % 8);
  return copy;
}

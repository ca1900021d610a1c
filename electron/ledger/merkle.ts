import { EMPTY_ROOT, nodeHash } from './hashing.ts';

/**
 * The tree of RFC 6962 §2.1 over hashes that are read as needed. A node is named by its height above the leaves and its
 * number at that height, and exists only when all its leaves do: node (h, i) covers leaves i·2^h to (i+1)·2^h.
 * Numbers are whole and below 2^53, so bit operations are not used on them.
 */
export type NodeReader = (height: number, index: number) => Promise<Buffer>;

/** One step from a leaf to the root: the other child, the side it stands on, and the parent. */
export type PathStep = { readonly sibling: Buffer; readonly side: 'left' | 'right'; readonly parent: Buffer };

/** The root of the first `size` leaves. */
export async function treeRoot(size: number, read: NodeReader): Promise<Buffer> {
  return size === 0 ? EMPTY_ROOT : rangeRoot(0, size, read);
}

/** The inclusion proof of leaf `index` in the tree of `size` leaves, from the leaf's sibling up (RFC 6962 §2.1.1). */
export async function inclusionPath(index: number, size: number, read: NodeReader): Promise<Buffer[]> {
  if (index < 0 || index >= size) throw new RangeError('the entry must be in the tree');
  const path: Buffer[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(await rangeRoot(middle, to, read));
      to = middle;
    } else {
      path.push(await rangeRoot(from, middle, read));
      from = middle;
    }
  }
  return path.reverse();
}

/** The proof that the tree of `size` leaves continues that of `oldSize` (RFC 6962 §2.1.2); empty when either is trivial. */
export async function consistencyPath(oldSize: number, size: number, read: NodeReader): Promise<Buffer[]> {
  if (oldSize > size) throw new RangeError('the old tree must not be larger than the new one');
  if (oldSize === 0 || oldSize === size) return [];
  const path: Buffer[] = [];
  let [from, to] = [0, size];
  // While the old tree is the whole left part, its root is known to whoever checks.
  let isOldRootKnown = true;
  while (oldSize !== to) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      path.push(await rangeRoot(middle, to, read));
      to = middle;
    } else {
      path.push(await rangeRoot(from, middle, read));
      from = middle;
      isOldRootKnown = false;
    }
  }
  if (!isOldRootKnown) path.push(await rangeRoot(from, to, read));
  return path.reverse();
}

/**
 * The steps of an inclusion proof (RFC 9162 §2.1.3.2); the last parent, or the leaf itself in a tree of one, is the root it
 * leads to. Undefined when the proof has not exactly the length that this place in this tree has.
 */
export function inclusionSteps(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): PathStep[] | undefined {
  if (index < 0 || index >= size) return undefined;
  const steps: PathStep[] = [];
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
      hash = nodeHash(sibling, hash);
      steps.push({ sibling, side: 'left', parent: hash });
    } else {
      hash = nodeHash(hash, sibling);
      steps.push({ sibling, side: 'right', parent: hash });
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? steps : undefined;
}

/** Whether `path` proves that `leaf` is number `index` of the `size` leaves under `root`. */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
  root: Buffer,
): boolean {
  const steps = inclusionSteps(leaf, index, size, path);
  return steps !== undefined && (steps.at(-1)?.parent ?? leaf).equals(root);
}

/** Whether `path` proves that the tree under `root` continues the one under `oldRoot` (RFC 9162 §2.1.4.2). */
export function verifyConsistency(
  oldSize: number,
  size: number,
  oldRoot: Buffer,
  root: Buffer,
  path: readonly Buffer[],
): boolean {
  if (oldSize > size) return false;
  if (oldSize === size) return path.length === 0 && oldRoot.equals(root);
  if (oldSize === 0) return path.length === 0 && oldRoot.equals(EMPTY_ROOT);
  const hashes = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : [...path];
  let [at, last] = [oldSize - 1, size - 1];
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)];
  const first = hashes.shift();
  if (first === undefined) return false;
  let [older, newer] = [first, first];
  for (const hash of hashes) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      newer = nodeHash(newer, hash);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && older.equals(oldRoot) && newer.equals(root);
}

/** The fewest nodes that cover leaves `from` to `to`, left to right. */
export function coverNodes(from: number, to: number): { height: number; index: number }[] {
  const nodes: { height: number; index: number }[] = [];
  for (let at = from; at < to; ) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= to) height++;
    nodes.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return nodes;
}

/** Grows a tree leaf by leaf, keeping only its right edge: the root of every size passed through. */
export class Frontier {
  readonly #nodes: { height: number; hash: Buffer }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    this.appendNode(0, leaf);
  }

  /** Adds a whole node; its height must fit where the tree ends. */
  appendNode(height: number, hash: Buffer): void {
    if (this.#size % 2 ** height !== 0) throw new RangeError('a node must begin where its height allows');
    this.#size += 2 ** height;
    let [at, node] = [height, hash];
    while (this.#nodes.at(-1)?.height === at) {
      node = nodeHash(this.#nodes.pop()!.hash, node);
      at++;
    }
    this.#nodes.push({ height: at, hash: node });
  }

  root(): Buffer {
    return this.#size === 0 ? EMPTY_ROOT : foldRight(this.#nodes.map(({ hash }) => hash));
  }

  /** The root that it would have with more leaves; it stays as it is. */
  rootWith(leaves: readonly Buffer[]): Buffer {
    const grown = new Frontier();
    grown.#nodes.push(...this.#nodes);
    grown.#size = this.#size;
    for (const leaf of leaves) grown.append(leaf);
    return grown.root();
  }
}

async function rangeRoot(from: number, to: number, read: NodeReader): Promise<Buffer> {
  const hashes: Buffer[] = [];
  for (const { height, index } of coverNodes(from, to)) hashes.push(await read(height, index));
  return foldRight(hashes);
}

function foldRight(hashes: Buffer[]): Buffer {
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function isPowerOfTwo(value: number): boolean {
  let power = 1;
  while (power < value) power *= 2;
  return power === value;
}

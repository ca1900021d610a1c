import { refuse } from '../errno.ts';
import type { DirectoryNode, Node } from './node.ts';

export const MAX_PATH_BYTES = 4096;
const MAX_NAME_BYTES = 255;
const MAX_SYMLINKS = 40;

const encoder = new TextEncoder();

/** Where a path leads. */
export type Place = {
  /** the directory that holds, or would hold, the last name */
  readonly parent: DirectoryNode;
  /** undefined for a path that ends in `.` or `..`, which names no entry */
  readonly name: string | undefined;
  /** undefined when nothing has that name */
  readonly node: Node | undefined;
  /** the path, or a link it ends in, ends in a slash: only a directory will do */
  readonly wantsDirectory: boolean;
};

/**
 * Follows `path` from `start`, never above it: neither `..` nor a symbolic link leads out, and an absolute path or
 * link target is refused, for there is no root beyond the folder.
 * @param isLastFollowed whether a symbolic link in last place is followed
 * @throws WasiError `perm` for a path that leads out, `noent`, `notdir`, `loop`, `nametoolong`, `inval` for a NUL
 */
export function walk(start: DirectoryNode, path: string, isLastFollowed: boolean): Place {
  const pending = components(path).reverse();
  const ancestors = [start];
  let wantsDirectory = path.endsWith('/');
  let symlinks = 0;
  while (true) {
    const current = ancestors.at(-1)!;
    const name = pending.pop();
    if (name === undefined) return { parent: current, name: undefined, node: current, wantsDirectory };
    if (name === '.') continue;
    if (name === '..') {
      if (ancestors.length === 1) refuse('perm');
      ancestors.pop();
      continue;
    }
    const node = current.entries.get(name);
    const isLast = pending.length === 0;
    if (node?.kind === 'symlink' && (!isLast || isLastFollowed)) {
      if (++symlinks > MAX_SYMLINKS) refuse('loop');
      if (isLast && node.target.endsWith('/')) wantsDirectory = true;
      pending.push(...components(node.target).reverse());
      continue;
    }
    if (isLast) return { parent: current, name, node, wantsDirectory };
    if (!node) refuse('noent');
    if (node.kind !== 'directory') refuse('notdir');
    ancestors.push(node);
  }
}

/** The node that a path leads to; a slash at the end follows a symbolic link and asks for a directory. */
export function find(start: DirectoryNode, path: string, isLastFollowed: boolean): Node {
  const { node, wantsDirectory } = walk(start, path, isLastFollowed || path.endsWith('/'));
  if (!node) refuse('noent');
  if (wantsDirectory && node.kind !== 'directory') refuse('notdir');
  return node;
}

function components(path: string): string[] {
  if (path === '') refuse('noent');
  if (path.startsWith('/')) refuse('perm');
  if (path.includes('\0')) refuse('inval');
  const names = path.split('/').filter((name) => name !== '');
  for (const name of names) {
    if (name.length * 3 > MAX_NAME_BYTES && encoder.encode(name).length > MAX_NAME_BYTES) refuse('nametoolong');
  }
  return names;
}

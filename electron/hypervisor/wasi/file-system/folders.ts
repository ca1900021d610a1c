import type { GuestFile, GuestFolder } from '../../../../shared/model/run.ts';
import { WasiError } from '../errno.ts';
import { FileSystem, type FileSystemLimits } from './file-system.ts';
import type { DirectoryNode, FileNode, Node } from './node.ts';

/** What the guest was to be given cannot be: names what and why, in words for the user. */
export class WasiInputError extends Error {
  override readonly name = 'WasiInputError';
}

/** A folder as the guest finds it. */
export type Preopen = { readonly path: string; readonly node: DirectoryNode };

/** The folders and files of one guest. */
export type Folders = {
  readonly files: FileSystem;
  readonly preopens: readonly Preopen[];
  /** every regular file that is new, changed, or at a new path, by its absolute guest path, sorted */
  changedFiles(): GuestFile[];
};

/**
 * Lays out folders and files in one tree. Each folder keeps its own mode, also inside another; contents are shared,
 * not copied. @throws WasiInputError for a path that is not plain, is there twice or is in no folder, or above a limit
 */
export function mountFolders(
  { folders, files: given }: { folders: readonly GuestFolder[]; files: readonly GuestFile[] },
  limits: FileSystemLimits,
  now: () => bigint,
): Folders {
  const mounts = new Map<string, GuestFolder>();
  for (const folder of folders) {
    const key = plainNames(folder.path).join('/');
    if (mounts.has(key)) throw new WasiInputError(`folder ${folder.path} is given twice`);
    mounts.set(key, folder);
  }
  const files = new FileSystem(limits, now, mounts.get('')?.isWritable);
  try {
    const preopens = [...mounts].map(([key, { path }]) => ({ path, node: placeFolders(files, key, mounts) }));
    const before = new Map(given.map((file) => placeFile(files, file, mounts)));
    return { files, preopens, changedFiles: () => collect(files.root, before) };
  } catch (error) {
    if (error instanceof WasiError && error.message === 'nospc') {
      throw new WasiInputError('the files given are more than the limits on guest files allow');
    }
    throw error;
  }
}

/** The components of an absolute or relative path. */
function plainNames(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (path === '' || path.includes('\0') || names.includes('..')) {
    throw new WasiInputError(`path ${JSON.stringify(path)} must be plain, without .. and NUL`);
  }
  return names;
}

/** The directory at `key`, with all that lead to it. The root itself is a folder only when one is mounted there. */
function placeFolders(fs: FileSystem, key: string, mounts: ReadonlyMap<string, GuestFolder>): DirectoryNode {
  if (key === '') return fs.root;
  const slash = key.lastIndexOf('/');
  const parent = placeFolders(fs, key.slice(0, Math.max(slash, 0)), mounts);
  const name = key.slice(slash + 1);
  const there = parent.entries.get(name);
  if (there?.kind === 'directory') return there;
  if (there) throw new WasiInputError(`${key} is given as a file and as a folder`);
  const mount = mounts.get(key);
  return fs.placeDirectory(parent, name, mount?.isWritable ?? parent.isWritable, mount !== undefined);
}

function placeFile(
  fs: FileSystem,
  { path, content }: GuestFile,
  mounts: ReadonlyMap<string, GuestFolder>,
): [string, FileNode] {
  const names = plainNames(path);
  const isInFolder = names.some((_, depth) => mounts.has(names.slice(0, depth).join('/')));
  if (!isInFolder) throw new WasiInputError(`file ${path} is in no folder of the guest`);
  const name = names.pop()!;
  const parent = placeFolders(fs, names.join('/'), mounts);
  if (parent.entries.has(name)) throw new WasiInputError(`file ${path} is given twice`);
  return [`/${[...names, name].join('/')}`, fs.placeFile(parent, name, content)];
}

function collect(root: DirectoryNode, given: ReadonlyMap<string, FileNode>): GuestFile[] {
  const changed: GuestFile[] = [];
  const pending: [string, Node][] = [['', root]];
  while (pending.length > 0) {
    const [path, node] = pending.pop()!;
    if (node.kind === 'directory') {
      for (const [name, child] of node.entries) pending.push([`${path}/${name}`, child]);
    } else if (node.kind === 'file' && (node.isChanged || given.get(path) !== node)) {
      changed.push({ path, content: node.content.view(0, node.content.size).slice() });
    }
  }
  return changed.sort((a, b) => (a.path < b.path ? -1 : 1));
}

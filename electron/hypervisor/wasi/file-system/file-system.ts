import { refuse } from '../errno.ts';
import { Budget, FileContent } from './content.ts';
import type { DirectoryNode, FileNode, Node, Times } from './node.ts';
import type { Place } from './path.ts';

const encoder = new TextEncoder();

/** What a file system may hold. */
export type FileSystemLimits = { readonly fileBytes: number; readonly fileEntries: number };

/**
 * An in-memory file system: inodes with names, as POSIX has them.
 * Every change is checked against the limits and against the mode of the folder it happens in.
 */
export class FileSystem {
  readonly root: DirectoryNode;
  readonly #budget: Budget;
  readonly #now: () => bigint;
  #lastIno = 0n;

  /** @param now wall time in nanoseconds, for the times of files */
  constructor(limits: FileSystemLimits, now: () => bigint, isRootWritable = false) {
    this.#budget = new Budget(limits.fileBytes, limits.fileEntries);
    this.#now = now;
    this.root = this.#makeDirectory(undefined, isRootWritable, true);
    this.root.links = 1;
  }

  /** Adds a directory. @throws WasiError `nospc`, `rofs`, `noent` when the parent has been removed */
  createDirectory(parent: DirectoryNode, name: string): DirectoryNode {
    this.#checkWritable(parent);
    return this.placeDirectory(parent, name, parent.isWritable, false);
  }

  /** Adds an empty file. @throws WasiError as `createDirectory` does */
  createFile(parent: DirectoryNode, name: string): FileNode {
    this.#checkWritable(parent);
    const file = this.placeFile(parent, name, new Uint8Array(0));
    file.isChanged = true;
    return file;
  }

  /** Adds a symbolic link; its target counts as file bytes. */
  createSymlink(parent: DirectoryNode, name: string, target: string): void {
    this.#checkWritable(parent);
    const targetBytes = encoder.encode(target);
    this.#budget.takeBytes(targetBytes.length);
    this.#link(parent, name, { ...this.#base(parent.isWritable), kind: 'symlink', target, targetBytes });
  }

  /** Adds a directory whatever the parent's mode: for what the guest is given. */
  placeDirectory(parent: DirectoryNode, name: string, isWritable: boolean, isMount: boolean): DirectoryNode {
    const node = this.#makeDirectory(parent, isWritable, isMount);
    this.#link(parent, name, node);
    return node;
  }

  /** Adds a file whatever the parent's mode: for what the guest is given; `bytes` must not change from now on. */
  placeFile(parent: DirectoryNode, name: string, bytes: Uint8Array): FileNode {
    const content = FileContent.of(bytes, this.#budget);
    const node: FileNode = {
      ...this.#base(parent.isWritable),
      kind: 'file',
      content,
      openCount: 0,
      isChanged: false,
    };
    this.#link(parent, name, node);
    return node;
  }

  /** Gives a file or symbolic link one more name. @throws WasiError `perm` for a directory, `mlink`, `xdev`, … */
  link(node: Node, parent: DirectoryNode, name: string): void {
    if (node.kind === 'directory') refuse('perm');
    this.#checkWritable(parent);
    if (!node.isWritable) refuse('xdev');
    this.#link(parent, name, node);
    node.times.ctim = this.#now();
  }

  /** Removes a name of a file or symbolic link. */
  unlink(parent: DirectoryNode, name: string, node: Node): void {
    this.#checkWritable(parent);
    this.#unlink(parent, name, node);
  }

  /** Removes an empty directory. @throws WasiError `notempty`, `busy` for a folder the guest was given */
  removeDirectory(parent: DirectoryNode, name: string, node: DirectoryNode): void {
    this.#checkWritable(parent);
    if (node.isMount) refuse('busy');
    if (node.entries.size > 0) refuse('notempty');
    this.#unlink(parent, name, node);
  }

  /**
   * Moves an entry, replacing what is at its new place as POSIX has it.
   * @throws WasiError `inval` into itself, `notdir`, `isdir`, `notempty`, `busy`, `rofs`, `noent`
   */
  rename(from: Place & { name: string; node: Node }, to: Place & { name: string }): void {
    const { node } = from;
    this.#checkWritable(from.parent);
    this.#checkWritable(to.parent);
    if (node.kind === 'directory') {
      if (node.isMount) refuse('busy');
      if (isWithin(to.parent, node)) refuse('inval');
    }
    if (to.node === node) return;
    if (to.node) this.#replace(node, to.parent, to.name, to.node);
    from.parent.entries.delete(from.name);
    this.#changed(from.parent);
    to.parent.entries.set(to.name, node);
    this.#changed(to.parent);
    if (node.kind === 'directory') node.parent = to.parent;
    node.times.ctim = this.#now();
  }

  /** Sets a file's size. @throws WasiError `nospc`, `rofs` */
  resize(node: FileNode, size: bigint): void {
    if (!node.isWritable) refuse('rofs');
    if (size > BigInt(Number.MAX_SAFE_INTEGER)) refuse('fbig');
    node.content.resize(Number(size));
    this.markWritten(node);
  }

  /** Notes that a file's bytes have changed. */
  markWritten(node: FileNode): void {
    const now = this.#now();
    node.times.mtim = now;
    node.times.ctim = now;
    node.isChanged = true;
  }

  /** Notes that a file or directory has been read. */
  markRead(node: Node): void {
    node.times.atim = this.#now();
  }

  /** Sets times; `undefined` leaves one as it is. @throws WasiError `rofs` */
  setTimes(node: Node, atim: bigint | 'now' | undefined, mtim: bigint | 'now' | undefined): void {
    if (!node.isWritable) refuse('rofs');
    const now = this.#now();
    if (atim !== undefined) node.times.atim = atim === 'now' ? now : atim;
    if (mtim !== undefined) node.times.mtim = mtim === 'now' ? now : mtim;
    node.times.ctim = now;
  }

  /** A descriptor was opened on the file: it stays while one is, even without a name. */
  open(node: FileNode): void {
    node.openCount++;
  }

  close(node: FileNode): void {
    node.openCount--;
    this.#releaseUnused(node);
  }

  #base(isWritable: boolean): { ino: bigint; times: Times; isWritable: boolean; links: number } {
    const now = this.#now();
    return { ino: ++this.#lastIno, times: { atim: now, mtim: now, ctim: now }, isWritable, links: 0 };
  }

  #makeDirectory(parent: DirectoryNode | undefined, isWritable: boolean, isMount: boolean): DirectoryNode {
    return { ...this.#base(isWritable), kind: 'directory', entries: new Map(), parent, isMount, listing: undefined };
  }

  #checkWritable(directory: DirectoryNode): void {
    if (!directory.isWritable) refuse('rofs');
    if (directory.links === 0) refuse('noent');
  }

  #link(parent: DirectoryNode, name: string, node: Node): void {
    this.#budget.takeEntry();
    parent.entries.set(name, node);
    node.links++;
    this.#changed(parent);
  }

  #unlink(parent: DirectoryNode, name: string, node: Node): void {
    parent.entries.delete(name);
    this.#budget.giveEntry();
    node.links--;
    node.times.ctim = this.#now();
    this.#changed(parent);
    if (node.kind === 'file') this.#releaseUnused(node);
    else if (node.kind === 'symlink' && node.links === 0) this.#budget.giveBytes(node.targetBytes.length);
  }

  #replace(node: Node, parent: DirectoryNode, name: string, old: Node): void {
    if (node.kind === 'directory') {
      if (old.kind !== 'directory') refuse('notdir');
      this.removeDirectory(parent, name, old);
    } else {
      if (old.kind === 'directory') refuse('isdir');
      this.#unlink(parent, name, old);
    }
  }

  #releaseUnused(node: FileNode): void {
    if (node.links === 0 && node.openCount === 0) node.content.release();
  }

  #changed(directory: DirectoryNode): void {
    const now = this.#now();
    directory.times.mtim = now;
    directory.times.ctim = now;
    directory.listing = undefined;
  }
}

/** Whether `directory` is `ancestor` or lies below it. */
function isWithin(directory: DirectoryNode, ancestor: DirectoryNode): boolean {
  for (let at: DirectoryNode | undefined = directory; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

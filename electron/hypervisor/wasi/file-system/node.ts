import type { FileContent } from './content.ts';

/** Access, modification and status change times, nanoseconds since 1970. */
export type Times = { atim: bigint; mtim: bigint; ctim: bigint };

type Base = {
  readonly ino: bigint;
  readonly times: Times;
  /** of the folder it was made in; nothing moves between folders of different modes */
  readonly isWritable: boolean;
  /** names that lead to it; a directory has one, or none when removed */
  links: number;
};

export type FileNode = Base & {
  readonly kind: 'file';
  readonly content: FileContent;
  /** descriptors that are open on it */
  openCount: number;
  /** written to since the guest began */
  isChanged: boolean;
};

export type SymlinkNode = Base & {
  readonly kind: 'symlink';
  readonly target: string;
  readonly targetBytes: Uint8Array;
};

export type DirectoryNode = Base & {
  readonly kind: 'directory';
  readonly entries: Map<string, Node>;
  /** undefined for the root only */
  parent: DirectoryNode | undefined;
  /** a folder that the guest was given, which it cannot remove or move */
  readonly isMount: boolean;
  /** sorted names, until the next change */
  listing: readonly string[] | undefined;
};

/** An inode of the in-memory file system. */
export type Node = FileNode | SymlinkNode | DirectoryNode;

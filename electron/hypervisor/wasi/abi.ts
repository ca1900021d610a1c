/** Numbers of the WASI preview 1 binary interface (`wasi_snapshot_preview1`), apart from error numbers. */

/** The 30 rights, each one bit: all fit an integer that JavaScript computes with directly. */
export const right = {
  fdDatasync: 1 << 0,
  fdRead: 1 << 1,
  fdSeek: 1 << 2,
  fdFdstatSetFlags: 1 << 3,
  fdSync: 1 << 4,
  fdTell: 1 << 5,
  fdWrite: 1 << 6,
  fdAdvise: 1 << 7,
  fdAllocate: 1 << 8,
  pathCreateDirectory: 1 << 9,
  pathCreateFile: 1 << 10,
  pathLinkSource: 1 << 11,
  pathLinkTarget: 1 << 12,
  pathOpen: 1 << 13,
  fdReaddir: 1 << 14,
  pathReadlink: 1 << 15,
  pathRenameSource: 1 << 16,
  pathRenameTarget: 1 << 17,
  pathFilestatGet: 1 << 18,
  pathFilestatSetSize: 1 << 19,
  pathFilestatSetTimes: 1 << 20,
  fdFilestatGet: 1 << 21,
  fdFilestatSetSize: 1 << 22,
  fdFilestatSetTimes: 1 << 23,
  pathSymlink: 1 << 24,
  pathRemoveDirectory: 1 << 25,
  pathUnlinkFile: 1 << 26,
  pollFdReadwrite: 1 << 27,
  sockShutdown: 1 << 28,
  sockAccept: 1 << 29,
} as const;

/** Every right there is. */
export const ALL_RIGHTS = 2 ** 30 - 1;

/** The rights that mean something on a directory; Wasmtime's, which programs look for. */
export const DIRECTORY_RIGHTS =
  right.fdRead |
  right.fdFdstatSetFlags |
  right.fdSync |
  right.fdDatasync |
  right.fdAdvise |
  right.pathCreateDirectory |
  right.pathCreateFile |
  right.pathLinkSource |
  right.pathLinkTarget |
  right.pathOpen |
  right.fdReaddir |
  right.pathReadlink |
  right.pathRenameSource |
  right.pathRenameTarget |
  right.pathFilestatGet |
  right.pathFilestatSetSize |
  right.pathFilestatSetTimes |
  right.fdFilestatGet |
  right.fdFilestatSetTimes |
  right.pathSymlink |
  right.pathRemoveDirectory |
  right.pathUnlinkFile |
  right.pollFdReadwrite;

/** The rights that mean something on a regular file. */
export const FILE_RIGHTS =
  right.fdDatasync |
  right.fdRead |
  right.fdSeek |
  right.fdFdstatSetFlags |
  right.fdSync |
  right.fdTell |
  right.fdWrite |
  right.fdAdvise |
  right.fdAllocate |
  right.fdFilestatGet |
  right.fdFilestatSetSize |
  right.fdFilestatSetTimes |
  right.pollFdReadwrite;

/** The rights of standard input, and of standard output and error. No seeking and telling: they are streams. */
export const INPUT_RIGHTS = right.fdRead | right.fdFdstatSetFlags | right.fdFilestatGet | right.pollFdReadwrite;
export const OUTPUT_RIGHTS = right.fdWrite | right.fdFdstatSetFlags | right.fdFilestatGet | right.pollFdReadwrite;

export const fileType = {
  unknown: 0,
  blockDevice: 1,
  characterDevice: 2,
  directory: 3,
  regularFile: 4,
  socketDatagram: 5,
  socketStream: 6,
  symbolicLink: 7,
} as const;
export type FileType = (typeof fileType)[keyof typeof fileType];

export const openFlag = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;
export const descriptorFlag = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;
export const ALL_OPEN_FLAGS = 15;
export const ALL_DESCRIPTOR_FLAGS = 31;
export const timesFlag = { atim: 1, atimNow: 2, mtim: 4, mtimNow: 8 } as const;
export const lookupFlag = { symlinkFollow: 1 } as const;
export const whence = { set: 0, cur: 1, end: 2 } as const;
export const clockId = { realtime: 0, monotonic: 1, processCpuTime: 2, threadCpuTime: 3 } as const;
export const eventType = { clock: 0, fdRead: 1, fdWrite: 2 } as const;
export const subscriptionClockFlag = { absoluteTime: 1 } as const;
export const eventFlag = { hangup: 1 } as const;

/** Sizes in bytes of the structures that functions read and write in the guest's memory. */
export const structBytes = { iovec: 8, fdstat: 24, filestat: 64, dirent: 24, prestat: 8, subscription: 48, event: 32 };

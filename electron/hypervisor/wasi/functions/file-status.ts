import { fileType, right, structBytes, timesFlag } from '../abi.ts';
import { needFile } from '../access.ts';
import type { WasiContext } from '../context.ts';
import { refuse } from '../errno.ts';
import type { Node, Times } from '../file-system/node.ts';
import type { WasiFunctions } from '../signatures.ts';

type StatusFunctions = Pick<WasiFunctions, 'fd_filestat_get' | 'fd_filestat_set_size' | 'fd_filestat_set_times'>;

/** Status, size and times of what a descriptor is open on. */
export function fileStatusFunctions(context: WasiContext): StatusFunctions {
  const { descriptors, files } = context;
  return {
    fd_filestat_get(fd, result) {
      const descriptor = descriptors.get(fd);
      if ((descriptor.rights & right.fdFilestatGet) === 0) refuse('perm');
      if (descriptor.kind === 'file' || descriptor.kind === 'directory') writeStatus(context, result, descriptor.node);
      else context.memory.clear(result, structBytes.filestat);
    },
    fd_filestat_set_size(fd, size) {
      const file = needFile(descriptors.get(fd), right.fdFilestatSetSize);
      if (size > 0x7fff_ffff_ffff_ffffn) refuse('inval');
      files.resize(file.node, size);
    },
    fd_filestat_set_times(fd, atim, mtim, flags) {
      const descriptor = descriptors.get(fd);
      if (descriptor.kind === 'input' || descriptor.kind === 'output') refuse('badf');
      if ((descriptor.rights & right.fdFilestatSetTimes) === 0) refuse('perm');
      files.setTimes(descriptor.node, ...chosenTimes(atim, mtim, flags));
    },
  };
}

/** The type of an inode. */
export function nodeType(node: Node): number {
  if (node.kind === 'file') return fileType.regularFile;
  return node.kind === 'directory' ? fileType.directory : fileType.symbolicLink;
}

/** Writes a `filestat` structure. */
export function writeStatus({ memory }: WasiContext, result: number, node: Node): void {
  memory.clear(result, structBytes.filestat);
  memory.writeU64(result, DEVICE);
  memory.writeU64(result + 8, node.ino);
  memory.writeU8(result + 16, nodeType(node));
  memory.writeU64(result + 24, BigInt(node.links));
  memory.writeU64(result + 32, BigInt(sizeOf(node)));
  writeTimes(memory, result + 40, node.times);
}

/** Reads the flags of the two functions that set times. @throws WasiError `inval` when a time is to be two things */
export function chosenTimes(
  atim: bigint,
  mtim: bigint,
  flags: number,
): [atim: bigint | 'now' | undefined, mtim: bigint | 'now' | undefined] {
  if (flags > ALL_TIMES_FLAGS) refuse('inval');
  return [
    chosenTime(atim, flags & timesFlag.atim, flags & timesFlag.atimNow),
    chosenTime(mtim, flags & timesFlag.mtim, flags & timesFlag.mtimNow),
  ];
}

/** The one device that all inodes are on. */
const DEVICE = 1n;
const ALL_TIMES_FLAGS = 15;

function chosenTime(time: bigint, isSet: number, isNow: number): bigint | 'now' | undefined {
  if (isSet !== 0 && isNow !== 0) refuse('inval');
  if (isNow !== 0) return 'now';
  return isSet !== 0 ? time : undefined;
}

function sizeOf(node: Node): number {
  if (node.kind === 'file') return node.content.size;
  return node.kind === 'symlink' ? node.targetBytes.length : 0;
}

function writeTimes(memory: WasiContext['memory'], result: number, times: Times): void {
  memory.writeU64(result, times.atim);
  memory.writeU64(result + 8, times.mtim);
  memory.writeU64(result + 16, times.ctim);
}

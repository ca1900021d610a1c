import {
  ALL_DESCRIPTOR_FLAGS,
  ALL_OPEN_FLAGS,
  ALL_RIGHTS,
  DIRECTORY_RIGHTS,
  FILE_RIGHTS,
  openFlag,
  right,
} from '../abi.ts';
import type { WasiContext } from '../context.ts';
import type { Descriptor } from '../descriptors.ts';
import { refuse } from '../errno.ts';
import type { DirectoryNode, FileNode, Node } from '../file-system/node.ts';
import { type Place, walk } from '../file-system/path.ts';
import { begin, isFollowed } from '../path-arguments.ts';
import type { WasiFunctions } from '../signatures.ts';

type OpenRequest = {
  readonly flags: number;
  readonly base: number;
  readonly inheriting: number;
  readonly descriptorFlags: number;
};

/** `path_open`: rights are what was asked for, as far as the directory hands them on. */
export function openPath(context: WasiContext, ...args: Parameters<WasiFunctions['path_open']>): void {
  const [fd, lookupFlags, path, length, flags, base, inheriting, descriptorFlags, result] = args;
  const [start, text] = begin(context, 'path_open', fd, right.pathOpen | neededRights(flags), path, length);
  const isLastFollowed = isFollowed(lookupFlags);
  if (flags > ALL_OPEN_FLAGS || descriptorFlags > ALL_DESCRIPTOR_FLAGS) refuse('inval');
  if (isSet(flags, openFlag.creat) && isSet(flags, openFlag.directory)) refuse('inval');
  context.memory.writeU32(result, 0);
  context.descriptors.checkRoom();
  const directory = context.descriptors.get(fd);
  const request = {
    flags,
    base: Number(BigInt.asUintN(30, base)) & directory.inheriting,
    inheriting: Number(BigInt.asUintN(30, inheriting)) & directory.inheriting & ALL_RIGHTS,
    descriptorFlags,
  };
  const node = openNode(context, findPlace(start, text, isLastFollowed, flags), request);
  context.memory.writeU32(result, context.descriptors.add(describe(node, request)));
  if (node.kind === 'file') context.files.open(node);
}

function neededRights(flags: number): number {
  const create = isSet(flags, openFlag.creat) ? right.pathCreateFile : 0;
  return create | (isSet(flags, openFlag.trunc) ? right.pathFilestatSetSize : 0);
}

/** A slash at the end follows a link as asking for a directory does, and no file can be made there. */
function findPlace(start: DirectoryNode, text: string, isLastFollowed: boolean, flags: number): Place {
  const isCreating = isSet(flags, openFlag.creat);
  const wantsDirectory = text.endsWith('/');
  const place = walk(
    start,
    text,
    isCreating ? isLastFollowed && !isExclusive(flags) && !wantsDirectory : isLastFollowed || wantsDirectory,
  );
  if (isCreating && place.wantsDirectory) refuse('isdir');
  return place;
}

function openNode(context: WasiContext, place: Place, request: OpenRequest): FileNode | DirectoryNode {
  const { flags } = request;
  if (!place.node) return createNode(context, place, flags);
  if (isExclusive(flags)) refuse('exist');
  const node = checkKind(place.node, place.wantsDirectory || isSet(flags, openFlag.directory));
  const isWriting = isSet(request.base, right.fdWrite);
  if (node.kind === 'directory') {
    if (isWriting || isSet(flags, openFlag.creat) || isSet(flags, openFlag.trunc)) refuse('isdir');
    return node;
  }
  if (!node.isWritable && isWriting) refuse('rofs');
  if (isSet(flags, openFlag.trunc)) context.files.resize(node, 0n);
  return node;
}

function createNode({ files }: WasiContext, place: Place, flags: number): FileNode {
  if (!isSet(flags, openFlag.creat)) refuse('noent');
  if (place.name === undefined) refuse('isdir');
  return files.createFile(place.parent, place.name);
}

function checkKind(node: Node, wantsDirectory: boolean): FileNode | DirectoryNode {
  if (wantsDirectory && node.kind !== 'directory') refuse('notdir');
  if (node.kind === 'symlink') refuse('loop');
  return node;
}

function describe(node: FileNode | DirectoryNode, request: OpenRequest): Descriptor {
  const { inheriting, descriptorFlags: flags } = request;
  if (node.kind === 'directory') {
    return { kind: 'directory', node, rights: request.base & DIRECTORY_RIGHTS, inheriting, flags: 0 };
  }
  return { kind: 'file', node, rights: request.base & FILE_RIGHTS, inheriting, flags, offset: 0n };
}

function isExclusive(flags: number): boolean {
  return isSet(flags, openFlag.creat) && isSet(flags, openFlag.excl);
}

function isSet(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

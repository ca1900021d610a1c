import type { WasiFunctionName } from '../../../shared/model/wasi-functions.ts';
import { lookupFlag } from './abi.ts';
import { needDirectory } from './access.ts';
import type { WasiContext } from './context.ts';
import { itemsCost } from './cost.ts';
import { refuse } from './errno.ts';
import type { DirectoryNode } from './file-system/node.ts';
import { MAX_PATH_BYTES } from './file-system/path.ts';

/** Checks the grant, the descriptor and its right, and reads the path. */
export function begin(
  context: WasiContext,
  functionName: WasiFunctionName,
  fd: number,
  needed: number,
  path: number,
  length: number,
): [start: DirectoryNode, path: string] {
  context.need('files', functionName);
  const { node } = needDirectory(context.descriptors.get(fd), needed);
  const text = context.memory.readText(path, length, MAX_PATH_BYTES);
  context.ports.checkpoint(itemsCost(1 + Math.ceil(text.length / 16)));
  return [node, text];
}

/** Whether a symbolic link in last place is followed. @throws WasiError `inval` for an unknown flag */
export function isFollowed(flags: number): boolean {
  if (flags > lookupFlag.symlinkFollow) refuse('inval');
  return flags === lookupFlag.symlinkFollow;
}

import { right, structBytes } from '../abi.ts';
import { needDirectory } from '../access.ts';
import type { WasiContext } from '../context.ts';
import { bytesCost, itemsCost } from '../cost.ts';
import type { DirectoryDescriptor } from '../descriptors.ts';
import type { DirectoryNode, Node } from '../file-system/node.ts';
import type { WasiFunctions } from '../signatures.ts';
import { nodeType } from './file-status.ts';

const encoder = new TextEncoder();

/**
 * Reading directories. A cookie is a place in the list of names as it was when reading began, so a guest that removes
 * what it reads sees every name once. Names are sorted by code unit.
 */
export function directoryFunctions(context: WasiContext): Pick<WasiFunctions, 'fd_readdir'> {
  const { descriptors, memory, ports } = context;
  return {
    fd_readdir(fd, buffer, length, cookie, result) {
      const directory = needDirectory(descriptors.get(fd), right.fdReaddir);
      memory.slice(buffer, length);
      const names = listing(context, directory, cookie === 0n);
      let used = 0;
      let index = cookie > BigInt(names.length) ? names.length : Number(cookie);
      for (; index < names.length && used < length; index++) {
        const name = names[index]!;
        const node = entryNode(directory.node, name);
        // Removed since: there is nothing to tell about it any more.
        if (!node) continue;
        const entry = encodeEntry(node, encoder.encode(name), BigInt(index) + 1n);
        ports.checkpoint(bytesCost(entry.length));
        const part = entry.subarray(0, length - used);
        memory.writeBytes(buffer + used, part);
        used += part.length;
      }
      memory.writeU32(result, used);
    },
  };
}

function listing(context: WasiContext, directory: DirectoryDescriptor, isFromStart: boolean): readonly string[] {
  if (directory.listing && !isFromStart) return directory.listing;
  const { node } = directory;
  if (!node.listing) {
    context.ports.checkpoint(itemsCost(node.entries.size));
    node.listing = ['.', '..', ...[...node.entries.keys()].sort()];
  }
  directory.listing = node.listing;
  context.files.markRead(node);
  return node.listing;
}

function entryNode(directory: DirectoryNode, name: string): Node | undefined {
  if (name === '.') return directory;
  if (name === '..') return directory.parent ?? directory;
  return directory.entries.get(name);
}

function encodeEntry(node: Node, name: Uint8Array, next: bigint): Uint8Array {
  const entry = new Uint8Array(structBytes.dirent + name.length);
  const view = new DataView(entry.buffer);
  view.setBigUint64(0, next, true);
  view.setBigUint64(8, node.ino, true);
  view.setUint32(16, name.length, true);
  view.setUint8(20, nodeType(node));
  entry.set(name, structBytes.dirent);
  return entry;
}

import { join } from 'node:path';
import { HASH_BYTES, nodeHash } from './hashing.ts';

/** Hashes in a full tile (c2sp.org/tlog-tiles): eight levels of the tree. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/** The file of a tile: `tile/<level>/x001/x234/067`, with `.p/<width>` when it is partial. */
export function tilePath(folder: string, level: number, index: number, width: number = TILE_WIDTH): string {
  const parts = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    parts.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  const path = join(folder, 'tile', String(level), ...parts);
  return width === TILE_WIDTH ? path : join(`${path}.p`, String(width));
}

/** How many whole hashes the tree of `size` leaves has at a tile level. */
export function hashesAt(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The hash of 2^height neighbours in a tile, from number `first` on. */
export function hashInTile(tile: Buffer, first: number, height: number): Buffer {
  let hashes: Buffer[] = [];
  for (let i = 0; i < 2 ** height; i++) {
    hashes.push(tile.subarray((first + i) * HASH_BYTES, (first + i + 1) * HASH_BYTES));
  }
  while (hashes.length > 1) {
    const parents: Buffer[] = [];
    for (let i = 0; i < hashes.length; i += 2) parents.push(nodeHash(hashes[i]!, hashes[i + 1]!));
    hashes = parents;
  }
  return Buffer.from(hashes[0]!);
}

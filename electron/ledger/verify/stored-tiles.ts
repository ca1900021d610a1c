import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HASH_BYTES } from '../hashing.ts';
import { TILE_WIDTH, tilePath } from '../tile.ts';

/** Reads the tiles of a log as they stand, right or wrong. Synchronous: verification has a thread of its own. */
export class StoredTiles {
  readonly #folder: string;
  #index = -1;
  #tile: Buffer | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The leaf hash that the tiles hold for an entry, when they do. */
  leaf(seq: number): Buffer | undefined {
    const index = Math.floor(seq / TILE_WIDTH);
    if (index !== this.#index) {
      this.#index = index;
      this.#tile = this.read(0, index);
    }
    const at = (seq % TILE_WIDTH) * HASH_BYTES;
    return this.#tile && this.#tile.length >= at + HASH_BYTES ? this.#tile.subarray(at, at + HASH_BYTES) : undefined;
  }

  /** A full tile, or the widest partial one. */
  read(level: number, index: number): Buffer | undefined {
    const full = readIfThere(tilePath(this.#folder, level, index));
    if (full) return full;
    const folder = dirname(tilePath(this.#folder, level, index, 1));
    const width = Math.max(0, ...listNumbers(folder).filter((each) => each < TILE_WIDTH));
    return width > 0 ? readIfThere(join(folder, String(width))) : undefined;
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function listNumbers(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}

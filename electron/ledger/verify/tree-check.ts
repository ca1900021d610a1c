import { findingOf } from '../finding.ts';
import { HASH_BYTES, toHex } from '../hashing.ts';
import { Frontier } from '../merkle.ts';
import { hashInTile, TILE_HEIGHT, TILE_WIDTH } from '../tile.ts';
import type { Findings } from './report.ts';
import type { StoredTiles } from './stored-tiles.ts';

/** Builds the tree from the entries, remembers its root at the sizes that matter, and compares it with the stored tiles. */
export class TreeCheck {
  readonly #tiles: StoredTiles;
  readonly #whole = new Frontier();
  readonly #wanted: Set<number>;
  readonly #roots = new Map<number, Buffer>();
  /** per level, the hashes of the tile being filled */
  readonly #levels: Buffer[][] = [[]];
  /** tiles that differ from the entries: judged when it is known whether the entries are right */
  readonly #differing: { level: number; index: number; isMissing: boolean }[] = [];
  #firstDifferentLeaf: number | undefined;

  constructor(tiles: StoredTiles, sizes: Iterable<number>) {
    this.#tiles = tiles;
    this.#wanted = new Set(sizes);
  }

  get size(): number {
    return this.#whole.size + this.#levels[0]!.length;
  }

  /** The first entry whose leaf is not the one in the tiles. */
  get firstDifferentLeaf(): number | undefined {
    return this.#firstDifferentLeaf;
  }

  append(leaf: Buffer): void {
    this.#levels[0]!.push(leaf);
    if (this.#levels[0]!.length === TILE_WIDTH) this.#closeTile(0);
    if (this.#wanted.has(this.size)) this.#roots.set(this.size, this.root());
  }

  /** The root at one of the sizes that were asked for, if it was passed. */
  rootAt(size: number): Buffer | undefined {
    return size === 0 ? new Frontier().root() : this.#roots.get(size);
  }

  /** The root over all entries so far. */
  root(): Buffer {
    return this.#whole.rootWith(this.#levels[0]!);
  }

  /**
   * Compares the tiles that were not full, then reports those that differ, if the entries are what was signed. Tiles that a
   * checkpoint of `signedSize` does not need may be missing: they are written with the next one.
   */
  finish(findings: Findings, areEntriesRight: boolean, signedSize: number): void {
    for (const [level, hashes] of this.#levels.entries()) {
      const index = Math.floor(Math.floor(this.size / TILE_WIDTH ** level) / TILE_WIDTH);
      if (hashes.length > 0) this.#compare(level, index, Buffer.concat(hashes), true);
    }
    if (!areEntriesRight) return;
    for (const { level, index, isMissing } of this.#differing) {
      const seq = index * TILE_WIDTH ** (level + 1);
      if (isMissing && seq + TILE_WIDTH ** (level + 1) > signedSize) continue;
      const message = isMissing
        ? `tile ${level}/${index} is missing: it can be made again from the entries`
        : `tile ${level}/${index} does not fit the entries, which are what was signed: it can be made again`;
      findings.add(findingOf(isMissing ? 'tile-missing' : 'tile-wrong', message, { seq }));
    }
  }

  #closeTile(level: number): void {
    const tile = Buffer.concat(this.#levels[level]!);
    this.#levels[level] = [];
    const root = hashInTile(tile, 0, TILE_HEIGHT);
    if (level === 0) this.#whole.appendNode(TILE_HEIGHT, root);
    this.#compare(level, this.#whole.size / TILE_WIDTH ** (level + 1) - 1, tile, false);
    this.#levels[level + 1] ??= [];
    this.#levels[level + 1]!.push(root);
    if (this.#levels[level + 1]!.length === TILE_WIDTH) this.#closeTile(level + 1);
  }

  #compare(level: number, index: number, tile: Buffer, isPartial: boolean): void {
    const stored = this.#tiles.read(level, index);
    // Tiles trail the entries until the next checkpoint: a partial one may be narrower or absent.
    const common = isPartial ? Math.min(stored?.length ?? 0, tile.length) : TILE_WIDTH * HASH_BYTES;
    if (stored === undefined && isPartial) return;
    const isSame =
      stored !== undefined && stored.length >= common && stored.subarray(0, common).equals(tile.subarray(0, common));
    if (isSame) return;
    const isMissing = stored === undefined || stored.length < common;
    this.#differing.push({ level, index, isMissing });
    if (level > 0 || stored === undefined) return;
    for (let at = 0; at + HASH_BYTES <= common; at += HASH_BYTES) {
      if (toHex(stored.subarray(at, at + HASH_BYTES)) === toHex(tile.subarray(at, at + HASH_BYTES))) continue;
      this.#firstDifferentLeaf ??= index * TILE_WIDTH + at / HASH_BYTES;
      return;
    }
  }
}

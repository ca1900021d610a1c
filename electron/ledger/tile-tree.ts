import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Disk, readFileIfThere } from '../disk/index.ts';
import { HASH_BYTES } from './hashing.ts';
import { treeRoot } from './merkle.ts';
import { hashesAt, hashInTile, TILE_HEIGHT, TILE_WIDTH, tilePath } from './tile.ts';

/** Reads the leaf hashes of entries `from` to `to` from the entries themselves. */
export type LeafReader = (from: number, to: number) => Promise<Buffer[]>;

type Options = {
  readonly disk: Disk;
  readonly folder: string;
  readonly readLeaves: LeafReader;
  readonly isReadOnly: boolean;
  /** makes every tile again from the entries, whatever is on the disk */
  readonly isDistrustful?: boolean;
};

/** Full tiles kept in memory after reading; 8 KiB each. */
const KEPT_TILES = 256;

/**
 * The Merkle tree of a log as tiles on disk, with its right edge in memory. Tiles follow from the entries, so they are
 * written without a sync and made again where they are missing; only before entries are pruned must they be durable.
 */
export class TileTree {
  readonly #options: Options;
  /** per level, the hashes of the last tile, which is not full */
  readonly #edge: Buffer[][] = [];
  /** full tiles that are not on the disk yet */
  readonly #unwritten = new Map<string, { level: number; index: number; tile: Buffer }>();
  readonly #kept = new Map<string, Buffer>();
  #size = 0;
  #isOpening = true;

  private constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Opens the tree of a log of `size` entries. Tiles of the first `trustedSize` entries are taken to be there (a checkpoint
   * followed them to the disk); later ones are looked for and made again from the entries when they are missing.
   */
  static async open(options: Options, size: number, trustedSize: number): Promise<TileTree> {
    const tree = new TileTree(options);
    tree.#size = size;
    for (let level = 0; hashesAt(size, level) > 0; level++) {
      const tiles = Math.floor(hashesAt(size, level) / TILE_WIDTH);
      for (let index = Math.floor(hashesAt(trustedSize, level) / TILE_WIDTH); index < tiles; index++) {
        if ((await tree.#readTile(level, index)) === undefined) await tree.#rebuild(level, index);
      }
      tree.#edge[level] = await tree.#readEdge(level, tiles);
    }
    tree.#isOpening = false;
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf hash. */
  append(leaf: Buffer): void {
    this.#push(0, leaf);
    this.#size++;
  }

  /** The hash of a node that is whole; see `NodeReader`. @throws RangeError when a tile is missing or damaged */
  readonly node = async (height: number, index: number): Promise<Buffer> => {
    const level = Math.floor(height / TILE_HEIGHT);
    const span = 2 ** (height % TILE_HEIGHT);
    const first = index * span;
    const tile = await this.#tile(level, Math.floor(first / TILE_WIDTH));
    return hashInTile(tile, first % TILE_WIDTH, height % TILE_HEIGHT);
  };

  /** The root of the first `size` entries. */
  root(size: number = this.#size): Promise<Buffer> {
    return treeRoot(size, this.node);
  }

  /** Writes full tiles, and the partial ones that a checkpoint of the present size needs. */
  async flush(isDurable = false): Promise<void> {
    if (this.#options.isReadOnly) return;
    const partial = this.#edge.map((hashes, level) => ({ level, hashes: [...hashes] }));
    const size = this.#size;
    const write = isDurable ? this.#options.disk.writeFileAtomic : this.#options.disk.writeFileLoose;
    for (const [name, { level, index, tile }] of this.#unwritten) {
      const path = tilePath(this.#options.folder, level, index);
      await this.#options.disk.ensureDir(dirname(path));
      await write(path, tile);
      await this.#options.disk.removeFolder(`${path}.p`);
      this.#unwritten.delete(name);
      this.#keep(name, tile);
    }
    for (const { level, hashes } of partial) {
      if (hashes.length === 0) continue;
      const index = Math.floor(hashesAt(size, level) / TILE_WIDTH);
      const path = tilePath(this.#options.folder, level, index, hashes.length);
      await this.#options.disk.ensureDir(dirname(path));
      await write(path, Buffer.concat(hashes));
    }
  }

  /** Makes the tiles that hold the first `size` entries durable. */
  async syncTiles(size: number): Promise<void> {
    await this.flush(true);
    const { disk, folder } = this.#options;
    for (let level = 0; hashesAt(size, level) > 0; level++) {
      const full = Math.floor(hashesAt(this.#size, level) / TILE_WIDTH);
      const needed = Math.ceil(hashesAt(size, level) / TILE_WIDTH);
      for (let index = 0; index < Math.min(full, needed); index++) await disk.sync(tilePath(folder, level, index));
    }
  }

  #push(level: number, hash: Buffer): void {
    this.#edge[level] ??= [];
    const hashes = this.#edge[level];
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    const index = Math.floor((hashesAt(this.#size + 1, level) - 1) / TILE_WIDTH);
    const tile = Buffer.concat(hashes);
    this.#unwritten.set(nameOf(level, index), { level, index, tile });
    this.#edge[level] = [];
    this.#push(level + 1, hashInTile(tile, 0, TILE_HEIGHT));
  }

  async #tile(level: number, index: number): Promise<Buffer> {
    const isEdge = index === Math.floor(hashesAt(this.#size, level) / TILE_WIDTH);
    if (isEdge) return Buffer.concat(this.#edge[level] ?? []);
    const tile = this.#unwritten.get(nameOf(level, index))?.tile ?? (await this.#readTile(level, index));
    if (tile === undefined) throw new RangeError(`tile ${level}/${index} is missing or damaged`);
    return tile;
  }

  async #readTile(level: number, index: number): Promise<Buffer | undefined> {
    const name = nameOf(level, index);
    const kept = this.#kept.get(name);
    if (kept) return kept;
    if (this.#isOpening && this.#options.isDistrustful) return undefined;
    const tile = await readFileIfThere(tilePath(this.#options.folder, level, index));
    if (tile?.length !== TILE_WIDTH * HASH_BYTES) return undefined;
    this.#keep(name, tile);
    return tile;
  }

  #keep(name: string, tile: Buffer): void {
    this.#kept.set(name, tile);
    if (this.#kept.size > KEPT_TILES) this.#kept.delete(this.#kept.keys().next().value!);
  }

  async #rebuild(level: number, index: number): Promise<void> {
    const first = index * TILE_WIDTH;
    const tile = Buffer.concat(await this.#readBelow(level, first, first + TILE_WIDTH));
    this.#unwritten.set(nameOf(level, index), { level, index, tile });
  }

  /** Hashes `from` to `to` of a level, from the level below or from the entries. */
  async #readBelow(level: number, from: number, to: number): Promise<Buffer[]> {
    if (level === 0) return this.#options.readLeaves(from, to);
    const hashes: Buffer[] = [];
    for (let i = from; i < to; i++) hashes.push(hashInTile(await this.#tileBelow(level - 1, i), 0, TILE_HEIGHT));
    return hashes;
  }

  async #tileBelow(level: number, index: number): Promise<Buffer> {
    const tile = this.#unwritten.get(nameOf(level, index))?.tile ?? (await this.#readTile(level, index));
    if (tile) return tile;
    await this.#rebuild(level, index);
    return this.#unwritten.get(nameOf(level, index))!.tile;
  }

  /** The hashes of the last tile of a level: those stored by the last checkpoint, the rest from below. */
  async #readEdge(level: number, index: number): Promise<Buffer[]> {
    const first = index * TILE_WIDTH;
    const width = hashesAt(this.#size, level) - first;
    const stored = level === 0 || this.#options.isDistrustful ? [] : await this.#readPartial(level, index, width);
    return [...stored, ...(await this.#readBelow(level, first + stored.length, first + width))];
  }

  async #readPartial(level: number, index: number, most: number): Promise<Buffer[]> {
    const folder = dirname(tilePath(this.#options.folder, level, index, 1));
    const names = await readdir(folder).catch(() => [] as string[]);
    const width = Math.max(0, ...names.map(Number).filter((each) => each <= most));
    const bytes = width > 0 ? await readFileIfThere(tilePath(this.#options.folder, level, index, width)) : undefined;
    if (bytes?.length !== width * HASH_BYTES) return [];
    return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
  }
}

function nameOf(level: number, index: number): string {
  return `${level}/${index}`;
}

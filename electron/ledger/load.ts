import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Disk, readFileIfThere } from '../disk/index.ts';
import type { AnchorStore } from './anchor.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { readLastCheckpoint } from './checkpoint-file.ts';
import type { MadeCheckpoint } from './checkpointer.ts';
import { Columns } from './columns.ts';
import { type Finding, findingOf } from './finding.ts';
import { HASH_BYTES, leafHash, toHex, ZERO_HASH } from './hashing.ts';
import { type Head, readHead } from './head.ts';
import { dropIndex, INDEX_ROWS, readIndex, writeIndexChunk } from './index-file.ts';
import { isKeyOp, KeyRing } from './key-ring.ts';
import { LineStore } from './line-store.ts';
import { type LogInfo, readLogInfo } from './log-info.ts';
import { signersOf } from './note.ts';
import { parseRecord } from './record.ts';
import { type Break, type Scanned, scanEntries } from './scan.ts';
import { listSegments } from './segment.ts';
import { TILE_WIDTH, tilePath } from './tile.ts';
import { TileTree } from './tile-tree.ts';

/** A log as it was found on the disk. */
export type Loaded = {
  readonly info: LogInfo | undefined;
  readonly columns: Columns;
  readonly lines: LineStore;
  /** the end of the good chain */
  readonly end: Head;
  /** what follows the good chain, beyond everything that was ever durable */
  readonly broken: Break | null;
  readonly tree: TileTree;
  readonly keys: KeyRing;
  readonly keysOf: (info: LogInfo) => KeyRing;
  readonly last: MadeCheckpoint | undefined;
  readonly areTilesRebuilt: boolean;
  /** the first thing that is wrong below the last durable commit */
  readonly alarm: Finding | null;
};

/** Reads a log without changing it, except for the index, which a writer makes again when it does not fit. */
export async function loadLog(
  disk: Disk,
  folder: string,
  isReadOnly: boolean,
  anchor: AnchorStore | undefined,
): Promise<Loaded> {
  const info = await readLogInfo(folder);
  const head = await readHead(folder);
  const kept = await readLastCheckpoint(folder);
  const parsed = kept && parseCheckpoint(kept.note);
  const { columns, end, broken } = await readEntries(disk, folder, isReadOnly, head);
  const lines = new LineStore(folder, columns);
  const keysOf = (of: LogInfo) => new KeyRing(of.key === null ? undefined : Buffer.from(of.key, 'base64'));
  const keys = await readKeys(columns, lines, info === undefined || info === 'damaged' ? new KeyRing() : keysOf(info));
  const checkpoint = parsed?.checkpoint;
  const { tree, areTilesRebuilt } = await openTree(disk, folder, isReadOnly, columns, lines, end.size, checkpoint);
  const last = checkpoint && kept && { size: checkpoint.size, root: toHex(checkpoint.root), note: kept.note };
  const alarm =
    infoAlarm(info, end) ??
    prunedAlarm(columns, await lastPruned(columns, lines)) ??
    (await headAlarm(head, end, broken, columns, lines)) ??
    checkpointAlarm(parsed, info, keys, end) ??
    (await rootAlarm(checkpoint, tree)) ??
    (await anchorAlarm(await anchor?.read(), info, tree));
  const goodInfo = info === 'damaged' ? undefined : info;
  return { info: goodInfo, columns, lines, end, broken, tree, keys, keysOf, last, areTilesRebuilt, alarm };
}

type Entries = { readonly columns: Columns; readonly end: Head; readonly broken: Break | null };

async function readEntries(
  disk: Disk,
  folder: string,
  isReadOnly: boolean,
  head: Head | undefined | 'damaged',
): Promise<Entries> {
  const base = (await listSegments(folder))[0]?.firstSeq ?? 0;
  const leaf = base === 0 ? ZERO_HASH : await readLeaf(folder, base - 1);
  const start: Head = { size: base, month: '', offset: 0, leaf };
  const columns = new Columns(base);
  const indexed = await readIndex(folder, columns);
  if (indexed !== undefined) {
    const result = await scanInto(disk, folder, isReadOnly, columns, indexed);
    const durable = typeof head === 'object' ? head : undefined;
    const isFit = result.broken === null || result.broken.kind === 'torn';
    const isEnough = durable === undefined || result.end.size >= durable.size;
    const isSameEnd = durable?.size !== result.end.size || durable.leaf === result.end.leaf;
    if (isFit && isEnough && isSameEnd) return { columns, ...result };
    // The index does not fit the entries: it is the entries that count.
    if (!isReadOnly) await dropIndex(disk, folder);
  }
  const fresh = new Columns(base);
  return { columns: fresh, ...(await scanInto(disk, folder, isReadOnly, fresh, start)) };
}

async function scanInto(
  disk: Disk,
  folder: string,
  isReadOnly: boolean,
  columns: Columns,
  start: Head,
): Promise<{ end: Head; broken: Break | null }> {
  const chunkEnds: Head[] = [];
  const result = await scanEntries(folder, start, (entries) => {
    for (const scanned of entries) {
      addRow(columns, scanned);
      if ((scanned.seq + 1) % INDEX_ROWS === 0) chunkEnds.push(headAfter(scanned));
    }
  });
  if (!isReadOnly) for (const end of chunkEnds) await writeIndexChunk(disk, folder, columns, end);
  return result;
}

function addRow(columns: Columns, { entry, month, offset, lengthBytes }: Scanned): void {
  columns.push(entry, { month, offset, lengthBytes });
}

function headAfter({ seq, month, offset, lengthBytes, leaf }: Scanned): Head {
  return { size: seq + 1, month, offset: offset + lengthBytes + 1, leaf: toHex(leaf) };
}

/** The leaf hash of an entry from the tiles, for the first entry after pruned ones; zeros when it is not there. */
async function readLeaf(folder: string, seq: number): Promise<string> {
  const index = Math.floor(seq / TILE_WIDTH);
  let tile = await readFileIfThere(tilePath(folder, 0, index));
  if (tile === undefined) {
    const names = await readdir(dirname(tilePath(folder, 0, index, 1))).catch(() => [] as string[]);
    const width = Math.max(0, ...names.map(Number).filter((each) => each < TILE_WIDTH));
    if (width > 0) tile = await readFileIfThere(tilePath(folder, 0, index, width));
  }
  const at = (seq % TILE_WIDTH) * HASH_BYTES;
  return tile && tile.length >= at + HASH_BYTES ? toHex(tile.subarray(at, at + HASH_BYTES)) : ZERO_HASH;
}

async function readKeys(columns: Columns, lines: LineStore, keys: KeyRing): Promise<KeyRing> {
  for (const line of await linesOfOps(columns, lines, isKeyOp)) {
    const entry = parseRecord(line.toString('utf8'));
    if (entry) keys.observe(entry);
  }
  return keys;
}

async function linesOfOps(columns: Columns, lines: LineStore, isWanted: (op: string) => boolean): Promise<Buffer[]> {
  const wanted = new Set(columns.ops.texts().flatMap((op, number) => (isWanted(op) ? [number] : [])));
  const rows: number[] = [];
  if (wanted.size > 0) for (let row = 0; row < columns.length; row++) if (wanted.has(columns.op[row]!)) rows.push(row);
  const found: Buffer[] = [];
  for await (const span of lines.read(rows)) for (const { line } of span) found.push(line);
  return found;
}

async function openTree(
  disk: Disk,
  folder: string,
  isReadOnly: boolean,
  columns: Columns,
  lines: LineStore,
  size: number,
  checkpoint: Checkpoint | undefined,
): Promise<{ tree: TileTree; areTilesRebuilt: boolean }> {
  const readLeaves = async (from: number, to: number) => {
    const leaves: Buffer[] = [];
    for (let seq = from; seq < Math.min(to, columns.base); seq++) {
      const leaf = await readLeaf(folder, seq);
      if (leaf === ZERO_HASH) throw new RangeError('a tile of pruned entries is missing');
      leaves.push(Buffer.from(leaf, 'hex'));
    }
    const first = Math.max(from, columns.base);
    const rows = Array.from({ length: Math.max(0, to - first) }, (_, i) => first - columns.base + i);
    for await (const span of lines.read(rows)) for (const { line } of span) leaves.push(leafHash(line));
    return leaves;
  };
  const options = { disk, folder, readLeaves, isReadOnly };
  const trusted = Math.min(size, checkpoint?.size ?? 0);
  const tree = await TileTree.open(options, size, Math.max(trusted, columns.base)).catch(() => undefined);
  if (tree && (checkpoint === undefined || checkpoint.size > size || (await fits(tree, checkpoint)))) {
    return { tree, areTilesRebuilt: false };
  }
  if (columns.base > 0) return { tree: tree ?? (await TileTree.open(options, 0, 0)), areTilesRebuilt: false };
  return { tree: await TileTree.open({ ...options, isDistrustful: true }, size, 0), areTilesRebuilt: true };
}

async function fits(tree: TileTree, { size, root }: Checkpoint): Promise<boolean> {
  return tree.root(size).then(
    (own) => own.equals(root),
    () => false,
  );
}

function infoAlarm(info: LogInfo | undefined | 'damaged', end: Head): Finding | null {
  if (info === 'damaged')
    return findingOf('log-info-damaged', 'log.json cannot be read: it names the log and its first key');
  if (info !== undefined || end.size === 0) return null;
  return findingOf('log-info-damaged', `log.json is missing, but there are ${end.size} entries`);
}

async function lastPruned(columns: Columns, lines: LineStore): Promise<number> {
  if (columns.base === 0) return 0;
  const line = (await linesOfOps(columns, lines, (op) => op === 'ledger.pruned')).at(-1);
  const entry = line && parseRecord(line.toString('utf8'));
  return typeof entry?.data.toSeq === 'number' ? entry.data.toSeq + 1 : 0;
}

function prunedAlarm(columns: Columns, pruned: number): Finding | null {
  if (columns.base === pruned) return null;
  const message = `the oldest entries are missing: the first one is ${columns.base}, and entries before ${pruned} were pruned`;
  return findingOf('month-missing', message, { seq: pruned });
}

/** Damage below the last durable commit; a break beyond it is a torn tail. */
async function headAlarm(
  head: Head | undefined | 'damaged',
  end: Head,
  broken: Break | null,
  columns: Columns,
  lines: LineStore,
): Promise<Finding | null> {
  if (typeof head !== 'object' || head.size === 0) return null;
  if (end.size < head.size) return brokenAlarm(broken, end, head.size);
  const row = head.size - 1 - columns.base;
  if (row < 0) return null;
  for await (const [first] of lines.read([row])) {
    if (first && toHex(leafHash(first.line)) === head.leaf) return null;
  }
  const place = { seq: head.size - 1, month: head.month };
  return findingOf('entry-edited', `entry ${head.size - 1} is not the one that was durable last`, place);
}

function brokenAlarm(broken: Break | null, end: Head, durable: number): Finding {
  const place = { seq: end.size, month: broken?.month ?? end.month, offset: broken?.offset ?? end.offset };
  if (broken === null || broken.kind === 'torn' || broken.kind === 'missing') {
    return findingOf('tail-cut', `the log ends before entry ${end.size}, but ${durable} entries were durable`, place);
  }
  const what = {
    'not-an-entry': 'the line is not an entry',
    'wrong-number': 'the line has another number',
    'wrong-prev': 'the line does not continue the chain',
  }[broken.kind];
  const kind = broken.kind === 'not-an-entry' ? 'line-garbled' : 'chain-broken';
  return findingOf(kind, `${what} where entry ${end.size} should be, below the ${durable} that were durable`, place);
}

function checkpointAlarm(
  parsed: ReturnType<typeof parseCheckpoint>,
  info: LogInfo | undefined | 'damaged',
  keys: KeyRing,
  end: Head,
): Finding | null {
  if (parsed === undefined || typeof info !== 'object') return null;
  const { checkpoint, note } = parsed;
  const { size, origin } = checkpoint;
  if (origin !== info.origin)
    return findingOf('checkpoint-foreign', 'the newest checkpoint is another log’s', { seq: size });
  if (size > end.size) {
    return findingOf('tail-cut', `the log ends before entry ${end.size}, but a checkpoint of ${size} was signed`, {
      seq: end.size,
    });
  }
  const key = keys.keyFor(size)?.key;
  const signers = signersOf(note, origin, key ? [key] : []);
  if (signers?.length === 1) return null;
  return findingOf('checkpoint-forged', `the checkpoint of ${size} entries is not signed by the log’s key`, {
    seq: size,
  });
}

async function rootAlarm(checkpoint: Checkpoint | undefined, tree: TileTree): Promise<Finding | null> {
  if (checkpoint === undefined || checkpoint.size > tree.size || (await fits(tree, checkpoint))) return null;
  const message = `the entries do not lead to the root that was signed for ${checkpoint.size} entries`;
  return findingOf('history-rewritten', message, { seq: 0 });
}

async function anchorAlarm(
  anchor: { origin: string; size: number; root: string } | undefined,
  info: LogInfo | undefined | 'damaged',
  tree: TileTree,
): Promise<Finding | null> {
  if (anchor === undefined || info === 'damaged') return null;
  if (info === undefined || info.origin !== anchor.origin) {
    return findingOf('log-replaced', `this is not the log that was here: another one of ${anchor.size} entries was`);
  }
  if (anchor.size > tree.size) {
    const message = `the log has ${tree.size} entries but had ${anchor.size}: the folder was rolled back or its tail cut`;
    return findingOf('rolled-back', message, { seq: tree.size });
  }
  const root = await tree.root(anchor.size).catch(() => undefined);
  if (root && toHex(root) === anchor.root) return null;
  return findingOf('fork', `the first ${anchor.size} entries are not those that were here before`, { seq: 0 });
}

import type { Cancellation } from '../../../shared/cancellation.ts';
import { Refusal } from '../../../shared/result.ts';
import { readFileIfThere } from '../../disk/index.ts';
import type { Anchor } from '../anchor.ts';
import { checkpointPath, checkpointsPath, parseKeptCheckpoint } from '../checkpoint-file.ts';
import { findingOf } from '../finding.ts';
import { toHex } from '../hashing.ts';
import { type Head, readHead } from '../head.ts';
import { KeyRing } from '../key-ring.ts';
import { type Rest, visitLines } from '../line-reader.ts';
import { type LogInfo, readLogInfo } from '../log-info.ts';
import { listSegments, type Segment } from '../segment.ts';
import {
  checkOrder,
  checkSignature,
  checkVouching,
  type FoundCheckpoint,
  findCheckpoint,
  fitsRoot,
} from './checkpoint-check.ts';
import { EntryWalk } from './entry-walk.ts';
import { createFinder } from './finder.ts';
import { limitsOfKnowledge } from './knowledge.ts';
import { Findings, type VerificationProgress, type VerificationReport } from './report.ts';
import { StoredTiles } from './stored-tiles.ts';
import { TreeCheck } from './tree-check.ts';

export type VerificationOptions = {
  /** the last head known from outside the folder: finds a folder that was rolled back */
  readonly anchor?: Anchor | undefined;
  /** hex id of the key that the log is expected to have begun with, as its owner tells it */
  readonly expectedKeyId?: string | undefined;
  readonly onProgress?: (progress: VerificationProgress) => void;
  readonly signal?: Cancellation | undefined;
};

/** Everything of a log that is not entries or tiles. */
type Evidence = {
  readonly info: LogInfo | undefined;
  readonly head: Head | undefined;
  readonly kept: readonly FoundCheckpoint[];
  readonly newest: FoundCheckpoint | undefined;
};

/**
 * Verifies a whole log, also a copy of one on another machine: chain, tree, tiles, checkpoints, keys and their ranges,
 * months, head. Reads only. Heavy: run it by `verifyInWorker` where anything else must go on.
 * @throws Refusal `call.cancelled`
 * @throws the system's error when a file cannot be read
 */
export async function verifyFolder(folder: string, options: VerificationOptions = {}): Promise<VerificationReport> {
  const startedAt = performance.now();
  const findings = new Findings();
  const evidence = await readEvidence(folder, findings);
  const { info, head, kept, newest } = evidence;
  const segments = orderSegments(await listSegments(folder), findings);
  const tiles = new StoredTiles(folder);
  const sizes = [...kept, ...(newest ? [newest] : [])].map(({ checkpoint }) => checkpoint.size);
  const tree = new TreeCheck(tiles, [...sizes, options.anchor?.size ?? 0]);
  const keys = keysOf(info, options.expectedKeyId, findings);
  const base = segments[0]?.firstSeq ?? 0;
  const isRooted = replayPruned(base, tiles, tree, findings);
  const before = base > 0 ? tiles.leaf(base - 1) : undefined;
  const find = createFinder(segments);
  const walk = new EntryWalk({ seq: base, leaf: before && Buffer.from(before) }, { findings, tiles, tree, keys, find });
  await walkSegments(segments, walk, head, findings, options);
  walk.finish(head?.size === walk.expected ? head.leaf : undefined);
  const size = walk.expected;
  if (base > walk.prunedTo) addMissingBeginning(base, walk.prunedTo, findings);
  const isTreeWhole = walk.isTreeWhole && isRooted;
  // While a writer goes on, tiles may be newer than the entries that were read.
  const hasGrown = bytesOf(await listSegments(folder)) > bytesOf(segments);
  checkEnd(size, walk.lastLeaf, evidence, options.anchor, findings, hasGrown ? undefined : tiles);
  const signed = checkCheckpoints(evidence, keys, tree, isTreeWhole, size, findings);
  if (isTreeWhole) checkAnchor(options.anchor, info, tree, size, findings);
  const signedSize = Math.max(0, ...signed.map(({ checkpoint }) => checkpoint.size));
  tree.finish(findings, isTreeWhole && findings.verdict() !== 'changed', signedSize);
  return {
    verdict: findings.verdict(),
    origin: info?.origin ?? null,
    entries: walk.entries,
    firstSeq: base,
    size,
    root: isTreeWhole ? toHex(tree.root()) : null,
    keys: keys.keys.map(({ key, fromSize, toSize }) => ({
      keyId: key.keyId,
      fromSize,
      toSize: toSize === Number.MAX_SAFE_INTEGER ? null : toSize,
    })),
    checkpoints: signed.length,
    signedSize,
    findings: findings.list(),
    cannotKnow: limitsOfKnowledge({ base, size, signedSize, options, keyIds: keys.keys.map(({ key }) => key.keyId) }),
    durationMs: performance.now() - startedAt,
  };
}

async function readEvidence(folder: string, findings: Findings): Promise<Evidence> {
  const info = await readLogInfo(folder);
  if (typeof info !== 'object') {
    const what = info === undefined ? 'is missing' : 'cannot be read';
    findings.add(findingOf('log-info-damaged', `log.json ${what}: it names the log and its first key`));
  }
  const head = await readHead(folder);
  if (head === 'damaged')
    findings.add(findingOf('head-wrong', 'the head cannot be read: it tells how far the log was durable'));
  const kept: FoundCheckpoint[] = [];
  const lines = (await readFileIfThere(checkpointsPath(folder)))?.toString('utf8').split('\n') ?? [];
  for (const [i, line] of lines.entries()) {
    if (line === '') continue;
    const found = findCheckpoint(parseKeptCheckpoint(line)?.note, `line ${i + 1} of checkpoints.ndjson`, findings);
    if (found) kept.push(found);
  }
  const text = (await readFileIfThere(checkpointPath(folder)))?.toString('utf8');
  const newest = text === undefined ? undefined : findCheckpoint(text, 'the newest checkpoint', findings);
  return {
    info: typeof info === 'object' ? info : undefined,
    head: typeof head === 'object' ? head : undefined,
    kept,
    newest,
  };
}

function keysOf(info: LogInfo | undefined, expectedKeyId: string | undefined, findings: Findings): KeyRing {
  try {
    const keys = new KeyRing(info?.key ? Buffer.from(info.key, 'base64') : undefined);
    const first = keys.current?.key.keyId;
    if (expectedKeyId !== undefined && first !== undefined && first !== expectedKeyId) {
      findings.add(
        findingOf(
          'log-replaced',
          'the log’s first key is not the expected one: this is another log, or log.json was changed',
        ),
      );
    }
    return keys;
  } catch {
    findings.add(findingOf('log-info-damaged', 'the key in log.json cannot be read'));
    return new KeyRing();
  }
}

/** Months in the order of their entries, which should be the order of their names. */
function orderSegments(segments: readonly Segment[], findings: Findings): Segment[] {
  const ordered = [...segments].sort((a, b) => (a.firstSeq ?? 0) - (b.firstSeq ?? 0));
  if (segments.some(({ firstSeq }) => firstSeq === null)) return [...segments];
  const moved = segments.findIndex((segment, i) => segment !== ordered[i]);
  const [is, should] = [segments[moved], ordered[moved]];
  if (is && should) {
    const message = `${is.month} begins with entry ${is.firstSeq}, which comes after those of ${should.month}: months were swapped`;
    findings.add(findingOf('month-swapped', message, { seq: should.firstSeq, month: is.month, line: 1, offset: 0 }));
  }
  return ordered;
}

function bytesOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Puts the hashes of pruned entries into the tree. @returns whether the tiles have all of them */
function replayPruned(base: number, tiles: StoredTiles, tree: TreeCheck, findings: Findings): boolean {
  for (let seq = 0; seq < base; seq++) {
    const leaf = tiles.leaf(seq);
    if (leaf === undefined) {
      const message = `the hash of entry ${seq}, which is not in the log any more, is missing from the tiles: the tree cannot be checked`;
      findings.add(findingOf('tile-missing', message, { seq }));
      return false;
    }
    tree.append(Buffer.from(leaf));
  }
  return true;
}

async function walkSegments(
  segments: readonly Segment[],
  walk: EntryWalk,
  head: Head | undefined,
  findings: Findings,
  { onProgress, signal }: VerificationOptions,
): Promise<void> {
  const totalBytes = bytesOf(segments);
  let bytes = 0;
  for (const segment of segments) {
    walk.beginMonth(segment);
    const rest = await visitLines(segment.path, 0, segment.sizeBytes, (batch) => {
      if (signal?.aborted) throw new Refusal('call.cancelled', 'the verification was cancelled');
      for (const line of batch.lines) walk.visit(batch.bytes, line);
      onProgress?.({ bytes: bytes + batch.lines.at(-1)!.offset, totalBytes, seq: walk.expected });
      return true;
    });
    if (rest !== null && rest.lengthBytes !== 0) addTorn(rest, segment, walk.expected, head, findings);
    bytes += segment.sizeBytes;
  }
  onProgress?.({ bytes: totalBytes, totalBytes, seq: walk.expected });
}

function addTorn(rest: Rest, segment: Segment, seq: number, head: Head | undefined, findings: Findings): void {
  const place = { seq, month: segment.month, offset: rest.offset };
  const what = `${rest.lengthBytes} bytes after the last whole line of ${segment.month} are no entry`;
  const isBelow = head !== undefined && seq < head.size;
  const message = isBelow
    ? `${what}, where entry ${seq} was durable`
    : `${what}: a write was torn, opening the log repairs it`;
  findings.add(findingOf(isBelow ? 'line-garbled' : 'tail-torn', message, place));
}

function addMissingBeginning(base: number, prunedTo: number, findings: Findings): void {
  const message = `entries ${prunedTo} to ${base - 1} are missing from the beginning, and no entry says that they were pruned`;
  findings.add(findingOf('month-missing', message, { seq: prunedTo }));
}

/** Everything that knows of more entries than there are. */
function checkEnd(
  size: number,
  lastLeaf: string,
  { info, head, kept, newest }: Evidence,
  anchor: Anchor | undefined,
  findings: Findings,
  tiles: StoredTiles | undefined,
): void {
  const signedSize = Math.max(0, ...[...kept, ...(newest ? [newest] : [])].map(({ checkpoint }) => checkpoint.size));
  const witness =
    head && head.size > size
      ? `${head.size} were durable`
      : signedSize > size
        ? `a checkpoint of ${signedSize} was signed`
        : tiles?.leaf(size)
          ? 'the tree has more'
          : undefined;
  if (witness) {
    const message = `the log ends before entry ${size}, but ${witness}: its tail was cut`;
    findings.add(findingOf('tail-cut', message, { seq: size }));
  } else if (anchor && anchor.origin === info?.origin && anchor.size > size) {
    const message = `the log has ${size} entries but had ${anchor.size}, and all of it agrees on that: the folder was rolled back to an older copy`;
    findings.add(findingOf('rolled-back', message, { seq: size }));
  }
  if (head && head.size === size && head.leaf !== lastLeaf && !findings.has('entry-edited')) {
    const message = `entry ${size - 1} is not the one that was durable last: it was changed, or the head was`;
    findings.add(findingOf('entry-edited', message, { seq: size - 1 }));
  }
}

/** @returns the checkpoints that fit */
function checkCheckpoints(
  { info, kept, newest }: Evidence,
  keys: KeyRing,
  tree: TreeCheck,
  isTreeWhole: boolean,
  size: number,
  findings: Findings,
): FoundCheckpoint[] {
  checkOrder(kept, newest, findings);
  const all = newest ? [...kept, newest] : kept;
  const signed = all.filter((found) => checkSignature(found, info?.origin ?? null, keys, findings));
  checkVouching(keys, signed, findings);
  const fitting: FoundCheckpoint[] = [];
  for (const found of signed) {
    if (found.checkpoint.size > size || !isTreeWhole) continue;
    if (fitsRoot(found, tree.rootAt(found.checkpoint.size))) fitting.push(found);
    else addRewritten(found, fitting, tree, findings);
  }
  return newest && fitting.includes(newest) && kept.length > 0 ? fitting.filter((found) => found !== newest) : fitting;
}

/** The chain is whole but not what was signed: someone wrote it anew from some entry on. */
function addRewritten(
  found: FoundCheckpoint,
  fitting: readonly FoundCheckpoint[],
  tree: TreeCheck,
  findings: Findings,
): void {
  if (findings.has('history-rewritten')) return;
  const good = Math.max(0, ...fitting.map(({ checkpoint }) => checkpoint.size));
  const { size } = found.checkpoint;
  const exact = tree.firstDifferentLeaf;
  const isExact = exact !== undefined && exact >= good && exact < size;
  const message = isExact
    ? `entry ${exact} is not the one that was signed, and the chain was written anew from there: the tiles still hold the hash of the original`
    : `entries ${good} to ${size - 1} do not lead to the root that was signed for ${size}: at least one of them was changed and the chain written anew`;
  findings.add(findingOf('history-rewritten', message, { seq: isExact ? exact : good }));
}

function checkAnchor(
  anchor: Anchor | undefined,
  info: LogInfo | undefined,
  tree: TreeCheck,
  size: number,
  findings: Findings,
): void {
  if (!anchor || !info) return;
  if (anchor.origin !== info.origin) {
    findings.add(findingOf('log-replaced', 'this is not the log that was here: the head kept outside names another'));
    return;
  }
  if (anchor.size > size) return;
  const root = tree.rootAt(anchor.size);
  if (root && toHex(root) === anchor.root) return;
  const message = `the first ${anchor.size} entries are not those that the head kept outside stands for: the log was forked`;
  findings.add(findingOf('fork', message, { seq: 0 }));
}

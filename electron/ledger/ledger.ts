import type { Actor, EntryDraft, LedgerEntry } from '../../shared/model/entry.ts';
import { Refusal } from '../../shared/result.ts';
import type { Disk } from '../disk/index.ts';
import type { AnchorStore } from './anchor.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { Checkpointer, type LogSigner, type MadeCheckpoint } from './checkpointer.ts';
import { type ExportSelection, exportEntries } from './export.ts';
import type { Finding } from './finding.ts';
import { leafHash, toHex } from './hashing.ts';
import type { Head } from './head.ts';
import { dropIndex, INDEX_ROWS, writeIndexChunk } from './index-file.ts';
import { isKeyOp, KEY_OPS, keyDraft } from './key-ring.ts';
import type { Loaded } from './load.ts';
import type { Lock } from './lock.ts';
import { readLogKey } from './log-key.ts';
import { type EntryProof, proveEntry } from './prove.ts';
import { planPruning, secureHashes } from './prune.ts';
import { type Histogram, type Page, type Position, Queries, type QueryOptions } from './queries.ts';
import { type CheckedProof, checkHeldProofs, type HeldProof } from './receipt-check.ts';
import { parseRecord } from './record.ts';
import { scanEntries } from './scan.ts';
import { Verification } from './verification.ts';
import type { VerificationProgress, VerificationReport } from './verify/report.ts';
import { verifyInWorker } from './verify/verify-in-worker.ts';
import { type Committed, Writer } from './writer.ts';

export type LedgerStatus = {
  readonly state: 'open' | 'read-only' | 'failed';
  /** entries, pruned ones too */
  readonly entries: number;
  /** number of the first entry that was not pruned */
  readonly firstSeq: number;
  /** hex leaf hash of the newest entry */
  readonly head: string;
  readonly message: string | null;
  /** what is wrong with the log, when that is why it is read-only */
  readonly alarm: Finding | null;
  /** the log's name in checkpoints */
  readonly origin: string | null;
  /** hex SHA-256 of the SPKI of the key that signs checkpoints now */
  readonly keyId: string | null;
  readonly checkpoint: MadeCheckpoint | null;
};

/** What to export: a filter's matches, or a selection by number. */
export type ExportRequest =
  | { readonly kind: 'all' }
  | { readonly kind: 'range'; readonly fromSeq: number; readonly toSeq: number }
  | { readonly kind: 'matches'; readonly filter: string };

export type Appended = { readonly seq: number; readonly leafHash: string };
export type FoundEntry = { readonly entry: LedgerEntry; readonly line: string; readonly leafHash: string };

type LedgerParts = {
  readonly dir: string;
  readonly disk: Disk;
  readonly clock: () => number;
  readonly lock: Lock | undefined;
  readonly anchor: AnchorStore | undefined;
  readonly verifierScript: URL | undefined;
  readonly loaded: Loaded;
};

/** An open log. Made by `openLedger` only. */
export class Ledger {
  readonly #parts: LedgerParts;
  readonly #queries: Queries;
  readonly #listeners = new Set<(entries: readonly Committed[]) => void>();
  readonly #checkpointer: Checkpointer | undefined;
  /** verifies the log as it lies on the disk, in a thread of its own */
  readonly verification: Verification;
  #signer: LogSigner | undefined;
  #head: Head;
  #indexedSize: number;
  #indexing: Promise<void> = Promise.resolve();
  #writer: Writer | undefined;
  #state: LedgerStatus['state'] = 'open';
  #message: string | null = null;
  #alarm: Finding | null = null;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    const { loaded, clock, disk, dir, anchor } = parts;
    this.#head = loaded.end;
    this.#indexedSize = loaded.end.size;
    this.#queries = new Queries(loaded.columns, loaded.lines, clock);
    this.#queries.prepare();
    this.verification = new Verification((onProgress, signal) => this.#verify(onProgress, signal), clock);
    if (!loaded.info) return;
    this.#checkpointer = new Checkpointer({
      origin: loaded.info.origin,
      tree: loaded.tree,
      file: new CheckpointFile(disk, dir),
      anchor,
      clock,
      keyIdFor: (size) => loaded.keys.keyFor(size)?.key.keyId,
      last: loaded.last,
      onFailure: (error, isDisk) => this.#checkpointFailed(error, isDisk),
    });
  }

  startWriting(): void {
    this.#writer = new Writer({
      disk: this.#parts.disk,
      folder: this.#parts.dir,
      clock: this.#parts.clock,
      head: this.#head,
      onCommit: (batch, head) => this.#committed(batch, head),
      onFailure: () => this.#failed(),
    });
  }

  setReadOnly(message: string, alarm: Finding | null): void {
    this.#state = 'read-only';
    this.#message = message;
    this.#alarm = alarm;
  }

  /**
   * Adds an entry; resolves when it is durable.
   * @throws Refusal `ledger.unavailable` when the log is read-only or a write failed: the operation must then not happen
   * @throws RangeError when the draft is not an entry or longer than 64 KiB
   */
  async append(draft: EntryDraft): Promise<Appended> {
    if (!this.#writer) throw new Refusal('ledger.unavailable', this.#message ?? 'the log is closed');
    const { seq, leaf } = await this.#writer.append(draft);
    return { seq, leafHash: toHex(leaf) };
  }

  /** One entry with its exact line. @throws Refusal `ledger.not-found` */
  async get(seq: number): Promise<FoundEntry> {
    await this.#refresh();
    const { columns, lines } = this.#parts.loaded;
    const row = seq - columns.base;
    if (row < 0 || row >= columns.length) throw new Refusal('ledger.not-found', `no entry ${seq} in this log`);
    for await (const span of lines.read([row])) {
      const line = span[0]!.line;
      const entry = parseRecord(line.toString('utf8'));
      if (entry) return { entry, line: line.toString('utf8'), leafHash: toHex(leafHash(line)) };
    }
    throw new Refusal('ledger.not-found', `entry ${seq} can no longer be read from its file`);
  }

  /** Rows `from` to `from + length` of the entries that match, oldest first. @throws Refusal `ledger.bad-filter` */
  async page(filter: string, from: number, length: number, options?: QueryOptions): Promise<Page> {
    await this.#refresh();
    return this.#queries.page(filter, from, length, options);
  }

  /** Matches per outcome class in equal spans of time; null spans from the first or to the last entry. */
  async histogram(
    filter: string,
    span: { fromTs: number | null; toTs: number | null; bins: number },
    options?: QueryOptions,
  ): Promise<Histogram> {
    await this.#refresh();
    return this.#queries.histogram(filter, span, options);
  }

  /** The position among the matches of the first entry at or after a number or a time. */
  async locate(
    filter: string,
    at: { seq?: number | undefined; ts?: number | undefined },
    options?: QueryOptions,
  ): Promise<Position> {
    await this.#refresh();
    return this.#queries.locate(filter, at, options);
  }

  /** Ends the background search for a filter's text. */
  stopSearch(filter: string): void {
    this.#queries.stop(filter);
  }

  /** Values that occur in the log, for completing filters. */
  vocabulary(): ReturnType<Queries['vocabulary']> {
    return this.#queries.vocabulary();
  }

  status(): LedgerStatus {
    const { info, keys, columns } = this.#parts.loaded;
    return {
      state: this.#state,
      entries: this.#head.size,
      firstSeq: columns.base,
      head: this.#head.leaf,
      message: this.#message,
      alarm: this.#alarm,
      origin: info?.origin ?? null,
      keyId: keys.current?.key.keyId ?? null,
      checkpoint: this.#checkpointer?.last ?? null,
    };
  }

  /** Hears of every durable batch. @returns the unsubscribe */
  onAppend(listener: (entries: readonly Committed[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Who signs checkpoints from now on, or nobody while keys are locked. The first key of a log that has none is made known by
   * an entry, and so is a key that replaces a lost one; to change keys in order, use `rotateKey`.
   */
  async setSigner(signer: LogSigner | undefined): Promise<void> {
    if (!this.#writer) return;
    const { keys } = this.#parts.loaded;
    if (signer) {
      const key = readLogKey(signer.publicKeySpki);
      const current = keys.current?.key;
      if (current === undefined) await this.append(keyDraft(KEY_OPS.added, key, undefined));
      else if (current.keyId !== key.keyId) await this.append(keyDraft(KEY_OPS.replaced, key, current));
    }
    this.#signer = signer;
    this.#checkpointer?.setSigners(signer ? [signer] : []);
  }

  /**
   * Hands the log over to a new key: an entry names it, and a checkpoint signed by both keys begins its range.
   * @throws Refusal `vault.locked` when there is no signer now
   */
  async rotateKey(next: LogSigner): Promise<MadeCheckpoint> {
    const old = this.#signer;
    if (!old || !this.#checkpointer)
      throw new Refusal('vault.locked', 'the present log key must be unlocked to rotate it');
    // The old key's range ends with a checkpoint of its own.
    await this.checkpoint();
    await this.append(keyDraft(KEY_OPS.rotated, readLogKey(next.publicKeySpki), readLogKey(old.publicKeySpki)));
    this.#signer = next;
    this.#checkpointer.setSigners([old, next]);
    try {
      return await this.checkpoint();
    } finally {
      this.#checkpointer.setSigners([next]);
    }
  }

  /** Signs the log as it is now. @throws Refusal `vault.locked`, `ledger.unavailable` */
  async checkpoint(): Promise<MadeCheckpoint> {
    if (!this.#writer || !this.#checkpointer) {
      throw new Refusal('ledger.unavailable', this.#message ?? 'the log is closed');
    }
    await this.#writer.settle();
    return this.#checkpointer.make();
  }

  /**
   * Proves that an entry is in the log, under the newest checkpoint that covers it; one is made when there is none.
   * @throws Refusal `ledger.not-found`, `vault.locked`, `ledger.damaged` when the tiles do not lead to the checkpoint
   */
  async prove(seq: number): Promise<EntryProof> {
    const found = await this.get(seq);
    const newest = this.#checkpointer?.last;
    const checkpoint = newest && newest.size > seq ? newest : await this.checkpoint();
    return proveEntry(this.#parts.loaded.tree, checkpoint, found);
  }

  /**
   * Exports entries as JSON lines with a checkpoint and proofs, chunk by chunk (see `exportEntries`). The export itself is an
   * entry, durable before the first chunk. While keys are locked the last checkpoint bounds what can be exported.
   * @throws Refusal `ledger.bad-filter`, `vault.locked` when nothing was ever signed
   */
  async *export(selection: ExportRequest, actor: Actor): AsyncGenerator<string> {
    const { columns, lines, tree, keys } = this.#parts.loaded;
    const chosen: ExportSelection =
      selection.kind === 'matches' ? { kind: 'chosen', seqs: await this.#queries.select(selection.filter) } : selection;
    if (this.#writer) await this.append({ op: 'ledger.exported', actor, data: { ...selection } });
    const checkpoint = await this.#signedHead();
    const { origin } = this.status();
    if (origin === null) throw new Refusal('ledger.damaged', 'the log has no name: log.json is missing');
    yield* exportEntries({ origin, columns, lines, tree, keys, checkpoint }, chosen);
  }

  /** Holds proofs that were handed out against this log: finds entries that went missing, and forks. */
  async checkProofs(proofs: readonly HeldProof[]): Promise<CheckedProof[]> {
    await this.#refresh();
    const { tree, keys, info } = this.#parts.loaded;
    return checkHeldProofs(proofs, { origin: info?.origin ?? '', tree, keys });
  }

  /**
   * Removes months older than the retention. Their hashes stay, so proofs and receipts stay valid; that they were pruned is an
   * entry, durable before the first file goes.
   * @returns how many entries went
   * @throws RangeError for fewer than 12 months @throws Refusal `ledger.unavailable`, `ledger.damaged`, `vault.locked`
   */
  async prune(retentionMonths: number, actor: Actor): Promise<number> {
    const { dir, disk, clock, loaded } = this.#parts;
    const { columns, lines, tree } = loaded;
    const plan = await planPruning(dir, columns, retentionMonths, clock());
    if (!plan) return 0;
    await this.checkpoint();
    const data = await secureHashes(plan, columns, lines, tree);
    await this.append({ op: 'ledger.pruned', actor, data });
    await this.checkpoint();
    columns.dropBefore(plan.toSeq + 1);
    this.#queries.close();
    await lines.close();
    for (const { path } of plan.months) await disk.remove(path);
    await dropIndex(disk, dir, plan.toSeq + 1);
    return plan.toSeq - plan.fromSeq + 1;
  }

  /** Writes what waits, signs a last checkpoint if it can, lets go of the lock and the files. */
  async close(): Promise<void> {
    if (this.#writer && this.#state === 'open' && this.#head.size > 0) await this.checkpoint().catch(() => {});
    await this.#writer?.close();
    const isWriter = this.#writer !== undefined;
    this.#writer = undefined;
    this.#message ??= 'the log is closed';
    this.verification.cancel();
    this.#queries.close();
    await this.#checkpointer?.close();
    if (isWriter && this.#indexedSize < this.#head.size) this.#writeIndex(this.#head);
    await this.#indexing;
    await this.#parts.loaded.lines.close();
    await this.#parts.lock?.release();
  }

  async #signedHead(): Promise<MadeCheckpoint> {
    try {
      return await this.checkpoint();
    } catch (error) {
      const last = this.#checkpointer?.last;
      if (last) return last;
      throw error;
    }
  }

  async #verify(
    onProgress: (progress: VerificationProgress) => void,
    signal: AbortSignal,
  ): Promise<VerificationReport> {
    const { dir, anchor, verifierScript } = this.#parts;
    // What waits would otherwise look like a torn tail.
    await this.#writer?.settle();
    return verifyInWorker(dir, { anchor: await anchor?.read(), onProgress, signal }, verifierScript);
  }

  #committed(batch: readonly Committed[], head: Head): void {
    const { columns, tree, keys } = this.#parts.loaded;
    for (const { entry, seq, month, offset, framed, leaf } of batch) {
      columns.push(entry, { month, offset, lengthBytes: framed.length - 2 });
      tree.append(leaf);
      if (isKeyOp(entry.op)) keys.observe(entry);
      if ((seq + 1) % INDEX_ROWS === 0) {
        this.#writeIndex({ size: seq + 1, month, offset: offset + framed.length - 1, leaf: toHex(leaf) });
      }
    }
    this.#head = head;
    this.#checkpointer?.noteAppended();
    for (const listener of this.#listeners) listener(batch);
  }

  /** The index is a cache: failing to write it costs time at the next opening, nothing else. */
  #writeIndex(end: Head): void {
    this.#indexedSize = end.size;
    const written = writeIndexChunk(this.#parts.disk, this.#parts.dir, this.#parts.loaded.columns, end);
    this.#indexing = Promise.allSettled([this.#indexing, written]).then(() => {});
  }

  #failed(): void {
    this.#state = 'failed';
    this.#message = 'the last write failed; the log takes no entries until it is opened again';
  }

  #checkpointFailed(error: unknown, isDisk: boolean): void {
    if (isDisk) {
      this.#failed();
      this.#writer?.stop(error);
    } else {
      this.#message = 'the last checkpoint could not be signed';
    }
  }

  /** A reader follows the writer. */
  async #refresh(): Promise<void> {
    if (this.#state !== 'read-only' || this.#alarm !== null) return;
    const { columns, tree } = this.#parts.loaded;
    const { end } = await scanEntries(this.#parts.dir, this.#head, (entries) => {
      for (const { entry, month, offset, lengthBytes, leaf } of entries) {
        // Two questions at once may scan the same new entries.
        if (entry.seq !== columns.base + columns.length) continue;
        columns.push(entry, { month, offset, lengthBytes });
        tree.append(leaf);
      }
    });
    if (end.size > this.#head.size) this.#head = end;
  }
}

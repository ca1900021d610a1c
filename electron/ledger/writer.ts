import type { EntryDraft, LedgerEntry } from '../../shared/model/entry.ts';
import { Refusal } from '../../shared/result.ts';
import type { AppendFile, Disk } from '../disk/index.ts';
import { toHex } from './hashing.ts';
import { type Head, openHead } from './head.ts';
import { encodeRecord } from './record.ts';
import { monthOf, segmentPath } from './segment.ts';

/** An entry that is on the disk to stay. */
export type Committed = {
  readonly entry: LedgerEntry;
  readonly seq: number;
  readonly ts: number;
  readonly month: string;
  /** byte offset of the line in its month */
  readonly offset: number;
  /** `0x00 || line || LF` */
  readonly framed: Buffer;
  readonly leaf: Buffer;
};

type Waiting = Omit<Committed, 'offset'> & { resolve(entry: Committed): void; reject(error: unknown): void };

/** A batch is written when it has this many records or bytes; sooner when the disk is idle. */
const BATCH_RECORDS = 256;
const BATCH_BYTES = 65_536;

export type WriterOptions = {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: () => number;
  readonly head: Head;
  /** Called with each durable batch before its callers learn of it. */
  readonly onCommit: (batch: readonly Committed[], head: Head) => void;
  /** Called once, when a write or a sync failed. */
  readonly onFailure: (error: unknown) => void;
};

/**
 * The one writer of a log. Appends that arrive while a batch is being synced make up the next one: one write and one
 * `fdatasync` for many entries, and no waiting when the disk is idle.
 *
 * After a failed write or sync nothing is known about the bytes on the disk (the kernel may have dropped them), so the
 * writer stops for good; the log must be opened again, which looks at what is really there.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #headFile: ReturnType<typeof openHead>;
  #head: Head;
  #nextSeq: number;
  #lastLeaf: string;
  #lastMonth: string;
  #file: AppendFile | undefined;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #failure: Refusal | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#head = options.head;
    this.#nextSeq = options.head.size;
    this.#lastLeaf = options.head.leaf;
    this.#lastMonth = options.head.month;
    this.#headFile = openHead(options.disk, options.folder);
    this.#headFile.write(options.head);
  }

  /** The last durable commit. */
  get head(): Head {
    return this.#head;
  }

  /** Resolves when the entry is durable. @throws Refusal `ledger.unavailable` @throws RangeError for a bad draft */
  append(draft: EntryDraft): Promise<Committed> {
    if (this.#failure) return Promise.reject(this.#failure);
    const seq = this.#nextSeq;
    const ts = Math.max(0, this.#options.clock());
    const { entry, framed, leaf } = encodeRecord(draft, seq, ts, this.#lastLeaf);
    this.#nextSeq++;
    this.#lastLeaf = toHex(leaf);
    // A clock that goes back must not reopen a month: the order of files is the order of entries.
    this.#lastMonth = laterMonth(this.#lastMonth, monthOf(ts));
    const month = this.#lastMonth;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, seq, ts, month, framed, leaf, resolve, reject });
      this.#draining ??= new Promise((done) => setImmediate(() => done(this.#drain())));
    });
  }

  /** Waits for everything appended so far. */
  async settle(): Promise<void> {
    await this.#draining;
  }

  /** Stops for good after something else of the log could not be written. */
  stop(error: unknown): void {
    if (!this.#failure) this.#fail(error, []);
  }

  /** Stops taking entries, writes what waits, and lets go of the files. */
  async close(): Promise<void> {
    await this.settle();
    this.#failure ??= new Refusal('ledger.unavailable', 'the log is closed');
    await this.#file?.close();
    this.#file = undefined;
    this.#headFile.close();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      const batch = this.#takeBatch();
      try {
        const committed = await this.#commit(batch);
        for (const [i, entry] of committed.entries()) batch[i]?.resolve(entry);
      } catch (error) {
        this.#fail(error, batch);
      }
    }
    this.#draining = undefined;
  }

  #takeBatch(): Waiting[] {
    const month = this.#waiting[0]?.month;
    let length = 0;
    for (let bytes = 0; length < this.#waiting.length && length < BATCH_RECORDS; length++) {
      const next = this.#waiting[length]!;
      bytes += next.framed.length - 1;
      if (next.month !== month || (length > 0 && bytes > BATCH_BYTES)) break;
    }
    return this.#waiting.splice(0, length);
  }

  async #commit(batch: readonly Waiting[]): Promise<Committed[]> {
    const last = batch.at(-1)!;
    const file = await this.#fileOf(last.month);
    let offset = file.sizeBytes;
    const committed = batch.map(({ entry, seq, ts, month, framed, leaf }) => {
      const placed = { entry, seq, ts, month, framed, leaf, offset };
      offset += framed.length - 1;
      return placed;
    });
    await file.write(Buffer.concat(batch.map((entry) => entry.framed.subarray(1))));
    await file.datasync();
    this.#head = { size: last.seq + 1, month: last.month, offset, leaf: toHex(last.leaf) };
    this.#headFile.write(this.#head);
    this.#options.onCommit(committed, this.#head);
    return committed;
  }

  async #fileOf(month: string): Promise<AppendFile> {
    if (this.#file && month === this.#head.month) return this.#file;
    await this.#file?.close();
    this.#file = await this.#options.disk.openAppend(segmentPath(this.#options.folder, month));
    return this.#file;
  }

  #fail(error: unknown, batch: readonly Waiting[]): void {
    this.#failure = new Refusal('ledger.unavailable', 'the audit log could not be written; open it again to recover');
    this.#options.onFailure(error);
    for (const entry of [...batch, ...this.#waiting.splice(0)]) entry.reject(this.#failure);
  }
}

function laterMonth(a: string, b: string): string {
  return a.length > b.length || (a.length === b.length && a > b) ? a : b;
}

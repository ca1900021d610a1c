import { join } from 'node:path';
import type { AuditRow } from '../../shared/contract/audit.ts';
import type { EntryDraft, LedgerEntry } from '../../shared/model/entry.ts';
import { Refusal } from '../../shared/result.ts';
import { type Disk, nodeDisk } from '../disk/index.ts';
import { Columns } from './columns.ts';
import { leafHash, toHex, ZERO_HASH } from './hashing.ts';
import { type Head, readHead } from './head.ts';
import { LineStore } from './line-store.ts';
import { type Lock, takeLock } from './lock.ts';
import { createLogInfo, type LogInfo, readLogInfo } from './log-info.ts';
import { quarantineTail } from './quarantine.ts';
import { parseRecord } from './record.ts';
import { auditRowOf } from './row.ts';
import { type Break, scanEntries } from './scan.ts';
import { type Committed, Writer } from './writer.ts';

/** Signs checkpoints; the private key stays where it is. */
export type LogSigner = {
  /** DER SubjectPublicKeyInfo of a P-256 key */
  readonly publicKeySpki: Uint8Array;
  /** ECDSA over SHA-256 of `bytes`, as DER */
  sign(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array;
};

export type LedgerOptions = {
  /** the folder of the log; made when it is not there, unless `readOnly` */
  readonly dir: string;
  readonly disk?: Disk;
  readonly signer?: LogSigner;
  readonly clock?: () => number;
  /** look, never write, take no lock */
  readonly readOnly?: boolean;
};

/** A place where the log is not what it should be. */
export type Alarm = { readonly kind: string; readonly seq: number; readonly message: string };

export type LedgerStatus = {
  readonly state: 'open' | 'read-only' | 'failed';
  readonly entries: number;
  /** hex leaf hash of the newest entry */
  readonly head: string;
  readonly message: string | null;
  readonly alarm: Alarm | null;
};

export type Appended = { readonly seq: number; readonly leafHash: string };
export type FoundEntry = { readonly entry: LedgerEntry; readonly line: string; readonly leafHash: string };
export type Page = { readonly rows: AuditRow[]; readonly matched: number; readonly total: number };

const EMPTY_HEAD: Head = { size: 0, month: '', offset: 0, leaf: ZERO_HASH };

/**
 * Opens a log and recovers it (CRYPTO §5): whole good lines stay, a torn tail beyond the last durable commit goes to
 * `quarantine/` and the repair becomes an entry. A log that is damaged below that point, or that another process writes,
 * opens read-only and says so in `status()`.
 * @throws the system's error when the folder cannot be read
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const disk = options.disk ?? nodeDisk;
  const clock = options.clock ?? Date.now;
  const { dir } = options;
  if (options.readOnly) return readLedger(dir, disk, clock, 'the log was opened for reading only');
  for (const folder of ['', 'entries']) await disk.ensureDir(join(dir, folder));
  const lock = await takeLock(dir);
  if ('pid' in lock) {
    return readLedger(dir, disk, clock, `process ${lock.pid} on ${lock.host} is writing this log`);
  }
  try {
    return await recoverLedger(dir, disk, clock, lock, options.signer);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function readLedger(dir: string, disk: Disk, clock: () => number, message: string): Promise<Ledger> {
  const ledger = new Ledger(dir, disk, clock, new Columns(0));
  await ledger.load();
  ledger.setReadOnly(message, null);
  return ledger;
}

async function recoverLedger(
  dir: string,
  disk: Disk,
  clock: () => number,
  lock: Lock,
  signer: LogSigner | undefined,
): Promise<Ledger> {
  const ledger = new Ledger(dir, disk, clock, new Columns(0), lock);
  const { info, head, broken } = await ledger.load();
  const alarm = alarmOf(ledger.head, head, broken);
  if (alarm || info === 'damaged') {
    const reason = alarm ?? { kind: 'log-info', seq: 0, message: 'log.json is not readable' };
    ledger.setReadOnly(reason.message, reason);
    return ledger;
  }
  if (info === undefined) await createLogInfo(disk, dir, clock(), signer?.publicKeySpki);
  const repair = broken === null ? null : await quarantineTail(disk, dir, broken, clock());
  ledger.startWriting();
  if (repair) await ledger.append({ op: 'ledger.repaired', actor: 'system', data: repair });
  return ledger;
}

/** Damage below the last durable commit; a break beyond it is a torn tail. */
function alarmOf(end: Head, head: Head | undefined | 'damaged', broken: Break | null): Alarm | null {
  if (head === undefined || head === 'damaged' || end.size >= head.size) return null;
  const { seq } = broken ?? { seq: end.size };
  const what = broken === null ? 'the log ends' : `the chain of entries breaks (${broken.kind})`;
  return {
    kind: broken?.kind ?? 'tail-cut',
    seq,
    message: `${what} at entry ${seq}, but ${head.size} entries were durable`,
  };
}

/** An open log. Made by `openLedger` only. */
export class Ledger {
  readonly #dir: string;
  readonly #disk: Disk;
  readonly #clock: () => number;
  readonly #columns: Columns;
  readonly #lines: LineStore;
  readonly #lock: Lock | undefined;
  readonly #listeners = new Set<(entries: readonly Committed[]) => void>();
  #head: Head = EMPTY_HEAD;
  #writer: Writer | undefined;
  #state: LedgerStatus['state'] = 'open';
  #message: string | null = null;
  #alarm: Alarm | null = null;

  constructor(dir: string, disk: Disk, clock: () => number, columns: Columns, lock?: Lock) {
    this.#dir = dir;
    this.#disk = disk;
    this.#clock = clock;
    this.#columns = columns;
    this.#lines = new LineStore(dir, columns);
    this.#lock = lock;
  }

  /** The last durable entry. */
  get head(): Head {
    return this.#head;
  }

  async load(): Promise<{
    info: LogInfo | undefined | 'damaged';
    head: Head | undefined | 'damaged';
    broken: Break | null;
  }> {
    const info = await readLogInfo(this.#dir);
    const head = await readHead(this.#dir);
    const { broken } = await this.#extend();
    return { info, head, broken };
  }

  startWriting(): void {
    this.#writer = new Writer({
      disk: this.#disk,
      folder: this.#dir,
      clock: this.#clock,
      head: this.#head,
      onCommit: (batch) => this.#committed(batch),
      onFailure: () => {
        this.#state = 'failed';
        this.#message = 'the last write failed; the log takes no entries until it is opened again';
      },
    });
  }

  setReadOnly(message: string, alarm: Alarm | null): void {
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
    const row = seq - this.#columns.base;
    if (row < 0 || row >= this.#columns.length) throw new Refusal('ledger.not-found', `no entry ${seq} in this log`);
    for await (const span of this.#lines.read([row])) {
      const line = span[0]!.line;
      const entry = parseRecord(line.toString('utf8'));
      if (entry) return { entry, line: line.toString('utf8'), leafHash: toHex(leafHash(line)) };
    }
    throw new Refusal('ledger.not-found', `entry ${seq} can no longer be read from its file`);
  }

  /** Rows `from` to `from + length` of the entries that match, oldest first. @throws Refusal `ledger.bad-filter` */
  async page(filter: string, from: number, length: number): Promise<Page> {
    if (filter.trim() !== '') throw new Refusal('ledger.bad-filter', 'expected an empty filter');
    await this.#refresh();
    const total = this.#columns.length;
    const rows: AuditRow[] = [];
    const wanted = Array.from({ length: Math.max(0, Math.min(length, total - from)) }, (_, i) => from + i);
    for await (const span of this.#lines.read(wanted)) {
      for (const { line } of span) {
        const entry = parseRecord(line.toString('utf8'));
        if (entry) rows.push(auditRowOf(entry));
      }
    }
    return { rows, matched: total, total };
  }

  status(): LedgerStatus {
    const { size, leaf } = this.#head;
    return { state: this.#state, entries: size, head: leaf, message: this.#message, alarm: this.#alarm };
  }

  /** Hears of every durable batch. @returns the unsubscribe */
  onAppend(listener: (entries: readonly Committed[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what waits, lets go of the lock and the files. */
  async close(): Promise<void> {
    await this.#writer?.close();
    this.#writer = undefined;
    this.#message ??= 'the log is closed';
    await this.#lines.close();
    await this.#lock?.release();
  }

  #committed(batch: readonly Committed[]): void {
    for (const { month, offset, framed } of batch) {
      const entry = parseRecord(framed.toString('utf8', 1, framed.length - 1))!;
      this.#columns.push(entry, { month, offset, lengthBytes: framed.length - 2 });
    }
    this.#head = this.#writer!.head;
    for (const listener of this.#listeners) listener(batch);
  }

  /** A reader follows the writer. */
  async #refresh(): Promise<void> {
    if (this.#state === 'read-only' && this.#alarm === null) await this.#extend();
  }

  async #extend(): Promise<{ broken: Break | null }> {
    const { end, broken } = await scanEntries(this.#dir, this.#head, (entries) => {
      for (const { entry, month, offset, lengthBytes } of entries) {
        this.#columns.push(entry, { month, offset, lengthBytes });
      }
    });
    this.#head = end;
    return { broken };
  }
}

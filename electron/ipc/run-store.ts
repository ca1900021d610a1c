import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import type { OutputStream } from '../../shared/contract/runs.ts';
import { guestValue, type RunItem, type RunRecord, runOutcome, runRecord, runUsage } from '../../shared/model/run.ts';
import { count, type ModuleDigest, type RunId } from '../../shared/model/scalars.ts';
import { MiB } from '../../shared/units.ts';
import { ensureDir, readFileIfThere, writeFileAtomic } from '../disk/index.ts';

export type OutputRange = { bytes: Uint8Array; totalBytes: number; isComplete: boolean };

/** The history of runs: the newest ones in memory, all of it on disk, bounded. Live runs are in it from their start. */
export type RunStore = {
  /** Newest first. */
  list(filter: { module?: ModuleDigest; limit: number }): RunRecord[];
  get(runId: RunId): RunRecord | undefined;
  /** Adds a run, or replaces its record. */
  put(record: RunRecord): void;
  /** Keeps what an ended run came to; written to disk behind the caller's back. */
  finish(record: RunRecord, items: readonly RunItem[], sealed?: Uint8Array): void;
  /** The sealed output of an ended run; undefined when it was not sealed. */
  sealedOutput(runId: RunId): Promise<Uint8Array | undefined>;
  items(runId: RunId): Promise<RunItem[] | undefined>;
  /** A range of the first instance's output, after the run has ended. */
  output(runId: RunId, stream: OutputStream, offset: number, length: number): Promise<OutputRange | undefined>;
  /** Resolves when everything finished so far is on disk, or was reported as failed. */
  flush(): Promise<void>;
};

const KEPT_RUNS = 1000;
const MEMORY_BYTES = 64 * MiB;

/** Where a blob lies in the run's `.bin` file. */
const blob = z.strictObject({ at: count, length: count });
const storedItem = z.strictObject({
  outcome: runOutcome,
  results: z.array(guestValue),
  stdout: blob,
  stderr: blob,
  files: z.array(z.strictObject({ path: z.string(), content: blob })),
  usage: runUsage,
});
const storedRun = z.strictObject({ record: runRecord, items: z.array(storedItem) });
type StoredRun = z.infer<typeof storedRun>;

/** Opens the history in `folder`; a record that cannot be read is skipped and told to `report`. */
export async function openRunStore(
  folder: string,
  report: (where: string, error: unknown) => void,
  keptRuns = KEPT_RUNS,
): Promise<RunStore> {
  await ensureDir(folder);
  const records = await readRecords(folder, report);
  /** items of runs whose outputs are in memory, oldest first */
  const recent = new Map<RunId, readonly RunItem[]>();
  let recentBytes = 0;
  const unwritten = new Set<RunId>();
  let writing: Promise<void> = Promise.resolve();

  function write(record: RunRecord, items: readonly RunItem[], sealed: Uint8Array | undefined): void {
    unwritten.add(record.runId);
    writing = writing
      .then(() => writeRun(folder, record, items, sealed))
      .catch((error: unknown) => report('runs.write', error))
      .then(() => {
        unwritten.delete(record.runId);
        trimMemory();
      });
  }

  function trimMemory(): void {
    for (const [runId, items] of recent) {
      if (recentBytes <= MEMORY_BYTES) return;
      if (unwritten.has(runId)) continue;
      recent.delete(runId);
      recentBytes -= sizeOf(items);
    }
  }

  function trimHistory(): void {
    for (const [runId, record] of records) {
      if (records.size <= keptRuns) return;
      if (record.state !== 'ended') continue;
      records.delete(runId);
      recentBytes -= sizeOf(recent.get(runId) ?? []);
      recent.delete(runId);
      writing = writing.then(() => removeRun(folder, runId)).catch((error: unknown) => report('runs.trim', error));
    }
  }

  return {
    list({ module, limit }) {
      const newestFirst = [...records.values()].reverse();
      return newestFirst.filter((record) => module === undefined || record.module === module).slice(0, limit);
    },
    get: (runId) => records.get(runId),
    put(record) {
      records.set(record.runId, record);
      trimHistory();
    },
    finish(record, items, sealed) {
      records.set(record.runId, record);
      recent.set(record.runId, items);
      recentBytes += sizeOf(items);
      write(record, items, sealed);
    },
    async sealedOutput(runId) {
      await writing;
      return records.has(runId) ? readFileIfThere(path.join(folder, `${runId}.sealed`)) : undefined;
    },
    async items(runId) {
      const kept = recent.get(runId);
      if (kept !== undefined) return [...kept];
      const stored = records.has(runId) ? await readRun(folder, runId) : undefined;
      return stored === undefined ? undefined : readItems(folder, runId, stored);
    },
    async output(runId, stream, offset, length) {
      const kept = recent.get(runId)?.[0];
      if (kept !== undefined) {
        const bytes = kept[stream].subarray(offset, offset + length);
        return { bytes, totalBytes: kept[stream].length, isComplete: true };
      }
      const stored = records.has(runId) ? await readRun(folder, runId) : undefined;
      const place = stored?.items[0]?.[stream];
      if (place === undefined) return undefined;
      const at = Math.min(offset, place.length);
      const bytes = await readBlob(folder, runId, place.at + at, Math.min(length, place.length - at));
      return { bytes, totalBytes: place.length, isComplete: true };
    },
    flush: () => writing,
  };
}

function sizeOf(items: readonly RunItem[]): number {
  let bytes = 0;
  for (const { stdout, stderr, files } of items) {
    bytes += 1024 + stdout.length + stderr.length + files.reduce((sum, file) => sum + file.content.length, 0);
  }
  return bytes;
}

async function writeRun(
  folder: string,
  record: RunRecord,
  items: readonly RunItem[],
  sealed: Uint8Array | undefined,
): Promise<void> {
  if (sealed !== undefined) await writeFileAtomic(path.join(folder, `${record.runId}.sealed`), sealed);
  const blobs: Uint8Array[] = [];
  let at = 0;
  const place = (bytes: Uint8Array) => {
    blobs.push(bytes);
    at += bytes.length;
    return { at: at - bytes.length, length: bytes.length };
  };
  const stored: StoredRun = {
    record,
    items: items.map((item) => ({
      ...item,
      stdout: place(item.stdout),
      stderr: place(item.stderr),
      files: item.files.map((file) => ({ path: file.path, content: place(file.content) })),
    })),
  };
  if (at > 0) await writeFileAtomic(path.join(folder, `${record.runId}.bin`), Buffer.concat(blobs));
  await writeFileAtomic(path.join(folder, `${record.runId}.json`), JSON.stringify(stored));
}

async function readRun(folder: string, runId: RunId): Promise<StoredRun | undefined> {
  const raw = await readFileIfThere(path.join(folder, `${runId}.json`));
  return raw === undefined ? undefined : storedRun.parse(JSON.parse(raw.toString('utf8')));
}

async function readItems(folder: string, runId: RunId, stored: StoredRun): Promise<RunItem[]> {
  const all = (await readFileIfThere(path.join(folder, `${runId}.bin`))) ?? Buffer.alloc(0);
  const cut = (place: z.infer<typeof blob>) => new Uint8Array(all.subarray(place.at, place.at + place.length));
  return stored.items.map((item) => ({
    ...item,
    stdout: cut(item.stdout),
    stderr: cut(item.stderr),
    files: item.files.map((file) => ({ path: file.path, content: cut(file.content) })),
  }));
}

async function readBlob(folder: string, runId: RunId, at: number, length: number): Promise<Uint8Array> {
  if (length <= 0) return new Uint8Array(0);
  const file = await open(path.join(folder, `${runId}.bin`), 'r');
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function removeRun(folder: string, runId: RunId): Promise<void> {
  await rm(path.join(folder, `${runId}.json`), { force: true });
  await rm(path.join(folder, `${runId}.bin`), { force: true });
  await rm(path.join(folder, `${runId}.sealed`), { force: true });
}

/** ULIDs sort by time, so the file names are the order. */
async function readRecords(
  folder: string,
  report: (where: string, error: unknown) => void,
): Promise<Map<RunId, RunRecord>> {
  const records = new Map<RunId, RunRecord>();
  const names = (await readdir(folder)).filter((name) => /^run_[0-9A-Z]{26}\.json$/.test(name)).sort();
  for (const name of names) {
    try {
      const stored = await readRun(folder, name.slice(0, -5) as RunId);
      if (stored !== undefined) records.set(stored.record.runId, stored.record);
    } catch (error) {
      report('runs.read', error);
    }
  }
  return records;
}

import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import {
  type ModuleRecord,
  type ModuleSummary,
  moduleRecord,
  moduleSummary,
} from '../../shared/model/module-report.ts';
import type { KeyId, ModuleDigest } from '../../shared/model/scalars.ts';
import { MiB } from '../../shared/units.ts';
import { ensureDir, readFileIfThere, writeFileAtomic } from '../disk/index.ts';

/** The loaded modules: their bytes on disk by digest, a record for each, and the list in memory. */
export type ModuleStore = {
  list(): ModuleSummary[];
  has(sha256: ModuleDigest): boolean;
  record(sha256: ModuleDigest): Promise<ModuleRecord | undefined>;
  /** The module's bytes, checked against their digest; undefined when they are gone or no longer match it. */
  bytes(sha256: ModuleDigest): Promise<Uint8Array | undefined>;
  /** Stores a module durably. Not for one that is there already. */
  add(record: ModuleRecord, bytes: Uint8Array): Promise<void>;
  /** Keeps a module in memory only, until the app ends: its plaintext never touches the disk. */
  hold(record: ModuleRecord, bytes: Uint8Array, sealed: SealedOrigin): void;
  /** The sealed file that a held module came out of. */
  sealedOrigin(sha256: ModuleDigest): SealedOrigin | undefined;
  /** Notes a use, and the name the user gave this time. */
  touch(sha256: ModuleDigest, lastUsed: number, name?: string): void;
  remove(sha256: ModuleDigest): Promise<void>;
  /** Writes what `touch` changed. */
  close(): Promise<void>;
};

/** SHA-256 of the sealed bytes, and the keys they are sealed to as far as they are known here. */
export type SealedOrigin = { readonly sha256: string; readonly recipients: readonly KeyId[] };

/** Bytes of modules kept in memory so that a run need not read them again. */
const CACHE_BYTES = 256 * MiB;
/** Reports kept in memory; those of large modules are large. */
const CACHED_RECORDS = 128;
const index = z.array(moduleSummary);

/** Opens the store in `folder`. Files that do not belong to a listed module are left of a crash, and removed. */
export async function openModuleStore(folder: string): Promise<ModuleStore> {
  await ensureDir(folder);
  const indexFile = path.join(folder, 'index.json');
  const summaries = await readIndex(indexFile);
  await removeStrays(folder, summaries);
  const cache = new Map<ModuleDigest, Uint8Array>();
  const records = new Map<ModuleDigest, ModuleRecord>();
  const held = new Map<ModuleDigest, { record: ModuleRecord; bytes: Uint8Array; sealed: SealedOrigin }>();
  let cachedBytes = 0;
  let isDirty = false;
  let writing: Promise<void> = Promise.resolve();

  function remember(sha256: ModuleDigest, bytes: Uint8Array): void {
    forget(sha256);
    cache.set(sha256, bytes);
    cachedBytes += bytes.length;
    for (const oldest of cache.keys()) {
      if (cachedBytes <= CACHE_BYTES) break;
      forget(oldest);
    }
  }

  function forget(sha256: ModuleDigest): void {
    cachedBytes -= cache.get(sha256)?.length ?? 0;
    cache.delete(sha256);
  }

  async function readRecord(sha256: ModuleDigest): Promise<ModuleRecord | undefined> {
    const raw = await readFileIfThere(recordFile(folder, sha256));
    if (raw === undefined) return undefined;
    const record = moduleRecord.parse(JSON.parse(raw.toString('utf8')));
    keepRecord(record);
    return record;
  }

  function keepRecord(record: ModuleRecord): void {
    records.set(record.sha256, record);
    for (const oldest of records.keys()) {
      if (records.size <= CACHED_RECORDS) break;
      records.delete(oldest);
    }
  }

  function writeIndex(): Promise<void> {
    isDirty = false;
    const written = writing
      .catch(() => undefined)
      .then(() =>
        writeFileAtomic(indexFile, JSON.stringify([...summaries.values()].filter(({ sha256 }) => !held.has(sha256)))),
      );
    writing = written;
    return written;
  }

  return {
    list: () => [...summaries.values()].sort((a, b) => b.lastUsed - a.lastUsed),
    has: (sha256) => summaries.has(sha256),
    async record(sha256) {
      const summary = summaries.get(sha256);
      if (summary === undefined) return undefined;
      const record = held.get(sha256)?.record ?? records.get(sha256) ?? (await readRecord(sha256));
      return record && { ...record, name: summary.name, lastUsed: summary.lastUsed };
    },
    async bytes(sha256) {
      const inMemory = held.get(sha256);
      if (inMemory !== undefined) return inMemory.bytes;
      const cached = cache.get(sha256);
      if (cached !== undefined) {
        remember(sha256, cached);
        return cached;
      }
      if (!summaries.has(sha256)) return undefined;
      const bytes = await readFileIfThere(bytesFile(folder, sha256));
      if (bytes === undefined || (await digestOf(bytes)) !== sha256) return undefined;
      remember(sha256, bytes);
      return bytes;
    },
    async add(record, bytes) {
      await writeFileAtomic(bytesFile(folder, record.sha256), bytes);
      await writeFileAtomic(recordFile(folder, record.sha256), JSON.stringify(record));
      summaries.set(record.sha256, summarize(record));
      keepRecord(record);
      remember(record.sha256, bytes);
      await writeIndex();
    },
    hold(record, bytes, sealed) {
      held.set(record.sha256, { record, bytes, sealed });
      summaries.set(record.sha256, summarize(record));
    },
    sealedOrigin: (sha256) => held.get(sha256)?.sealed,
    touch(sha256, lastUsed, name) {
      const summary = summaries.get(sha256);
      if (summary === undefined) return;
      summaries.set(sha256, { ...summary, lastUsed, name: name ?? summary.name });
      isDirty = true;
    },
    async remove(sha256) {
      summaries.delete(sha256);
      if (held.has(sha256)) {
        held.get(sha256)?.bytes.fill(0);
        held.delete(sha256);
        return;
      }
      forget(sha256);
      records.delete(sha256);
      await writeIndex();
      await rm(bytesFile(folder, sha256), { force: true });
      await rm(recordFile(folder, sha256), { force: true });
    },
    async close() {
      for (const { bytes } of held.values()) bytes.fill(0);
      if (isDirty) await writeIndex();
      await writing;
    },
  };
}

/** Hex SHA-256, computed off this thread by the engine's own pool. */
export async function digestOf(bytes: Uint8Array): Promise<ModuleDigest> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Buffer.from(digest).toString('hex') as ModuleDigest;
}

/** What lists show of a record. */
export function summarize(record: ModuleRecord): ModuleSummary {
  const { sha256, name, sizeBytes, firstSeen, lastUsed, source, denial, report } = record;
  return {
    sha256,
    name,
    sizeBytes,
    imports: report.imports.length,
    exports: report.exports.length,
    features: report.features.map((feature) => feature.name),
    shape: report.shape,
    firstSeen,
    lastUsed,
    source,
    denial,
  };
}

function bytesFile(folder: string, sha256: ModuleDigest): string {
  return path.join(folder, `${sha256}.wasm`);
}

function recordFile(folder: string, sha256: ModuleDigest): string {
  return path.join(folder, `${sha256}.json`);
}

async function readIndex(file: string): Promise<Map<ModuleDigest, ModuleSummary>> {
  const raw = await readFileIfThere(file);
  if (raw === undefined) return new Map();
  const parsed = index.safeParse(parseJson(raw.toString('utf8')));
  if (parsed.success) return new Map(parsed.data.map((summary) => [summary.sha256, summary]));
  // A list that cannot be read is set aside, never overwritten; the modules can be dropped again.
  await writeFileAtomic(`${file}.unreadable`, raw);
  return new Map();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function removeStrays(folder: string, known: ReadonlyMap<ModuleDigest, ModuleSummary>): Promise<void> {
  for (const file of await readdir(folder)) {
    const match = /^([0-9a-f]{64})\.(wasm|json)$/.exec(file);
    const isTemporary = file.startsWith('.') && file.endsWith('.tmp');
    if (isTemporary || (match !== null && !known.has(match[1] as ModuleDigest))) {
      await rm(path.join(folder, file), { force: true });
    }
  }
}

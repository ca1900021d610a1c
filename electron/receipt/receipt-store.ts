import { open } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { type DsseEnvelope, dsseEnvelope, type ReceiptSummary, receiptSummary } from '../../shared/model/receipt.ts';
import { count, keyId, type RunId } from '../../shared/model/scalars.ts';
import { type AppendFile, ensureDir, nodeDisk, readFileIfThere } from '../disk/index.ts';
import { utf8 } from '../vault/bytes.ts';
import type { BuiltReceipt } from './build.ts';
import { type OwnerRecord, openOwnerRecord, sealOwnerRecord } from './owner-record.ts';
import type { RunInput } from './run-data.ts';

const span = z.strictObject({ offset: count, length: count });
/** A receipt in the list: the log entry that names it, and where its two parts lie in their files. */
const indexLine = z.strictObject({ ...receiptSummary.shape, seq: count, dsse: span, opening: span });
type Span = z.infer<typeof span>;
type IndexLine = z.infer<typeof indexLine>;
type Waiting = { summary: ReceiptSummary; seq: number; dsse: DsseEnvelope; record: Uint8Array };

/** Receipts of this machine's runs, and apart from them, encrypted, what only the owner keeps. */
export type ReceiptStore = {
  list(filter: { module?: string | undefined; limit: number }): ReceiptSummary[];
  /** undefined when there is none for this run */
  get(runId: RunId): Promise<{ summary: ReceiptSummary; dsse: DsseEnvelope; seq: number } | undefined>;
  /** Keeps a receipt whose entry is in the log. Written behind, many at a time; `settle` waits. */
  add(receipt: BuiltReceipt, seq: number, input: RunInput, dataKey: Uint8Array): void;
  /** what the owner kept of a run, by the vault's data key; undefined when there is nothing or it does not open */
  ownerRecord(runId: RunId, dataKey: Uint8Array): Promise<OwnerRecord | undefined>;
  settle(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the store in `folder`. `YYYY-MM.ndjson` has the envelopes, `openings/YYYY-MM.bin` the owner's records, and
 * `index.ndjson` a line for each receipt, written when both are on disk; what a crash left beyond it is passed over.
 * @param report told what could not be written
 */
export async function openReceiptStore(
  folder: string,
  report: (where: string, error: unknown) => void,
): Promise<ReceiptStore> {
  await ensureDir(path.join(folder, 'openings'));
  const indexFile = path.join(folder, 'index.ndjson');
  const index = new Map<string, IndexLine>();
  for (const line of await readIndex(indexFile)) index.set(line.runId, line);
  const waiting = new Map<string, Waiting>();
  const files = new Map<string, Promise<AppendFile>>();
  let writing: Promise<void> | undefined;

  function file(name: string): Promise<AppendFile> {
    const known = files.get(name) ?? nodeDisk.openAppend(name);
    files.set(name, known);
    return known;
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    const [dsseSpans, openingSpans] = [
      await append(file, folder, batch, dsseFile, ({ dsse }) => utf8(`${JSON.stringify(dsse)}\n`)),
      await append(file, folder, batch, openingFile, ({ record }) => record),
    ];
    const lines = batch.map(({ summary, seq }, i): IndexLine => {
      const none = { offset: 0, length: 0 };
      return { ...summary, seq, dsse: dsseSpans[i] ?? none, opening: openingSpans[i] ?? none };
    });
    await (await file(indexFile)).write(utf8(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
    for (const line of lines) index.set(line.runId, line);
  }

  async function writeAll(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting.values()];
      // What cannot be written is told and given up: the run is in the log, and was answered.
      await write(batch).catch((error: unknown) => report('receipts.write', error));
      for (const { summary } of batch) waiting.delete(summary.runId);
    }
    writing = undefined;
  }

  return {
    list({ module, limit }) {
      const all = [...index.values(), ...[...waiting.values()].map(({ summary }) => summary)].reverse();
      const found = module === undefined ? all : all.filter((one) => one.module === module);
      return found.slice(0, limit).map((one) => pick(one));
    },
    async get(runId) {
      const held = waiting.get(runId);
      if (held !== undefined) return { summary: held.summary, dsse: held.dsse, seq: held.seq };
      const line = index.get(runId);
      const bytes = line && (await readSpan(dsseFile(folder, line.finishedAt), line.dsse));
      const dsse = bytes && dsseEnvelope.safeParse(parseJson(new TextDecoder().decode(bytes)));
      return line && dsse?.success ? { summary: pick(line), dsse: dsse.data, seq: line.seq } : undefined;
    },
    add(receipt, seq, input, dataKey) {
      const summary = summaryOfReceipt(receipt);
      const record = sealOwnerRecord(dataKey, receipt.receiptId, receipt.openings, input);
      waiting.set(summary.runId, { summary, seq, dsse: receipt.dsse, record });
      writing ??= Promise.resolve().then(writeAll);
    },
    async ownerRecord(runId, dataKey) {
      const held = waiting.get(runId);
      if (held !== undefined) return openOwnerRecord(dataKey, held.summary.receiptId, held.record);
      const line = index.get(runId);
      const record = line && (await readSpan(openingFile(folder, line.finishedAt), line.opening));
      return line && record && openOwnerRecord(dataKey, line.receiptId, record);
    },
    async settle() {
      await writing;
    },
    async close() {
      await writing;
      for (const opened of files.values()) await (await opened).close();
      files.clear();
    },
  };
}

// One write and one sync for each month's file, however many receipts there are.
async function append(
  file: (name: string) => Promise<AppendFile>,
  folder: string,
  batch: readonly Waiting[],
  nameOf: (folder: string, finishedAt: number) => string,
  bytesOf: (one: Waiting) => Uint8Array,
): Promise<Span[]> {
  const spans: Span[] = [];
  const parts = new Map<string, Uint8Array[]>();
  for (const one of batch) {
    const name = nameOf(folder, one.summary.finishedAt);
    const month = parts.get(name) ?? [];
    const written = (await file(name)).sizeBytes;
    const bytes = bytesOf(one);
    spans.push({ offset: written + month.reduce((sum, part) => sum + part.length, 0), length: bytes.length });
    parts.set(name, [...month, bytes]);
  }
  for (const [name, month] of parts) {
    const target = await file(name);
    await target.write(Buffer.concat(month));
    await target.datasync();
  }
  return spans;
}

/** What lists show of a receipt. */
export function summaryOfReceipt({ receiptId, dsse, statement }: BuiltReceipt): ReceiptSummary {
  const { runId, module, result, finishedAt } = statement.predicate;
  return {
    receiptId,
    runId,
    module: module.sha256,
    kind: result.kind,
    signer: keyId.parse(dsse.signatures[0]?.keyid),
    finishedAt: Date.parse(finishedAt),
  };
}

function pick({ receiptId, runId, module, kind, signer, finishedAt }: ReceiptSummary): ReceiptSummary {
  return { receiptId, runId, module, kind, signer, finishedAt };
}

function dsseFile(folder: string, finishedAt: number): string {
  return path.join(folder, `${monthOf(finishedAt)}.ndjson`);
}

function openingFile(folder: string, finishedAt: number): string {
  return path.join(folder, 'openings', `${monthOf(finishedAt)}.bin`);
}

function monthOf(finishedAt: number): string {
  return new Date(finishedAt).toISOString().slice(0, 7);
}

async function readSpan(name: string, { offset, length }: Span): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  try {
    const file = await open(name, 'r');
    try {
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytesRead === length ? bytes : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

async function readIndex(name: string): Promise<IndexLine[]> {
  const bytes = await readFileIfThere(name);
  const lines = bytes === undefined ? [] : new TextDecoder().decode(bytes).split('\n');
  return lines.flatMap((text) => {
    const parsed = indexLine.safeParse(parseJson(text));
    return parsed.success ? [parsed.data] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

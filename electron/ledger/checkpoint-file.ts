import { join } from 'node:path';
import * as z from 'zod/mini';
import { timestamp } from '../../shared/model/scalars.ts';
import { type AppendFile, type Disk, readFileIfThere } from '../disk/index.ts';

/** A checkpoint as it is kept: the signed note and when it was made. */
export type KeptCheckpoint = { readonly ts: number; readonly note: string };

const keptCheckpoint = z.strictObject({ v: z.literal(1), ts: timestamp, note: z.string() });

/** Where the newest checkpoint stands, for other people's tools. */
export function checkpointPath(folder: string): string {
  return join(folder, 'checkpoint');
}

/** Where every checkpoint stands, one a line. */
export function checkpointsPath(folder: string): string {
  return join(folder, 'checkpoints.ndjson');
}

/** Reads a line of `checkpoints.ndjson`; undefined when it is not one. */
export function parseKeptCheckpoint(line: string): KeptCheckpoint | undefined {
  try {
    const parsed = keptCheckpoint.safeParse(JSON.parse(line));
    return parsed.success ? { ts: parsed.data.ts, note: parsed.data.note } : undefined;
  } catch {
    return undefined;
  }
}

/** The newest checkpoint of a log, from the end of `checkpoints.ndjson`; lines that are none are passed over. */
export async function readLastCheckpoint(folder: string): Promise<KeptCheckpoint | undefined> {
  const bytes = await readFileIfThere(checkpointsPath(folder));
  if (bytes === undefined) return undefined;
  for (let end = bytes.length; end > 0; ) {
    const start = bytes.lastIndexOf(10, end - 1) + 1;
    const kept = end > start ? parseKeptCheckpoint(bytes.toString('utf8', start, end)) : undefined;
    if (kept) return kept;
    end = start - 1;
  }
  return undefined;
}

/** Keeps checkpoints: appends each, then makes it the newest. */
export class CheckpointFile {
  readonly #disk: Disk;
  readonly #folder: string;
  #file: AppendFile | undefined;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** Resolves when the checkpoint is durable. */
  async append(kept: KeptCheckpoint): Promise<void> {
    this.#file ??= await this.#open();
    await this.#file.write(Buffer.from(`${JSON.stringify({ v: 1, ...kept })}\n`));
    await this.#file.datasync();
    await this.#disk.writeFileAtomic(checkpointPath(this.#folder), kept.note);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  /** A torn last line would run into the next one; it is ended, and read as no checkpoint. */
  async #open(): Promise<AppendFile> {
    const bytes = await readFileIfThere(checkpointsPath(this.#folder));
    const file = await this.#disk.openAppend(checkpointsPath(this.#folder));
    if (bytes && bytes.length > 0 && bytes.at(-1) !== 10) await file.write(Buffer.from('\n'));
    return file;
  }
}

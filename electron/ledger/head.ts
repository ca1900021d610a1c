import { join } from 'node:path';
import * as z from 'zod/mini';
import { type Disk, readFileIfThere, type Slot } from '../disk/index.ts';
import { sha256, toHex } from './hashing.ts';

/**
 * How far the log was durable at the last commit. Written in place after each sync and not synced itself: after a power
 * cut it may lag behind the entries, never run ahead of them.
 */
export type Head = {
  /** entries */
  readonly size: number;
  /** month of the last entry */
  readonly month: string;
  /** bytes of that month's file */
  readonly offset: number;
  /** hex leaf hash of the last entry; zeros for an empty log */
  readonly leaf: string;
};

const SLOT_BYTES = 256;
const CHECK_CHARS = 16;
const count = z.int().check(z.nonnegative());
const head = z.strictObject({
  size: count,
  month: z.string().check(z.regex(/^(\d{4,6}-\d{2})?$/)),
  offset: count,
  leaf: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/** Opens the file `head` of a log for writing. */
export function openHead(disk: Disk, folder: string): { write(head: Head): void; close(): void } {
  const slot: Slot = disk.openSlot(join(folder, 'head'));
  return { write: (value) => slot.write(encodeHead(value)), close: () => slot.close() };
}

/** The head of a log; undefined when it is absent, `damaged` when it is torn or was edited carelessly. */
export async function readHead(folder: string): Promise<Head | undefined | 'damaged'> {
  const bytes = await readFileIfThere(join(folder, 'head'));
  if (bytes === undefined || bytes.length === 0) return undefined;
  const text = bytes.toString('latin1').trimEnd();
  const body = text.slice(0, -CHECK_CHARS);
  if (checkOf(body) !== text.slice(-CHECK_CHARS)) return 'damaged';
  try {
    const parsed = head.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : 'damaged';
  } catch {
    return 'damaged';
  }
}

function encodeHead(value: Head): Buffer {
  const body = JSON.stringify(value);
  return Buffer.from(`${body}${checkOf(body)}`.padEnd(SLOT_BYTES - 1).concat('\n'), 'latin1');
}

/** Finds torn writes; against tampering there are the checkpoints. */
function checkOf(body: string): string {
  return toHex(sha256(Buffer.from(body))).slice(0, CHECK_CHARS);
}

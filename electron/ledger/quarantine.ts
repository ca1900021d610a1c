import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../shared/model/entry.ts';
import type { Disk } from '../disk/index.ts';
import { sha256, toHex } from './hashing.ts';
import type { Break } from './scan.ts';
import { listSegments, segmentPath } from './segment.ts';

/**
 * Moves what follows the good chain out of `entries/` into `quarantine/`, byte for byte, and cuts it off. The copy is
 * durable before the cut.
 * @returns the data of the `ledger.repaired` entry
 */
export async function quarantineTail(
  disk: Disk,
  folder: string,
  broken: Break,
  now: number,
): Promise<Record<string, Json>> {
  await disk.ensureDir(join(folder, 'quarantine'));
  const segments = await listSegments(folder);
  const later = segments.slice(segments.findIndex(({ month }) => month === broken.month) + 1);
  const pieces: Json[] = [];
  for (const { month, sizeBytes } of later.reverse()) {
    pieces.push(await movePiece(disk, folder, month, 0, sizeBytes, now));
    await disk.remove(segmentPath(folder, month));
  }
  pieces.push(await movePiece(disk, folder, broken.month, broken.offset, broken.lengthBytes, now));
  const file = await disk.openAppend(segmentPath(folder, broken.month));
  try {
    await file.truncate(broken.offset);
  } finally {
    await file.close();
  }
  return { outcome: 'ok', reason: broken.kind, pieces };
}

async function movePiece(
  disk: Disk,
  folder: string,
  month: string,
  offset: number,
  lengthBytes: number,
  now: number,
): Promise<Json> {
  const bytes = await readRange(segmentPath(folder, month), offset, lengthBytes);
  const name = `${month}-${offset}-${now}`;
  await disk.writeFileAtomic(join(folder, 'quarantine', name), bytes);
  // A torn tail may hold most of an entry: its plain hash says nothing that the entry itself would not.
  return { file: name, bytes: bytes.length, sha256: toHex(sha256(bytes)) };
}

async function readRange(path: string, offset: number, lengthBytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(lengthBytes);
    const { bytesRead } = await file.read(bytes, 0, lengthBytes, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

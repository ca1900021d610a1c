import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type * as z from 'zod/mini';
import type { storagePart } from '../../shared/contract/system.ts';

export type StoragePart = z.infer<typeof storagePart>;

const PARTS = ['modules', 'runs', 'receipts', 'ledger', 'vault', 'diagnostics'] as const;

/** What each room's folder in the data folder takes; files that come and go while it is measured do not count. */
export async function measureStorage(dataFolder: string): Promise<StoragePart[]> {
  const sums = new Map<string, StoragePart>(
    [...PARTS, 'other' as const].map((part) => [part, { part, files: 0, sizeBytes: 0 }]),
  );
  const entries = await readdir(dataFolder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const size = await stat(file).then(
      (found) => found.size,
      () => undefined,
    );
    if (size === undefined) continue;
    const [top = ''] = path.relative(dataFolder, file).split(path.sep);
    const sum = sums.get(top) ?? sums.get('other')!;
    sum.files++;
    sum.sizeBytes += size;
  }
  return [...sums.values()];
}

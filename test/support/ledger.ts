import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disk, nodeDisk } from '../../electron/disk/index.ts';
import type { EntryDraft } from '../../shared/model/entry.ts';

/** A plain entry; `note` makes it different from others. */
export function draftOf(note: number | string): EntryDraft {
  return { op: 'test.noted', actor: 'system', data: { note } };
}

/** The lines of all months of a log. */
export async function linesOf(dir: string): Promise<string[]> {
  const months = (await readdir(join(dir, 'entries'))).sort();
  const texts = await Promise.all(months.map((month) => readFile(join(dir, 'entries', month), 'utf8')));
  return texts.join('').split('\n').slice(0, -1);
}

/** The real disk, except that append files fail as told: `write` after so many bytes (the rest is not written), `sync` at all. */
export function failingDisk(failure: { writeAfterBytes?: number; sync?: boolean }): Disk {
  return {
    ...nodeDisk,
    async openAppend(path) {
      const file = await nodeDisk.openAppend(path);
      let budget = failure.writeAfterBytes ?? Number.POSITIVE_INFINITY;
      return {
        ...file,
        get sizeBytes() {
          return file.sizeBytes;
        },
        async write(bytes) {
          await file.write(bytes.subarray(0, budget));
          if (bytes.length > budget) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
          budget -= bytes.length;
        },
        async datasync() {
          if (failure.sync) throw Object.assign(new Error('input/output error'), { code: 'EIO' });
          await file.datasync();
        },
      };
    },
  };
}

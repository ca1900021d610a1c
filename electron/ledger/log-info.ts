import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { timestamp } from '../../shared/model/scalars.ts';
import { type Disk, readFileIfThere } from '../disk/index.ts';

const logInfo = z.strictObject({
  format: z.literal('glovebox-ledger'),
  v: z.literal(1),
  /** the log's name in checkpoints: a URL without scheme, unique to this log */
  origin: z.string().check(z.regex(/^[!-*,-~]{1,255}$/)),
  created: timestamp,
  /** base64 SPKI of the first key; null when the log began before there was one, an entry then names it */
  key: z.nullable(z.base64()),
});

/** What `log.json` says: written once, when the log is made. */
export type LogInfo = z.infer<typeof logInfo>;

/** Reads `log.json`; undefined when it is absent, `damaged` when it is not what this format writes. */
export async function readLogInfo(folder: string): Promise<LogInfo | undefined | 'damaged'> {
  const bytes = await readFileIfThere(join(folder, 'log.json'));
  if (bytes === undefined) return undefined;
  try {
    const parsed = logInfo.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.data : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** Begins a log: gives it a random origin and writes `log.json`. */
export async function createLogInfo(
  disk: Disk,
  folder: string,
  created: number,
  spki: Uint8Array | undefined,
): Promise<LogInfo> {
  const info: LogInfo = {
    format: 'glovebox-ledger',
    v: 1,
    origin: `glovebox.dev/log/${randomBytes(16).toString('hex')}`,
    created,
    key: spki === undefined ? null : Buffer.from(spki).toString('base64'),
  };
  await disk.writeFileAtomic(join(folder, 'log.json'), `${JSON.stringify(info, undefined, 2)}\n`);
  return info;
}

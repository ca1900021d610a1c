import { join } from 'node:path';
import { type Disk, nodeDisk } from '../disk/index.ts';
import type { AnchorStore } from './anchor.ts';
import type { LogSigner } from './checkpointer.ts';
import { Ledger } from './ledger.ts';
import { type Loaded, loadLog } from './load.ts';
import { type Lock, takeLock } from './lock.ts';
import { createLogInfo } from './log-info.ts';
import { quarantineTail } from './quarantine.ts';

export type LedgerOptions = {
  /** the folder of the log; made when it is not there, unless `readOnly` */
  readonly dir: string;
  readonly disk?: Disk;
  /** signs checkpoints; can also come later, by `setSigner` */
  readonly signer?: LogSigner;
  readonly clock?: () => number;
  /** look, never write, take no lock */
  readonly readOnly?: boolean;
  /** where the last head is kept outside the folder */
  readonly anchor?: AnchorStore;
  /** the built script that verifies in a worker; the default works from the sources */
  readonly verifierScript?: URL;
};

/**
 * Opens a log and recovers it (CRYPTO §5): whole good lines stay, a torn tail beyond the last durable commit and the last
 * checkpoint goes to `quarantine/` and the repair becomes an entry. A log that is damaged below that point, or that another
 * process writes, opens read-only and says so in `status()`.
 * @throws the system's error when the folder cannot be read
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const disk = options.disk ?? nodeDisk;
  const { dir } = options;
  if (options.readOnly) return readLedger(options, disk, 'the log was opened for reading only');
  for (const folder of ['', 'entries']) await disk.ensureDir(join(dir, folder));
  const lock = await takeLock(dir);
  if ('pid' in lock) return readLedger(options, disk, `process ${lock.pid} on ${lock.host} is writing this log`);
  try {
    return await recoverLedger(options, disk, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function readLedger(options: LedgerOptions, disk: Disk, message: string): Promise<Ledger> {
  const loaded = await loadLog(disk, options.dir, true, options.anchor);
  const ledger = ledgerOf(options, disk, loaded);
  // A reader may meet a writer in the middle of a write: only what cannot come from that is an alarm.
  ledger.setReadOnly(loaded.alarm?.message ?? message, loaded.alarm);
  return ledger;
}

async function recoverLedger(options: LedgerOptions, disk: Disk, lock: Lock): Promise<Ledger> {
  const { dir, signer, clock = Date.now } = options;
  const loaded = await loadLog(disk, dir, false, options.anchor);
  if (loaded.alarm) {
    const ledger = ledgerOf(options, disk, loaded, lock);
    ledger.setReadOnly(loaded.alarm.message, loaded.alarm);
    return ledger;
  }
  const isNew = loaded.info === undefined;
  const info = loaded.info ?? (await createLogInfo(disk, dir, clock(), signer?.publicKeySpki));
  const keys = isNew && signer ? loaded.keysOf(info) : loaded.keys;
  const { broken } = loaded;
  const repair = broken === null ? null : await quarantineTail(disk, dir, broken, clock());
  const ledger = ledgerOf(options, disk, { ...loaded, info, keys }, lock);
  ledger.startWriting();
  if (repair) await ledger.append({ op: 'ledger.repaired', actor: 'system', data: repair });
  if (loaded.areTilesRebuilt) {
    await ledger.append({ op: 'ledger.repaired', actor: 'system', data: { outcome: 'ok', reason: 'tiles' } });
  }
  if (signer) await ledger.setSigner(signer);
  return ledger;
}

function ledgerOf(options: LedgerOptions, disk: Disk, loaded: Loaded, lock?: Lock): Ledger {
  const { dir, clock = Date.now, anchor, verifierScript } = options;
  return new Ledger({ dir, disk, clock, lock, anchor, verifierScript, loaded });
}

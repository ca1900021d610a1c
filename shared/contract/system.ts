import * as z from 'zod/mini';
import { count, timestamp } from '../model/scalars.ts';
import { call } from './call.ts';

export const systemInfo = z.strictObject({
  version: z.string(),
  engine: z.string(),
  host: z.enum(['electron', 'headless']),
  platform: z.string(),
  startedAt: timestamp,
});
export type SystemInfo = z.infer<typeof systemInfo>;

/** What the status bar shows. */
export const systemStatus = z.strictObject({
  running: count,
  queued: count,
  guestProcesses: count,
  ledger: z.strictObject({
    state: z.enum(['open', 'read-only', 'failed']),
    entries: count,
    /** hex leaf hash of the newest entry */
    head: z.string(),
    message: z.nullable(z.string()),
  }),
  vault: z.strictObject({
    state: z.enum(['absent', 'locked', 'unlocked']),
    /** how the master key is protected, as it must be shown wherever key protection shows */
    protection: z.enum(['keychain', 'passphrase', 'file']),
  }),
});
export type SystemStatus = z.infer<typeof systemStatus>;

/** What takes room in the data folder. */
export const storagePart = z.strictObject({
  part: z.enum(['modules', 'runs', 'receipts', 'ledger', 'vault', 'diagnostics', 'other']),
  files: count,
  sizeBytes: count,
});

export const system = {
  info: call({ summary: 'Versions and the machine', scope: 'read', input: z.strictObject({}), output: systemInfo }),
  status: call({
    summary: 'State of engine, log and keys',
    scope: 'read',
    input: z.strictObject({}),
    output: systemStatus,
  }),
  storage: call({
    summary: 'Where everything is kept, and how much room it takes',
    scope: 'admin',
    input: z.strictObject({}),
    output: z.strictObject({ folder: z.string(), parts: z.array(storagePart) }),
  }),
  /** Event numbers newer than this are still to come; a client that sees a gap asks for its snapshots again. */
  eventSeq: call({
    summary: 'The sequence number of the newest event',
    scope: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ seq: count }),
  }),
};

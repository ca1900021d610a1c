import * as z from 'zod/mini';
import { moduleSummary } from '../model/module-report.ts';
import { receiptSummary } from '../model/receipt.ts';
import { runGauge, runRecord } from '../model/run.ts';
import { count, moduleDigest, runId } from '../model/scalars.ts';
import { verificationState } from './audit.ts';
import { outputStream } from './runs.ts';
import { systemStatus } from './system.ts';

/** What the main side tells without being asked. Names are past tense; data are whole values, never differences. */
export const events = {
  'module.added': moduleSummary,
  'module.removed': z.strictObject({ sha256: moduleDigest }),
  'run.changed': runRecord,
  'run.gauged': runGauge,
  /** `totalBytes` printed so far on `stream`; the text is fetched by `runs.output` */
  'run.printed': z.strictObject({ runId, stream: outputStream, totalBytes: count }),
  'ledger.appended': z.strictObject({ entries: count, head: z.string() }),
  'verification.changed': verificationState,
  'system.changed': systemStatus,
  'policies.changed': z.strictObject({}),
  /** keys, contacts, or whether they are locked */
  'keys.changed': z.strictObject({}),
  /** content bytes of `sealing.sealPath` or `sealing.openPath` so far; `totalBytes` null when it is not known */
  'sealing.progressed': z.strictObject({ job: z.string(), doneBytes: count, totalBytes: z.nullable(count) }),
  'sessions.changed': z.strictObject({}),
  'receipts.added': receiptSummary,
  /** files the shell was asked to open (association, second instance, drop on the icon) */
  'module.opened': z.strictObject({
    sha256: z.nullable(moduleDigest),
    name: z.string(),
    message: z.nullable(z.string()),
  }),
} as const;

export type EventName = keyof typeof events;
export type EventData<N extends EventName> = z.output<(typeof events)[N]>;

/** `seq` counts every event of this process from 1, without gaps for a client that missed none. */
export type EventMessage = {
  [N in EventName]: { readonly seq: number; readonly ts: number; readonly name: N; readonly data: EventData<N> };
}[EventName];

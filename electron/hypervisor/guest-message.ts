import * as z from 'zod/mini';
import { moduleReport } from '../../shared/model/module-report.ts';
import { guestValue, runOutcome } from '../../shared/model/run.ts';
import { count } from '../../shared/model/scalars.ts';
import type { FromGuest } from './guest/protocol.ts';

const rawBytes = z.instanceof(Uint8Array);
const fuel = z.nullable(z.bigint());
const duration = z.number().check(z.nonnegative());
const reading = { fuelUsed: fuel, memoryBytes: z.nullable(count), outputBytes: count };

const inspection = z.union([
  z.strictObject({
    isReadable: z.literal(true),
    report: moduleReport,
    denial: z.nullable(z.string()),
    inspectMs: duration,
  }),
  z.strictObject({
    isReadable: z.literal(false),
    reason: z.enum(['malformed', 'unsupported', 'limit']),
    offset: z.nullable(count),
    message: z.string(),
  }),
]);

const result = z.strictObject({
  outcome: runOutcome,
  results: z.array(guestValue),
  files: z.array(z.strictObject({ path: z.string().check(z.maxLength(4096)), content: rawBytes })),
  fuelUsed: fuel,
  memoryPeakBytes: z.nullable(count),
  compileMs: duration,
  runMs: duration,
});

const id = count;
const message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('loaded') }),
  z.strictObject({ type: z.literal('inspected'), id, inspection }),
  z.strictObject({ type: z.literal('started'), id }),
  z.strictObject({ type: z.literal('compiled'), id }),
  z.strictObject({ type: z.literal('paused'), id }),
  z.strictObject({ type: z.literal('printed'), id, stream: z.enum(['stdout', 'stderr']), bytes: rawBytes }),
  z.strictObject({ type: z.literal('gauge'), id, ...reading }),
  z.strictObject({ type: z.literal('ended'), id, result }),
  z.strictObject({
    type: z.literal('lost'),
    id,
    cause: z.enum(['terminated', 'out-of-memory', 'crashed']),
    message: z.string(),
    reading: z.strictObject(reading),
  }),
]);

/**
 * Reads what a guest process sent; undefined when it is no message that one sends.
 * SECURITY: a guest that has broken out of V8 speaks here; nothing it says is used before it has passed.
 */
export function parseGuestMessage(unknownMessage: unknown): FromGuest | undefined {
  const parsed = message.safeParse(unknownMessage);
  return parsed.success ? parsed.data : undefined;
}

import * as z from 'zod/mini';
import { capability, importStub } from './capability.ts';
import { limits, limitsPatch } from './limits.ts';
import { bytes, count, keyId, moduleDigest, runId, timestamp, u64 } from './scalars.ts';

/** A typed value in or out of a guest. Text forms: integers decimal, floats as JavaScript prints them (`nan`, `inf`), v128 as 32 hex digits, references as a description. */
export const guestValue = z.strictObject({ type: z.string(), value: z.string() });
export type GuestValue = z.infer<typeof guestValue>;

/** A file or folder handed to the guest; `path` is the guest's, absolute, `/`-separated, and the preopen is its first folder that is a mount. */
export const guestFile = z.strictObject({ path: z.string().check(z.maxLength(4096)), content: bytes });
export type GuestFile = z.infer<typeof guestFile>;

/** A preopened folder of the in-memory file system. */
export const guestFolder = z.strictObject({ path: z.string().check(z.maxLength(4096)), isWritable: z.boolean() });
export type GuestFolder = z.infer<typeof guestFolder>;

/** What a guest is given. Arguments of an export are text, typed by its signature (DESIGN §7). */
export const entryPoint = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('export'), name: z.string(), args: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('command') }),
]);
export type EntryPoint = z.infer<typeof entryPoint>;

export const wasiInput = z.strictObject({
  /** argv including argv[0] */
  args: z.array(z.string()),
  env: z.array(z.tuple([z.string(), z.string()])),
  stdin: z.optional(bytes),
  folders: z.array(guestFolder),
  files: z.array(guestFile),
});
export type WasiInput = z.infer<typeof wasiInput>;

/** Determinism: virtual clock, seeded random (32 bytes of ChaCha20 key), no relaxed SIMD. */
export const determinism = z.strictObject({ seed: z.string().check(z.regex(/^[0-9a-f]{64}$/)) });
export type Determinism = z.infer<typeof determinism>;

/** A request to run a loaded module. */
export const runRequest = z.strictObject({
  module: moduleDigest,
  entry: entryPoint,
  wasi: z.optional(wasiInput),
  limits: z.optional(limitsPatch),
  policy: z.optional(z.string()),
  /** capabilities this one run gets in addition to its policy's; recorded in the log */
  grants: z.optional(z.array(capability)),
  stubs: z.optional(z.array(importStub)),
  determinism: z.optional(determinism),
  /** own sealing keys and contacts: what the run gives is sealed to them, and neither shown nor kept in the clear */
  sealTo: z.optional(z.array(keyId).check(z.minLength(1), z.maxLength(32))),
  /** one fresh instance for each; `entry.args` and `wasi.stdin` are overridden. At most the instances limit. */
  batch: z.optional(z.array(z.strictObject({ args: z.optional(z.array(z.string())), stdin: z.optional(bytes) }))),
});
export type RunRequest = z.infer<typeof runRequest>;
/** The same before parsing: bytes may still be base64. */
export type RunRequestInput = z.input<typeof runRequest>;

export const outcomeKind = z.enum([
  'finished',
  'exited',
  'trapped',
  'timed-out',
  'out-of-memory',
  'out-of-fuel',
  'output-limit',
  'denied',
  'stopped',
  'crashed',
]);
export type OutcomeKind = z.infer<typeof outcomeKind>;

export const trapKind = z.enum([
  'unreachable',
  'memory-out-of-bounds',
  'table-out-of-bounds',
  'array-out-of-bounds',
  'segment-out-of-bounds',
  'division-by-zero',
  'integer-overflow',
  'invalid-conversion',
  'indirect-call-null',
  'indirect-call-type',
  'null-reference',
  'cast-failure',
  'stack-overflow',
  'uncaught-exception',
  'unaligned-atomic',
  'expected-shared-memory',
  'out-of-resources',
  'stub',
  'other',
]);
export type TrapKind = z.infer<typeof trapKind>;

/** One wasm frame: function by name when the module names it, and the byte offset in the original module when known. */
export const trapFrame = z.strictObject({
  functionIndex: z.nullable(count),
  functionName: z.nullable(z.string()),
  offset: z.nullable(count),
});
export type TrapFrame = z.infer<typeof trapFrame>;

export const trap = z.strictObject({ kind: trapKind, message: z.string(), frames: z.array(trapFrame) });
export type Trap = z.infer<typeof trap>;

/** The limit that ended a run, and its value as text with unit. */
export const limitHit = z.strictObject({ name: z.string(), value: z.string() });

/** How a run ended. A guest's failure is an outcome, never an error. */
export const runOutcome = z.strictObject({
  kind: outcomeKind,
  /** names what was denied, what stopped it, how cancelling happened … */
  message: z.optional(z.string()),
  limit: z.optional(limitHit),
  trap: z.optional(trap),
  /** `exited`: the program's own status */
  exitCode: z.optional(count),
  /** `denied` by a missing grant: what to allow to go on */
  missing: z.optional(
    z.array(z.strictObject({ module: z.string(), name: z.string(), capability: z.nullable(capability) })),
  ),
  /** `stopped` and `timed-out`: which stage ended it */
  stage: z.optional(z.enum(['cooperative', 'terminated', 'killed'])),
});
export type RunOutcome = z.infer<typeof runOutcome>;

export const runUsage = z.strictObject({
  fuelUsed: z.nullable(u64),
  memoryPeakBytes: z.nullable(count),
  outputBytes: count,
});
export type RunUsage = z.infer<typeof runUsage>;

export const runTiming = z.strictObject({
  queuedMs: z.number(),
  compileMs: z.number(),
  runMs: z.number(),
  totalMs: z.number(),
});
export type RunTiming = z.infer<typeof runTiming>;

/** One instance's result in a batch; a plain run has one. Output is a prefix cut at the output limit. */
export const runItem = z.strictObject({
  outcome: runOutcome,
  results: z.array(guestValue),
  stdout: bytes,
  stderr: bytes,
  files: z.array(guestFile),
  usage: runUsage,
});
export type RunItem = z.infer<typeof runItem>;

export const runState = z.enum(['queued', 'starting', 'running', 'paused', 'stopping', 'ended']);
export type RunState = z.infer<typeof runState>;

/** Live numbers, at most ten a second. */
export const runGauge = z.strictObject({
  runId,
  state: runState,
  fuelUsed: z.nullable(u64),
  memoryBytes: z.nullable(count),
  elapsedMs: z.number(),
  outputBytes: count,
});
export type RunGauge = z.infer<typeof runGauge>;

/** A run as lists and the run view show it; contents are fetched apart, by `runs.output`. */
export const runRecord = z.strictObject({
  runId,
  module: moduleDigest,
  moduleName: z.string(),
  moduleBytes: count,
  entry: entryPoint,
  /** the program's arguments, when it is a WASI program */
  programArgs: z.array(z.string()),
  policy: z.string(),
  limits,
  grants: z.array(capability),
  isDeterministic: z.boolean(),
  batchSize: count,
  state: runState,
  startedAt: timestamp,
  finishedAt: z.nullable(timestamp),
  outcome: z.nullable(runOutcome),
  results: z.array(guestValue),
  stdoutBytes: count,
  stderrBytes: count,
  files: z.array(z.strictObject({ path: z.string(), sizeBytes: count })),
  usage: z.nullable(runUsage),
  timing: z.nullable(runTiming),
  /** sequence numbers of its entries in the log */
  ledgerSeqs: z.array(count),
  receiptId: z.nullable(z.string()),
  /** of the sealed output, when it was asked for or the run was a session's; results and output then stand empty */
  sealedBytes: z.optional(count),
});
export type RunRecord = z.infer<typeof runRecord>;

import * as z from 'zod/mini';
import { runItem, runRecord, runRequest } from '../model/run.ts';
import { bytes, count, moduleDigest, runId } from '../model/scalars.ts';
import { call } from './call.ts';

const startErrors = [
  'module.not-found',
  'run.no-such-export',
  'run.bad-argument',
  'run.bad-limit',
  'run.busy',
  'policy.not-found',
  'vault.locked',
  'vault.key-not-found',
  'vault.key-unusable',
] as const;

export const outputStream = z.enum(['stdout', 'stderr']);
export type OutputStream = z.infer<typeof outputStream>;

export const runs = {
  start: call({
    summary: 'Start a run and return at once; events tell the rest',
    scope: 'run',
    input: runRequest,
    output: z.strictObject({ runId }),
    errors: startErrors,
  }),
  execute: call({
    summary: 'Run and wait for the outcome, at most the response limit',
    scope: 'run',
    input: runRequest,
    output: z.strictObject({ record: runRecord, items: z.array(runItem) }),
    errors: [...startErrors, 'run.too-late'],
  }),
  list: call({
    summary: 'Runs, newest first',
    scope: 'read',
    input: z.strictObject({ module: z.optional(moduleDigest), limit: z._default(count.check(z.lte(1000)), 100) }),
    output: z.array(runRecord),
  }),
  get: call({
    summary: 'One run',
    scope: 'read',
    input: z.strictObject({ runId }),
    output: runRecord,
    errors: ['run.not-found'],
  }),
  items: call({
    summary: 'The results of an ended run: one for each instance',
    scope: 'read',
    input: z.strictObject({ runId }),
    output: z.array(runItem),
    errors: ['run.not-found'],
  }),
  output: call({
    summary: 'A range of what a run has printed so far; at most 1 MiB',
    scope: 'read',
    input: z.strictObject({ runId, stream: outputStream, offset: count, length: count.check(z.lte(1_048_576)) }),
    output: z.strictObject({ bytes, totalBytes: count, isComplete: z.boolean() }),
    errors: ['run.not-found'],
  }),
  cancel: call({
    summary: 'Stop a run: cooperatively, then by terminating, then by killing',
    scope: 'run',
    input: z.strictObject({ runId }),
    output: z.strictObject({}),
    errors: ['run.not-found', 'run.not-running'],
  }),
  pause: call({
    summary: 'Hold a run at its next metering check',
    scope: 'run',
    input: z.strictObject({ runId }),
    output: z.strictObject({}),
    errors: ['run.not-found', 'run.not-running', 'run.not-pausable'],
  }),
  resume: call({
    summary: 'Let a paused run go on',
    scope: 'run',
    input: z.strictObject({ runId }),
    output: z.strictObject({}),
    errors: ['run.not-found', 'run.not-running'],
  }),
};

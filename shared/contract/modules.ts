import * as z from 'zod/mini';
import { moduleRecord, moduleSummary } from '../model/module-report.ts';
import { bytes, count, moduleDigest } from '../model/scalars.ts';
import { call } from './call.ts';

const loadErrors = [
  'module.unreadable',
  'module.too-large',
  'module.malformed',
  'module.unsupported',
  // a sealed module is opened with the own key that its header names
  'vault.locked',
  'vault.cannot-open',
] as const;

/** `isNew` is false when the same bytes were loaded before: the window then goes to the row it has. */
const loaded = z.strictObject({ record: moduleRecord, isNew: z.boolean() });

export const sampleInfo = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  isHostile: z.boolean(),
});
export type SampleInfo = z.infer<typeof sampleInfo>;

export const modules = {
  load: call({
    summary: 'Hash and inspect a module given as bytes; nothing of it is executed',
    scope: 'run',
    input: z.strictObject({ name: z.string().check(z.maxLength(1024)), bytes }),
    output: loaded,
    errors: loadErrors,
  }),
  /** Electron only over IPC (the preload resolves the path of a dropped file); over HTTP the files are the server's and it is refused. */
  loadPath: call({
    summary: 'Hash and inspect a module file of this machine',
    scope: 'admin',
    input: z.strictObject({ path: z.string().check(z.maxLength(32_768)) }),
    output: loaded,
    errors: loadErrors,
  }),
  samples: call({
    summary: 'The bundled samples',
    scope: 'read',
    input: z.strictObject({}),
    output: z.array(sampleInfo),
  }),
  loadSample: call({
    summary: 'Load a bundled sample',
    scope: 'run',
    input: z.strictObject({ name: z.string() }),
    output: loaded,
    errors: ['module.not-found', ...loadErrors],
  }),
  list: call({
    summary: 'All loaded modules, newest use first',
    scope: 'read',
    input: z.strictObject({}),
    output: z.array(moduleSummary),
  }),
  get: call({
    summary: 'One module with its report',
    scope: 'read',
    input: z.strictObject({ sha256: moduleDigest }),
    output: moduleRecord,
    errors: ['module.not-found'],
  }),
  remove: call({
    summary: 'Forget a module and its bytes; its entries in the log stay',
    scope: 'run',
    input: z.strictObject({ sha256: moduleDigest }),
    output: z.strictObject({}),
    errors: ['module.not-found'],
  }),
  read: call({
    summary: 'A range of the raw bytes, for the hex view; at most 1 MiB',
    scope: 'read',
    input: z.strictObject({ sha256: moduleDigest, offset: count, length: count.check(z.lte(1_048_576)) }),
    output: z.strictObject({ bytes, sizeBytes: count }),
    errors: ['module.not-found'],
  }),
};

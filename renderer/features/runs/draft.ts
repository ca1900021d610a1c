import type { Capability, ImportStub } from '../../../shared/model/capability.ts';
import type { LimitName, LimitsPatch } from '../../../shared/model/limits.ts';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { EntryPoint, RunRecord, RunRequestInput } from '../../../shared/model/run.ts';
import type { KeyId } from '../../../shared/model/scalars.ts';
import { joinArguments, splitArguments } from '../../lib/command-line.ts';
import { readLimit } from '../../lib/limit-text.ts';
import { exampleValue, readValue } from '../../lib/values.ts';

export type DraftFile = { readonly path: string; readonly file: File };

/** The inputs of a run as they stand in the form, before they are read. */
export type RunDraft = {
  /** an export's name, or null for the program itself */
  readonly entry: string | null;
  readonly args: readonly string[];
  readonly programArgs: string;
  readonly stdinText: string;
  readonly stdinFile: File | null;
  readonly env: readonly (readonly [string, string])[];
  readonly files: readonly DraftFile[];
  readonly isWritable: boolean;
  readonly policy: string;
  /** only what differs from the policy, as text */
  readonly limits: Partial<Record<LimitName, string>>;
  readonly grants: readonly Capability[];
  readonly stubs: readonly ImportStub[];
  readonly isDeterministic: boolean;
  readonly seed: string;
  /** the result is sealed to these, and not shown */
  readonly sealTo: readonly KeyId[];
};

export const zeroSeed = '0'.repeat(64);

/** The functions a module offers, with their parameter types. */
export function callableExports(record: ModuleRecord): { name: string; params: string[]; results: string[] }[] {
  return record.report.exports.flatMap((item) =>
    item.type.kind === 'function' ? [{ name: item.name, ...item.type.signature }] : [],
  );
}

/** What the form shows first: the program, the export asked for, or the first one. */
export function initialDraft(record: ModuleRecord, policy: string, wanted: string | null): RunDraft {
  const functions = callableExports(record);
  const isProgram = record.report.shape === 'command' && wanted === null;
  const entry = isProgram ? null : (functions.find((item) => item.name === wanted) ?? functions[0] ?? null);
  return {
    entry: entry?.name ?? null,
    args: entry?.params.map(exampleValue) ?? [],
    programArgs: '',
    stdinText: '',
    stdinFile: null,
    env: [],
    files: [],
    isWritable: false,
    policy,
    limits: {},
    grants: [],
    stubs: [],
    isDeterministic: false,
    seed: zeroSeed,
    sealTo: [],
  };
}

/** The draft that made a run, as far as the run's record keeps it: contents of files and stdin are not kept. */
export function draftOfRun(record: ModuleRecord, run: RunRecord): RunDraft {
  const draft = initialDraft(record, run.policy, run.entry.kind === 'export' ? run.entry.name : null);
  return {
    ...draft,
    entry: run.entry.kind === 'export' ? run.entry.name : null,
    args: run.entry.kind === 'export' ? run.entry.args : [],
    programArgs: joinArguments(run.programArgs.slice(1)),
    isDeterministic: run.isDeterministic,
  };
}

export type DraftErrors = { readonly [field: string]: string };

/** What keeps a draft from running, by field: `args.0`, `limits.timeMs`, `seed`, `files.1`. */
export function draftErrors(record: ModuleRecord, draft: RunDraft): DraftErrors {
  const errors: Record<string, string> = {};
  for (const [index, type] of parameterTypes(record, draft).entries()) {
    const read = readValue(type, draft.args[index] ?? '');
    if (!read.ok) errors[`args.${index}`] = read.error;
  }
  for (const [name, text] of Object.entries(draft.limits) as [LimitName, string][]) {
    const read = readLimit(name, text);
    if (!read.ok) errors[`limits.${name}`] = read.error;
  }
  for (const [index, [name]] of draft.env.entries()) {
    if (name === '' || name.includes('=')) errors[`env.${index}`] = 'expected a name without =';
  }
  for (const [index, file] of draft.files.entries()) {
    if (!/^\/[^\0]*[^/\0]$/.test(file.path)) errors[`files.${index}`] = 'expected an absolute path, as /data/input.txt';
  }
  if (draft.isDeterministic && !/^[0-9a-f]{64}$/.test(draft.seed)) errors.seed = 'expected 64 lower-case hex digits';
  return errors;
}

export function parameterTypes(record: ModuleRecord, draft: RunDraft): readonly string[] {
  if (draft.entry === null) return [];
  return callableExports(record).find((item) => item.name === draft.entry)?.params ?? [];
}

/** The request of a draft without errors. */
export async function requestOf(record: ModuleRecord, draft: RunDraft): Promise<RunRequestInput> {
  const limits = Object.fromEntries(
    Object.entries(draft.limits).flatMap(([name, text]) => {
      const read = readLimit(name as LimitName, text);
      return read.ok ? [[name, read.value]] : [];
    }),
  ) as LimitsPatch;
  const wasi = usesWasi(record) ? await wasiOf(record, draft) : undefined;
  return {
    module: record.sha256,
    entry: entryOf(record, draft),
    policy: draft.policy,
    ...(wasi === undefined ? {} : { wasi }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(draft.grants.length === 0 ? {} : { grants: [...draft.grants] }),
    ...(draft.stubs.length === 0 ? {} : { stubs: [...draft.stubs] }),
    ...(draft.sealTo.length === 0 ? {} : { sealTo: [...draft.sealTo] }),
    ...(draft.isDeterministic ? { determinism: { seed: draft.seed } } : {}),
  };
}

export function usesWasi(record: ModuleRecord): boolean {
  return record.report.imports.some((item) => item.module === 'wasi_snapshot_preview1');
}

function entryOf(record: ModuleRecord, draft: RunDraft): EntryPoint {
  if (draft.entry === null) return { kind: 'command' };
  const args = parameterTypes(record, draft).map((type, index) => {
    const read = readValue(type, draft.args[index] ?? '');
    return read.ok ? read.value : '';
  });
  return { kind: 'export', name: draft.entry, args };
}

async function wasiOf(record: ModuleRecord, draft: RunDraft): Promise<NonNullable<RunRequestInput['wasi']>> {
  const stdin = draft.stdinFile ?? new Blob([draft.stdinText]);
  const files = await Promise.all(draft.files.map(async ({ path, file }) => ({ path, content: await bytesOf(file) })));
  const folders = [...new Set(draft.files.map(({ path }) => `/${path.split('/')[1] ?? ''}`))];
  const isAtRoot = draft.files.some(({ path }) => path.lastIndexOf('/') === 0);
  const paths = isAtRoot ? ['/'] : folders;
  return {
    args: [record.name, ...splitArguments(draft.programArgs)],
    env: draft.env.map(([name, value]) => [name, value]),
    ...(stdin.size === 0 ? {} : { stdin: await bytesOf(stdin) }),
    folders: paths.map((path) => ({ path, isWritable: draft.isWritable })),
    files,
  };
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';
import * as z from 'zod/mini';
import { allCapabilities, type Capability, capability } from '../../shared/model/capability.ts';
import { type LimitName, type LimitsPatch, limitSpecs } from '../../shared/model/limits.ts';
import type { ModuleRecord } from '../../shared/model/module-report.ts';
import type { GuestFile, RunRequest } from '../../shared/model/run.ts';
import { parseBytes, parseDuration } from '../../shared/units.ts';
import { UsageError } from './command.ts';
import { type Flags, splitPair } from './flags.ts';
import type { SealedBy } from './module-argument.ts';

export const runFlags = {
  invoke: { type: 'string' },
  stdin: { type: 'string' },
  env: { type: 'string', multiple: true },
  file: { type: 'string', multiple: true },
  out: { type: 'string', multiple: true },
  arg0: { type: 'string' },
  memory: { type: 'string' },
  time: { type: 'string' },
  fuel: { type: 'string' },
  limit: { type: 'string', multiple: true },
  policy: { type: 'string' },
  grant: { type: 'string', multiple: true },
  deterministic: { type: 'boolean' },
  seed: { type: 'string' },
  batch: { type: 'string' },
  progress: { type: 'boolean' },
  'seal-to': { type: 'string', multiple: true },
  sealed: { type: 'string' },
  receipt: { type: 'string' },
  key: { type: 'string' },
  'file-passphrase': { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

/** What the command line asks for, read and checked as far as it can be without the module. */
export type RunOptions = {
  readonly file: string;
  readonly isJson: boolean;
  readonly hasProgress: boolean;
  /** names of keys and contacts that the output is sealed to */
  readonly sealTo: readonly string[];
  /** where the sealed output goes, and the receipt; undefined: not wanted, or a name of its own */
  readonly sealedFile: string | undefined;
  readonly receiptFile: string | undefined;
  readonly sealedBy: SealedBy;
  readonly outputs: readonly { readonly guest: string; readonly host: string }[];
  /** @throws UsageError when the module has nothing to call that way */
  requestFor(module: ModuleRecord): RunRequest;
};

/** @throws UsageError naming the flag and what was expected */
export async function readRunFlags(flags: Flags, workingFolder: string): Promise<RunOptions> {
  const [file, ...args] = flags.positionals;
  if (file === undefined) throw new UsageError('run wants a FILE');
  const wasi = await readWasiFlags(flags, file, workingFolder);
  const batch = await readBatch(flags.text('batch'), workingFolder);
  const limits = readLimits(flags);
  const grants = readGrants(flags, wasi);
  const determinism = readDeterminism(flags);
  const policy = flags.text('policy');
  const invoke = flags.text('invoke');
  return {
    file: path.resolve(workingFolder, file),
    isJson: flags.isOn('json'),
    hasProgress: flags.isOn('progress'),
    sealTo: flags.texts('seal-to').flatMap((text) => text.split(',')),
    sealedFile: flags.text('sealed'),
    receiptFile: flags.text('receipt'),
    sealedBy: { passphraseFile: flags.text('file-passphrase'), key: flags.text('key') },
    outputs: flags.texts('out').map((text) => {
      const [guest, host] = splitPair('out', text);
      return { guest: absolute(guest), host: path.resolve(workingFolder, host) };
    }),
    requestFor: (module) => ({
      module: module.sha256,
      entry: entryFor(module, invoke, args),
      wasi,
      limits,
      grants,
      ...(policy === undefined ? {} : { policy }),
      ...(determinism === undefined ? {} : { determinism }),
      ...(batch === undefined ? {} : { batch }),
    }),
  };
}

function entryFor({ report }: ModuleRecord, invoke: string | undefined, args: string[]): RunRequest['entry'] {
  if (invoke !== undefined) return { kind: 'export', name: invoke, args };
  const functions = report.exports.filter((candidate) => candidate.type.kind === 'function').map(({ name }) => name);
  if (functions.includes('_start')) {
    if (args.length === 0) return { kind: 'command' };
    throw new UsageError(`a program's arguments go after --, as in: run FILE -- ${args.join(' ')}`);
  }
  const shown = functions.slice(0, 12).join(', ') + (functions.length > 12 ? ', …' : '');
  throw new UsageError(
    `this module is not a program; call one of its functions with --invoke: ${shown || '(it exports none)'}`,
  );
}

async function readWasiFlags(flags: Flags, file: string, folder: string): Promise<NonNullable<RunRequest['wasi']>> {
  const stdin = flags.text('stdin');
  const files: GuestFile[] = [];
  for (const text of flags.texts('file')) {
    const [guest, host] = splitPair('file', text);
    files.push(...(await readHost(absolute(guest), path.resolve(folder, host))));
  }
  const hasFiles = files.length > 0 || flags.texts('file').length > 0 || flags.texts('out').length > 0;
  return {
    args: [flags.text('arg0') ?? path.basename(file), ...(flags.rest ?? [])],
    env: flags.texts('env').map((text) => splitPair('env', text)),
    ...(stdin === undefined ? {} : { stdin: await readInput(stdin, folder) }),
    folders: hasFiles ? [{ path: '/', isWritable: true }] : [],
    files,
  };
}

/** A file as it is, a folder with everything in it. What is neither is left out. */
async function readHost(guest: string, host: string): Promise<GuestFile[]> {
  const found = await stat(host).catch(() => undefined);
  if (found === undefined) throw new UsageError(`--file: there is nothing at ${host}`);
  if (found.isFile()) return [{ path: guest, content: new Uint8Array(await readFile(host)) }];
  if (!found.isDirectory()) throw new UsageError(`--file: ${host} is neither a file nor a folder`);
  const files: GuestFile[] = [];
  for (const entry of await readdir(host, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = path.join(entry.parentPath, entry.name);
    const inside = path.relative(host, from).split(path.sep).join('/');
    files.push({ path: path.posix.join(guest, inside), content: new Uint8Array(await readFile(from)) });
  }
  return files;
}

async function readInput(name: string, folder: string): Promise<Uint8Array> {
  if (name !== '-') return readOwn('stdin', path.resolve(folder, name));
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

async function readOwn(flag: string, file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch {
    throw new UsageError(`--${flag}: ${file} could not be read`);
  }
}

function readLimits(flags: Flags): LimitsPatch {
  const patch: Record<string, number | string> = {};
  const memory = flags.text('memory');
  if (memory !== undefined) patch.memoryBytes = parseBytes(memory) ?? wrong('memory', 'a size, as 64MiB');
  const time = flags.text('time');
  if (time !== undefined) patch.timeMs = parseDuration(time) ?? wrong('time', 'a duration, as 10s or 250ms');
  const fuel = flags.text('fuel');
  if (fuel !== undefined) patch.fuel = /^\d{1,19}$/.test(fuel) ? String(BigInt(fuel)) : wrong('fuel', 'a whole number');
  for (const text of flags.texts('limit')) {
    const [name, value] = splitPair('limit', text);
    if (!Object.hasOwn(limitSpecs, name)) wrong('limit', `one of ${Object.keys(limitSpecs).join(', ')}`);
    const { unit } = limitSpecs[name as LimitName];
    const number = unit === 'ms' ? (parseDuration(value) ?? parseBytes(value)) : parseBytes(value);
    patch[name] =
      number === undefined ? wrong('limit', `${name} as a whole number`) : name === 'fuel' ? String(number) : number;
  }
  return patch as LimitsPatch;
}

/** What is handed over is granted with it: nobody gives a program a file that it may not read. */
function readGrants(flags: Flags, wasi: NonNullable<RunRequest['wasi']>): Capability[] {
  const grants = new Set<Capability>();
  for (const name of flags.texts('grant').flatMap((text) => text.split(','))) {
    if (name === 'all') for (const each of allCapabilities) grants.add(each);
    else if (capability.options.includes(name as Capability)) grants.add(name as Capability);
    else wrong('grant', `all, or of ${allCapabilities.join(', ')}`);
  }
  if (wasi.args.length > 1) grants.add('args');
  if (wasi.env.length > 0) grants.add('env');
  if (wasi.stdin !== undefined) grants.add('stdin');
  if (wasi.folders.length > 0) grants.add('files');
  return [...grants];
}

function readDeterminism(flags: Flags): RunRequest['determinism'] {
  const seed = flags.text('seed');
  if (!flags.isOn('deterministic')) {
    if (seed !== undefined) throw new UsageError('--seed goes with --deterministic');
    return undefined;
  }
  if (seed !== undefined && !/^[0-9a-f]{64}$/i.test(seed)) wrong('seed', '64 hexadecimal digits');
  return { seed: (seed ?? '0'.repeat(64)).toLowerCase() };
}

const batchItem = z.strictObject({ args: z.optional(z.array(z.string())), stdin: z.optional(z.string()) });

async function readBatch(file: string | undefined, folder: string): Promise<RunRequest['batch']> {
  if (file === undefined) return undefined;
  const text = Buffer.from(await readOwn('batch', path.resolve(folder, file)))
    .toString('utf8')
    .trim();
  let raw: unknown;
  try {
    raw = text.startsWith('[') ? JSON.parse(text) : text.split('\n').map((line) => JSON.parse(line) as unknown);
  } catch {
    return wrong('batch', 'a file with a JSON array or JSON lines');
  }
  const parsed = z.array(batchItem).safeParse(raw);
  if (!parsed.success) return wrong('batch', 'items of the form { "args": ["…"], "stdin": "…" }');
  return parsed.data.map(({ args, stdin }) => ({
    ...(args === undefined ? {} : { args }),
    ...(stdin === undefined ? {} : { stdin: new Uint8Array(Buffer.from(stdin)) }),
  }));
}

function absolute(guestPath: string): string {
  return path.posix.resolve('/', guestPath);
}

function wrong(flag: string, expected: string): never {
  throw new UsageError(`--${flag} wants ${expected}`);
}

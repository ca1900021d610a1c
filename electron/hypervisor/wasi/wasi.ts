import type { Capability } from '../../../shared/model/capability.ts';
import type { GuestFile, GuestFolder } from '../../../shared/model/run.ts';
import { type WasiFunctionName, wasiFunctionNames, wasiFunctions } from '../../../shared/model/wasi-functions.ts';
import { ALL_RIGHTS, DIRECTORY_RIGHTS, INPUT_RIGHTS, OUTPUT_RIGHTS } from './abi.ts';
import { createHostClock, createVirtualClock, VIRTUAL_EPOCH_NS } from './clock.ts';
import type { WasiContext } from './context.ts';
import { CALL_COST } from './cost.ts';
import { DescriptorTable } from './descriptors.ts';
import { errno, WasiError } from './errno.ts';
import { type Folders, mountFolders, WasiInputError } from './file-system/folders.ts';
import { clockFunctions } from './functions/clock.ts';
import { descriptorFunctions } from './functions/descriptor.ts';
import { directoryFunctions } from './functions/directory.ts';
import { fileStatusFunctions } from './functions/file-status.ts';
import { pathFunctions } from './functions/path.ts';
import { pollFunctions } from './functions/poll.ts';
import { processFunctions } from './functions/process.ts';
import { socketFunctions } from './functions/socket.ts';
import { transferFunctions } from './functions/transfer.ts';
import { GuestMemory } from './guest-memory.ts';
import { createBytesInput } from './input.ts';
import type { InputPort, WasiPorts } from './ports.ts';
import { createHostRandom, createSeededRandom } from './random.ts';
import type { WasiFunctions } from './signatures.ts';

/** What one instance is given. */
export type WasiOptions = {
  /** argv including argv[0] */
  readonly args: readonly string[];
  readonly env: readonly (readonly [name: string, value: string])[];
  /** all of it, or a stream; nothing is an empty input */
  readonly stdin?: Uint8Array | InputPort | undefined;
  readonly folders: readonly GuestFolder[];
  readonly files: readonly GuestFile[];
  readonly grants: readonly Capability[];
  readonly limits: {
    readonly fileBytes: number;
    readonly fileEntries: number;
    /** open at the same time; 1024 unless told */
    readonly descriptors?: number;
  };
  /** 32 bytes: run deterministically, with virtual clocks and this as the key of the random stream */
  readonly seed?: Uint8Array | undefined;
  readonly ports: WasiPorts;
};

/** A value of the guest as it crosses into the host. */
type GuestArgument = number | bigint;
export type WasiImport = (...args: GuestArgument[]) => number;

/** One instance's WASI: hand `imports` to the module as `wasi_snapshot_preview1`, then `attach` its memory. */
export type Wasi = {
  /** all 46 functions, without a prototype */
  readonly imports: Readonly<Record<WasiFunctionName, WasiImport>>;
  /** gives the instance's memory; until then every address is outside it */
  attach(memory: WebAssembly.Memory): void;
  /** what the guest has written in writable folders, by absolute path, sorted */
  files(): GuestFile[];
};

const DEFAULT_DESCRIPTORS = 1024;

/**
 * Makes WASI preview 1 for one instance over an in-memory file system, with no power but the ports.
 * @throws WasiInputError when what the guest is to be given cannot be (a path, a limit, a NUL in an argument)
 */
export function createWasi(options: WasiOptions): Wasi {
  const { ports } = options;
  const granted = new Set(options.grants);
  const memory = new GuestMemory();
  const clock = options.seed ? createVirtualClock(ports) : createHostClock(ports);
  // Without the clock, the times of files must not tell the time either.
  const now = granted.has('clock') ? clock.realtime : () => VIRTUAL_EPOCH_NS;
  const folders = mountFolders(granted.has('files') ? options : { folders: [], files: [] }, options.limits, now);
  const descriptors = new DescriptorTable(options.limits.descriptors ?? DEFAULT_DESCRIPTORS, (closed) => {
    if (closed.kind === 'file') folders.files.close(closed.node);
  });
  openStandard(descriptors, options.stdin, folders);
  const context: WasiContext = {
    end: undefined,
    memory,
    ports,
    descriptors,
    files: folders.files,
    clock,
    random: options.seed ? createSeededRandom(options.seed) : createHostRandom(ports),
    args: options.args.map((text) => encodeString(text, 'argument')),
    env: options.env.map(([name, value]) => encodeString(`${checkName(name)}=${value}`, 'environment variable')),
    need(capability, functionName) {
      if (!granted.has(capability)) ports.deny(capability, functionName);
    },
  };
  return {
    imports: bindFunctions(context),
    attach: (attached) => memory.attach(attached),
    files: () => folders.changedFiles(),
  };
}

function openStandard(descriptors: DescriptorTable, stdin: WasiOptions['stdin'], folders: Folders): void {
  const input = stdin === undefined || stdin instanceof Uint8Array ? createBytesInput(stdin) : stdin;
  descriptors.add({ kind: 'input', input, rights: INPUT_RIGHTS, inheriting: 0, flags: 0 });
  descriptors.add({ kind: 'output', stream: 'stdout', rights: OUTPUT_RIGHTS, inheriting: 0, flags: 0 });
  descriptors.add({ kind: 'output', stream: 'stderr', rights: OUTPUT_RIGHTS, inheriting: 0, flags: 0 });
  for (const { path, node } of folders.preopens) {
    descriptors.add({
      kind: 'directory',
      node,
      preopen: path,
      rights: DIRECTORY_RIGHTS,
      inheriting: ALL_RIGHTS,
      flags: 0,
    });
  }
}

function bindFunctions(context: WasiContext): Record<WasiFunctionName, WasiImport> {
  const functions: WasiFunctions = {
    ...processFunctions(context),
    ...clockFunctions(context),
    ...transferFunctions(context),
    ...descriptorFunctions(context),
    ...fileStatusFunctions(context),
    ...directoryFunctions(context),
    ...pathFunctions(context),
    ...pollFunctions(context),
    ...socketFunctions(context),
  };
  const imports = Object.create(null) as Record<WasiFunctionName, WasiImport>;
  for (const name of wasiFunctionNames) imports[name] = bind(context, name, functions[name]);
  return Object.freeze(imports);
}

/**
 * What the engine calls: pays, makes arguments unsigned, and turns a thrown error number into the result.
 * Anything else that is thrown ends the instance: whatever the guest does with it, every later call throws it again.
 */
function bind(context: WasiContext, name: WasiFunctionName, run: (...args: never[]) => void): WasiImport {
  const { params } = wasiFunctions[name];
  return (...raw) => {
    if (context.end) throw context.end.cause;
    try {
      context.ports.checkpoint(CALL_COST);
      context.need('wasi', name);
      run(...(unsigned(params, raw) as never[]));
      return errno.success;
    } catch (error) {
      if (error instanceof WasiError) return error.errno;
      context.end = { cause: error };
      throw error;
    }
  };
}

/** A module may import a function under any type: what does not fit is refused, not converted. */
function unsigned(params: string, raw: GuestArgument[]): GuestArgument[] {
  for (let index = 0; index < params.length; index++) {
    const value = raw[index];
    if (params[index] === 'I') {
      if (typeof value !== 'bigint') throw new WasiError('inval');
      raw[index] = BigInt.asUintN(64, value);
    } else {
      if (typeof value !== 'number') throw new WasiError('inval');
      raw[index] = value >>> 0;
    }
  }
  return raw;
}

const encoder = new TextEncoder();

function encodeString(text: string, what: string): Uint8Array {
  if (text.includes('\0')) throw new WasiInputError(`${what} must not contain a NUL`);
  return encoder.encode(`${text}\0`);
}

function checkName(name: string): string {
  if (name === '' || name.includes('=')) throw new WasiInputError('environment variable must have a name without =');
  return name;
}

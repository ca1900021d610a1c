import type { Capability } from '../../../shared/model/capability.ts';
import { capabilityOf, createWasi, type Wasi, type WasiPorts, wasiModuleName } from '../wasi/index.ts';
import type { ExecutionControl } from './control.ts';
import type { GuestOutput } from './output.ts';
import type { Execution } from './protocol.ts';

/** Guests get no finer clock than this. */
const CLOCK_RESOLUTION_MS = 1;

/** What a policy must grant for this import; null when no grant covers it. */
export function capabilityOfImport(module: string, name: string): Capability | null {
  return module === wasiModuleName ? (capabilityOf(name) ?? null) : null;
}

/**
 * Makes WASI for one execution, with the powers that its worker has.
 * @throws WasiInputError when what the guest is to be given cannot be
 */
export function createWasiHost(
  { wasi, grants, limits, determinism }: Execution,
  control: ExecutionControl,
  output: GuestOutput,
): Wasi {
  return createWasi({
    args: wasi?.args ?? [],
    env: wasi?.env ?? [],
    stdin: wasi?.stdin,
    folders: wasi?.folders ?? [],
    files: wasi?.files ?? [],
    grants,
    limits: { fileBytes: limits.fileBytes, fileEntries: limits.fileEntries },
    seed: determinism === null ? undefined : seedBytes(determinism.seed),
    ports: createPorts(control, output),
  });
}

function createPorts(control: ExecutionControl, output: GuestOutput): WasiPorts {
  return {
    now: () => Math.floor(Date.now() / CLOCK_RESOLUTION_MS) * CLOCK_RESOLUTION_MS,
    monotonic: () => Math.floor(performance.now() / CLOCK_RESOLUTION_MS) * CLOCK_RESOLUTION_MS,
    sleep: (ms) => control.sleep(ms),
    randomFill: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
    writeOut: (stream, bytes) => output.write(control, stream, bytes),
    checkpoint: (cost) => control.checkpoint(cost),
    fuelUsed: () => control.fuelUsed(),
    exit: (code) => control.end({ kind: 'exited', exitCode: code }),
    deny: (capability, name) =>
      control.end({
        kind: 'denied',
        message: `${name} needs the capability ${capability}, which was not granted`,
        missing: [{ module: wasiModuleName, name, capability }],
      }),
  };
}

function seedBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

import type { Capability } from '../../../shared/model/capability.ts';
import type { WasiFunctionName } from '../../../shared/model/wasi-functions.ts';
import type { GuestClock } from './clock.ts';
import type { DescriptorTable } from './descriptors.ts';
import type { FileSystem } from './file-system/file-system.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { WasiPorts } from './ports.ts';
import type { RandomSource } from './random.ts';

/** What the functions of one instance share. */
export type WasiContext = {
  /** set once a port has ended the run */
  end: { readonly cause: unknown } | undefined;
  readonly memory: GuestMemory;
  readonly ports: WasiPorts;
  readonly descriptors: DescriptorTable;
  readonly files: FileSystem;
  readonly clock: GuestClock;
  readonly random: RandomSource;
  /** argument and environment strings as the guest gets them: UTF-8 and a NUL */
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  /** ends the run as denied unless the capability was granted */
  need(capability: Capability, functionName: WasiFunctionName): void;
};

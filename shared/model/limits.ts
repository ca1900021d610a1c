import * as z from 'zod/mini';
import { GiB, KiB, MiB } from '../units.ts';
import { count, u64 } from './scalars.ts';

/** The limits of one run, every one in force (DESIGN §4). `fuel` null means unmetered by budget, though still counted. */
export const limits = z.strictObject({
  memoryBytes: count,
  timeMs: count,
  fuel: z.nullable(u64),
  instances: count,
  tableElements: count,
  stackBytes: count,
  moduleBytes: count,
  functions: count,
  imports: count,
  exports: count,
  outputBytes: count,
  fileBytes: count,
  fileEntries: count,
});
export type Limits = z.infer<typeof limits>;
export type LimitName = keyof Limits;

/** What a policy, a module override or a run says about limits: only what differs from the layer beneath. */
export const limitsPatch = z.partial(limits);
export type LimitsPatch = z.infer<typeof limitsPatch>;

export type LimitUnit = 'bytes' | 'ms' | 'fuel' | 'count';

/** Unit, range and default of one limit, and what happens at it. `fuel` ranges are bigint-sized, so all are bigint. */
export type LimitSpec = {
  readonly unit: LimitUnit;
  readonly min: bigint;
  readonly max: bigint;
  readonly initial: bigint | null;
  readonly label: string;
  /** what happens at the limit, for people */
  readonly effect: string;
};

/** The engine's own maxima and defaults: nothing above may raise a limit over `max` (DESIGN §4). */
export const limitSpecs: { readonly [name in LimitName]: LimitSpec } = {
  memoryBytes: spec('bytes', 64 * KiB, 4 * GiB, 64 * MiB, 'Memory', 'memory.grow fails; a larger minimum is denied'),
  timeMs: spec('ms', 10, 300_000, 10_000, 'Time', 'the run is stopped: timed out'),
  fuel: {
    unit: 'fuel',
    min: 1n,
    max: 2n ** 63n,
    initial: null,
    label: 'Fuel',
    effect: 'the run is stopped: out of fuel',
  },
  instances: spec('count', 1, 100, 100, 'Instances', 'a larger batch is denied'),
  tableElements: spec(
    'count',
    0,
    10_000_000,
    1_000_000,
    'Table elements',
    'table.grow fails; a larger minimum is denied',
  ),
  // a worker does not boot on less
  stackBytes: spec('bytes', 256 * KiB, 8 * MiB, 1 * MiB, 'Stack', 'the guest traps: stack overflow'),
  moduleBytes: spec('bytes', 8, 1 * GiB, 128 * MiB, 'Module size', 'the module is denied'),
  functions: spec('count', 0, 1_000_000, 200_000, 'Functions', 'the module is denied'),
  imports: spec('count', 0, 100_000, 10_000, 'Imports', 'the module is denied'),
  exports: spec('count', 0, 1_000_000, 100_000, 'Exports', 'the module is denied'),
  outputBytes: spec('bytes', 0, 1 * GiB, 16 * MiB, 'Output', 'the run is stopped: output limit'),
  fileBytes: spec('bytes', 0, 1 * GiB, 64 * MiB, 'Guest files', 'writes fail with ENOSPC'),
  fileEntries: spec('count', 0, 100_000, 10_000, 'File entries', 'creating files fails with ENOSPC'),
};

/** The limits of the built-in policy Default. */
export const defaultLimits: Limits = {
  memoryBytes: 64 * MiB,
  timeMs: 10_000,
  fuel: null,
  instances: 100,
  tableElements: 1_000_000,
  stackBytes: 1 * MiB,
  moduleBytes: 128 * MiB,
  functions: 200_000,
  imports: 10_000,
  exports: 100_000,
  outputBytes: 16 * MiB,
  fileBytes: 64 * MiB,
  fileEntries: 10_000,
};

/** Limits of the whole hypervisor rather than of one run. */
export const hostLimits = {
  /** executions that run at the same time; 1 to 1000 */
  concurrentExecutions: 100,
  /** executions that may wait; one more is refused with `run.busy` */
  queuedExecutions: 1000,
  /** queue + run, ms; then the caller gets an answer that says so while the run goes on to its own deadline */
  responseMs: 30_000,
} as const;

/** The first value of `patch` that is outside its range, as a message; undefined when all are inside. */
export function limitError(patch: LimitsPatch): { name: LimitName; message: string } | undefined {
  for (const [name, value] of Object.entries(patch) as [LimitName, number | string | null][]) {
    if (value === null || value === undefined) continue;
    const { min, max, label, unit } = limitSpecs[name];
    const wide = BigInt(value);
    if (wide < min || wide > max) {
      const suffix = unit === 'count' || unit === 'fuel' ? '' : ` ${unit}`;
      return { name, message: `${label.toLowerCase()} limit must be ${min} to ${max}${suffix}` };
    }
  }
  return undefined;
}

function spec(unit: LimitUnit, min: number, max: number, initial: number, label: string, effect: string): LimitSpec {
  return { unit, min: BigInt(min), max: BigInt(max), initial: BigInt(initial), label, effect };
}

import type { Capability } from '../../shared/model/capability.ts';
import type { LimitsPatch } from '../../shared/model/limits.ts';
import type { EntryPoint, OutcomeKind } from '../../shared/model/run.ts';
import { MiB, PAGE_BYTES } from '../../shared/units.ts';

/** A hostile guest, how it is run, and the one thing that may come of it. */
export type HostileGuest = {
  /** the `.wat` file in `zoo/` */
  readonly name: string;
  /** what it shows to hold, for people */
  readonly holds: string;
  readonly entry: EntryPoint;
  readonly limits: LimitsPatch;
  readonly grants: readonly Capability[];
  readonly outcome: OutcomeKind;
  /** the value it has to return, where it returns one */
  readonly value?: string;
};

const go = (...args: string[]): EntryPoint => ({ kind: 'export', name: 'go', args });
const command: EntryPoint = { kind: 'command' };
const MEMORY = { memoryBytes: 4 * MiB };

export const zoo: readonly HostileGuest[] = [
  { name: 'spin', holds: 'time limit', entry: go(), limits: { timeMs: 300 }, grants: [], outcome: 'timed-out' },
  {
    name: 'start-loop',
    holds: 'time limit, in the start section',
    entry: go(),
    limits: { timeMs: 300 },
    grants: [],
    outcome: 'timed-out',
  },
  { name: 'spin', holds: 'fuel limit', entry: go(), limits: { fuel: '1000000' }, grants: [], outcome: 'out-of-fuel' },
  {
    name: 'memory-bomb',
    holds: 'memory limit',
    entry: go(),
    limits: MEMORY,
    grants: [],
    outcome: 'finished',
    value: String((4 * MiB) / PAGE_BYTES - 15),
  },
  {
    name: 'memory-minimum',
    holds: 'memory limit, before it begins',
    entry: go(),
    limits: MEMORY,
    grants: [],
    outcome: 'denied',
  },
  {
    name: 'table-bomb',
    holds: 'table limit',
    entry: go(),
    limits: { tableElements: 250_000 },
    grants: [],
    outcome: 'finished',
    value: '200001',
  },
  { name: 'recursion', holds: 'stack limit', entry: go('0'), limits: {}, grants: [], outcome: 'trapped' },
  {
    name: 'flood',
    holds: 'output limit',
    entry: command,
    limits: { outputBytes: 1 * MiB },
    grants: ['wasi'],
    outcome: 'output-limit',
  },
  {
    name: 'host-function',
    holds: 'no function of the host',
    entry: go(),
    limits: {},
    grants: ['wasi'],
    outcome: 'denied',
  },
  {
    name: 'ungranted-clock',
    holds: 'no clock without a grant',
    entry: command,
    limits: {},
    grants: ['wasi'],
    outcome: 'denied',
  },
  {
    name: 'burrow',
    holds: 'no file of this machine',
    entry: go(),
    limits: {},
    grants: ['wasi', 'files'],
    outcome: 'finished',
    value: '0',
  },
];

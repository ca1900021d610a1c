export { checkEntry } from './entry.ts';
export { forkGuest } from './fork.ts';
export { createHypervisor, type Hypervisor, type HypervisorOptions, type InspectedModule } from './hypervisor.ts';
export type { BatchInput, RunEvent, RunHandle, RunJob, RunOutput, RunResult } from './job.ts';
export { createRunId } from './run-id.ts';
export type { GuestChannel, GuestExit, SpawnGuest } from './spawn.ts';

import type { Hypervisor, RunHandle, RunJob, RunResult } from '../../electron/hypervisor/index.ts';
import { defaultLimits, type Limits } from '../../shared/model/limits.ts';
import { assemble } from './wat.ts';

export type RunOptions = Partial<Omit<RunJob, 'limits' | 'entry' | 'bytes'>> & {
  readonly name?: string;
  readonly args?: string[];
  readonly limits?: Partial<Limits>;
};

/** The defaults but for time: a busy machine must not decide what a test comes to. */
export const patientLimits: Limits = { ...defaultLimits, timeMs: 120_000 };

/** Runs modules given as text or bytes through a hypervisor, inspecting each as the app does. */
export type Runner = {
  start(module: string | Uint8Array, options?: RunOptions): Promise<RunHandle>;
  run(module: string | Uint8Array, options?: RunOptions): Promise<RunResult>;
};

/** @throws Error with the refusal's code and message where inspecting or starting is refused */
export function createRunner(hypervisor: Hypervisor): Runner {
  async function start(module: string | Uint8Array, options: RunOptions = {}): Promise<RunHandle> {
    const { name, args, limits, ...rest } = options;
    const bytes = typeof module === 'string' ? assemble(module) : module;
    const inspected = await hypervisor.inspect(bytes, patientLimits);
    if (!inspected.ok) throw new Error(`${inspected.error.code}: ${inspected.error.message}`);
    const { sha256, report } = inspected.value;
    const started = hypervisor.start({
      grants: [],
      ...rest,
      sha256,
      bytes,
      report,
      entry: name === undefined ? { kind: 'command' } : { kind: 'export', name, args: args ?? [] },
      limits: { ...patientLimits, ...limits },
    });
    if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
    return started.value;
  }
  return { start, run: async (module, options) => (await start(module, options)).done };
}

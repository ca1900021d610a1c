import { inspect } from '../../../electron/wasm/index.ts';
import { allCapabilities } from '../../../shared/model/capability.ts';
import { MiB } from '../../../shared/units.ts';
import type { Runner, RunOptions } from '../../support/runner.ts';
import { type Program, type ProgramResult, stubsFor } from './program.ts';

const text = (content: Uint8Array) => new TextDecoder().decode(content);

/** What a run through the supervisor came to, with its fuel. */
export type SupervisedResult = ProgramResult & { readonly outcome: unknown; readonly fuelUsed: string | null };

/** Runs a program as the app does: in a guest process, metered, deterministically under a fixed seed. */
export async function runSupervised(runner: Runner, program: Program): Promise<SupervisedResult> {
  const options: RunOptions = {
    ...(program.entry === 'run' ? { name: 'run', args: ['@return:pair'] } : {}),
    wasi: { args: ['program'], env: [], folders: [], files: [], ...program.input },
    grants: [...allCapabilities],
    stubs: stubsFor(program, inspect(program.bytes).imports),
    limits: { timeMs: 60_000, memoryBytes: 256 * MiB, imports: 10_000 },
    determinism: { seed: '07'.repeat(32) },
  };
  const { items, outcome } = await runner.run(program.bytes, options);
  const item = items[0]!;
  const returned = item.results.find(({ type }) => type === 'bytes')?.value ?? '';
  return {
    outcome,
    fuelUsed: item.usage.fuelUsed,
    stdout: text(item.stdout),
    stderr: text(item.stderr),
    returned: new Uint8Array(Buffer.from(returned, 'hex')),
    files: Object.fromEntries(item.files.map(({ path, content }) => [path, content])),
  };
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHypervisor, forkGuest, type Hypervisor } from '../../../electron/hypervisor/index.ts';
import { buildGuest } from '../../support/guest-bundle.ts';
import { createRunner, type Runner } from '../../support/runner.ts';
import { flite, perl, ruby } from './commands.ts';
import { lodepng, moduleLexer, quickjs, sha3, snappy, sqlite } from './libraries.ts';
import { runPlain } from './plain.ts';
import type { Program } from './program.ts';
import { runSupervised } from './supervised.ts';

let guest: Awaited<ReturnType<typeof buildGuest>>;
let hypervisor: Hypervisor;
let runner: Runner;

beforeAll(async () => {
  guest = await buildGuest();
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript), blankProcesses: 1, warmProcesses: 1 });
  runner = createRunner(hypervisor);
}, 60_000);
afterAll(async () => {
  await hypervisor.shutdown();
  await guest.remove();
});

const programs: (() => Program | Promise<Program>)[] = [
  ruby,
  perl,
  flite,
  quickjs,
  sqlite,
  lodepng,
  snappy,
  sha3,
  moduleLexer,
];
const loaded: Program[] = [];
// One after the other: what a package compiles while it is loaded is its own.
for (const load of programs) loaded.push(await load());

describe.each(loaded)('$name', (program) => {
  test('comes to the same on the plain engine with WASI around it', () => {
    program.check(runPlain(program));
  });

  test('comes to the same metered in a guest process, twice with equal output, files and fuel', async () => {
    const first = await runSupervised(runner, program);
    const ended = program.entry === 'command' ? { kind: 'exited', exitCode: 0 } : { kind: 'finished' };
    expect(first.outcome).toEqual(ended);
    program.check(first);
    const second = await runSupervised(runner, program);
    expect(second).toEqual(first);
    expect(Number(first.fuelUsed)).toBeGreaterThan(1000);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHypervisor, forkGuest, type Hypervisor } from '../../../electron/hypervisor/index.ts';
import { generated } from '../../fixtures/guests/generated.ts';
import { buildGuest } from '../../support/guest-bundle.ts';
import { createRunner, type Runner } from '../../support/runner.ts';

let guest: Awaited<ReturnType<typeof buildGuest>>;
let hypervisor: Hypervisor;
let runner: Runner;

beforeAll(async () => {
  guest = await buildGuest();
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript) });
  runner = createRunner(hypervisor);
});
afterAll(async () => {
  await hypervisor.shutdown();
  await guest.remove();
});

const refused: [keyof typeof generated, string][] = [
  ['import-flood', 'module.too-large: expected at most 10000 imports'],
  ['export-flood', 'module.too-large: expected at most 100000 exports'],
  ['function-flood', 'module.too-large: expected at most 200000 functions'],
  ['too-huge-body', 'module.too-large: expected at most 7654321 bytes in a function body'],
  ['duplicate-exports', 'module.malformed: expected export names to differ, found f twice'],
  ['export-name-broken-utf8', 'module.malformed: expected a name in UTF-8'],
  ['section-too-long', 'module.malformed: expected 127 bytes in the section, found 1'],
  ['truncated', 'module.malformed: expected 9 bytes in the section, found 6'],
  ['not-wasm', 'module.malformed: expected the magic bytes 00 61 73 6d of a WebAssembly module'],
  ['empty', 'module.malformed: expected the magic bytes 00 61 73 6d of a WebAssembly module'],
];

test.each(refused)('%s is refused with the place and what was expected', async (name, message) => {
  await expect(runner.run(generated[name](), { name: 'f' })).rejects.toThrow(message);
});

test.each(['deep-blocks', 'deep-ifs', 'giant-br-table', 'huge-body', 'thousand-memories'] as const)(
  '%s is only large, and runs',
  async (name) => {
    const { outcome } = await runner.run(generated[name](), { name: 'f' });
    expect(outcome).toEqual({ kind: 'finished' });
  },
);

test('a tiny file whose compilation is huge is stopped at its deadline', async () => {
  const { outcome } = await runner.run(generated['many-locals'](), { name: 'f', limits: { timeMs: 300 } });
  expect(outcome).toMatchObject({ kind: 'timed-out', limit: { name: 'time', value: '300 ms' } });
});

test('a name in broken UTF-8 is no name, and one that forges stack frames forges none', async () => {
  const broken = await runner.run(generated['function-name-broken-utf8'](), { name: 'f' });
  expect(broken.outcome.trap?.frames).toEqual([{ functionIndex: 0, functionName: null, offset: 30 }]);
  const forged = await runner.run(generated['function-name-forges-frames'](), { name: 'f' });
  expect(forged.outcome.trap?.frames.map(({ functionIndex }) => functionIndex)).toEqual([0]);
});

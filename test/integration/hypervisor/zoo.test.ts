import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHypervisor, forkGuest, type Hypervisor } from '../../../electron/hypervisor/index.ts';
import { buildGuest } from '../../support/guest-bundle.ts';
import { createRunner, type Runner } from '../../support/runner.ts';
import { readZoo } from '../../support/zoo.ts';

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

const zoo = readZoo();

test.each(zoo.map((each) => [each.name, each] as const))('%s comes to its one end', async (_, each) => {
  const { outcome, results } = await runner.run(each.bytes, each.options);
  expect(outcome).toMatchObject(each.expect);
  if (each.results !== undefined) expect(results.map(({ value }) => value)).toEqual(each.results);
});

import { afterEach, beforeAll, expect, test } from 'vitest';
import { createHypervisor, forkGuest, type Hypervisor } from '../../../electron/hypervisor/index.ts';
import { buildGuest } from '../../support/guest-bundle.ts';
import { createRunner, patientLimits } from '../../support/runner.ts';
import { assemble } from '../../support/wat.ts';

let guest: Awaited<ReturnType<typeof buildGuest>>;
let hypervisor: Hypervisor;

beforeAll(async () => {
  guest = await buildGuest();
  return () => guest.remove();
});
afterEach(() => hypervisor.shutdown());

/** Adds `salt` to its argument after some work; another salt is another module. */
function adder(salt: number): string {
  return `(module (memory (export "memory") 1)
    (func (export "f") (param i32) (result i32) (local $i i32)
      (loop $l (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20000))))
      (i32.add (i32.add (local.get 0) (i32.const ${salt})) (i32.sub (i32.load (i32.const 0)) (i32.const 20000)))))`;
}

test('a hundred executions of one module at once end as they should, each in a memory of its own', async () => {
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript) });
  const runner = createRunner(hypervisor);
  await runner.run(adder(7), { name: 'f', args: ['0'] });
  const runs = Array.from({ length: 100 }, (_, i) => runner.run(adder(7), { name: 'f', args: [String(i)] }));
  const values = (await Promise.all(runs)).map(({ results }) => results[0]?.value);
  expect(values).toEqual(Array.from({ length: 100 }, (_, i) => String(i + 7)));
});

test('a hundred different modules at once end as they should, each in a process of its own', async () => {
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript) });
  const runner = createRunner(hypervisor);
  const runs = Array.from({ length: 100 }, (_, i) => runner.run(adder(i), { name: 'f', args: ['1'] }));
  const values = (await Promise.all(runs)).map(({ results }) => results[0]?.value);
  expect(values).toEqual(Array.from({ length: 100 }, (_, i) => String(i + 1)));
});

test('beyond those that run and those that may wait the next is refused as busy, and the rest end well', async () => {
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript), concurrent: 2, queued: 3 });
  const bytes = assemble(adder(1));
  const inspected = await hypervisor.inspect(bytes, patientLimits);
  if (!inspected.ok) throw new Error(inspected.error.message);
  const { sha256, report } = inspected.value;
  const entry = { kind: 'export', name: 'f', args: ['1'] } as const;
  const start = () =>
    hypervisor.start({ sha256, bytes, report, entry: { ...entry, args: ['1'] }, limits: patientLimits, grants: [] });
  const started = Array.from({ length: 6 }, start);
  expect(started.map((each) => (each.ok ? 'started' : each.error.code))).toEqual([
    ...Array.from({ length: 5 }, () => 'started'),
    'run.busy',
  ]);
  const outcomes = await Promise.all(started.map(async (each) => each.ok && (await each.value.done).outcome.kind));
  expect(outcomes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'finished'));
  expect(start().ok).toBe(true);
});

test('a hundred inputs in one batch come back in their order', async () => {
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript) });
  const batch = Array.from({ length: 100 }, (_, i) => ({ args: [String(i)] }));
  const { items, outcome } = await createRunner(hypervisor).run(adder(3), { name: 'f', args: ['0'], batch });
  expect(outcome.kind).toBe('finished');
  expect(items.map(({ results }) => results[0]?.value)).toEqual(batch.map((_, i) => String(i + 3)));
});

test('a hundred guests that never end are all stopped, and the next run works', async () => {
  hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript) });
  const runner = createRunner(hypervisor);
  const loop = '(module (func (export "f") (loop (br 0))) (func (export "g") (result i32) (i32.const 5)))';
  const first = await runner.start(loop, { name: 'f' });
  const handles = [first, ...(await Promise.all(Array.from({ length: 99 }, () => runner.start(loop, { name: 'f' }))))];
  for (const handle of handles) handle.cancel();
  const kinds = new Set((await Promise.all(handles.map(({ done }) => done))).map(({ outcome }) => outcome.kind));
  expect(kinds).toEqual(new Set(['stopped']));
  expect((await runner.run(loop, { name: 'g' })).results).toEqual([{ type: 'i32', value: '5' }]);
});

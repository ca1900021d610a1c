import { expect, test } from 'vitest';
import { previewEffect } from '../../../../renderer/features/limits/effect.ts';
import { draftOfPolicy, freeName, readDraft } from '../../../../renderer/features/limits/policy-draft.ts';
import { readPolicyFile, writePolicyFile } from '../../../../renderer/features/limits/policy-file.ts';
import { defaultLimits } from '../../../../shared/model/limits.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import type { RunRecord } from '../../../../shared/model/run.ts';

const policy: Policy = {
  name: 'Mine',
  isBuiltIn: false,
  limits: { ...defaultLimits, memoryBytes: 65_537, timeMs: 1234 },
  grants: ['wasi'],
};

test('a policy goes into the editor and comes out the same, also where its values are not round', () => {
  expect(readDraft(draftOfPolicy(policy), [])).toEqual({ ok: true, limits: policy.limits });
});

test('every wrong value of a draft is named', () => {
  const draft = draftOfPolicy(policy);
  const read = readDraft({ ...draft, name: ' ', limits: { ...draft.limits, timeMs: '1 h', stackBytes: 'x' } }, []);
  expect(read).toEqual({
    ok: false,
    errors: {
      name: 'expected 1 to 64 characters',
      timeMs: 'expected 10 ms to 5 min',
      stackBytes: 'expected a size, as 64 MiB',
    },
  });
});

test('a policy file is read as it was written, and refused where anything is missing, wrong or unknown', () => {
  expect(readPolicyFile(writePolicyFile(policy))).toEqual({ ok: true, value: policy });
  const altered = (change: object) =>
    readPolicyFile(JSON.stringify({ ...JSON.parse(writePolicyFile(policy)), ...change })).ok;
  expect([
    altered({}),
    altered({ extra: 1 }),
    altered({ grants: ['network'] }),
    altered({ limits: {} }),
    altered({ limits: { ...policy.limits, timeMs: 1 } }),
  ]).toEqual([true, false, false, false, false]);
  expect(readPolicyFile('no json').ok).toBe(false);
});

test('a name that is taken gets a number', () => {
  expect([freeName('A', []), freeName('A', ['A']), freeName('A', ['A', 'A 2'])]).toEqual(['A', 'A 2', 'A 3']);
});

test('the preview names the runs that would have hit the new limits', () => {
  const run = (change: Partial<RunRecord>): RunRecord =>
    ({
      policy: 'Mine',
      module: 'a',
      state: 'ended',
      outcome: { kind: 'finished' },
      usage: { fuelUsed: '500', memoryPeakBytes: 1 << 20, outputBytes: 10 },
      timing: { queuedMs: 900, compileMs: 10, runMs: 90, totalMs: 1000 },
      ...change,
    }) as RunRecord;
  const runs = [
    run({}),
    run({ module: 'b' as RunRecord['module'], state: 'running', outcome: null, usage: null, timing: null }),
    run({ policy: 'Other' }),
    run({ outcome: { kind: 'trapped' } }),
  ];
  const preview = (change: object) => {
    const { modules, running, wouldFail } = previewEffect(runs, 'Mine', {
      ...policy.limits,
      memoryBytes: 1 << 30,
      ...change,
    });
    return [modules, running, wouldFail.map(({ limit }) => limit)];
  };
  expect(preview({ timeMs: 100 })).toEqual([2, 1, []]);
  expect(preview({ timeMs: 99 })).toEqual([2, 1, ['time']]);
  expect(preview({ memoryBytes: 65_536 })).toEqual([2, 1, ['memory']]);
  expect(preview({ fuel: '499' })).toEqual([2, 1, ['fuel']]);
  expect(preview({ outputBytes: 9 })).toEqual([2, 1, ['output']]);
});

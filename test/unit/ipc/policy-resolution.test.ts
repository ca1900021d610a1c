import { expect, test } from 'vitest';
import { resolvePolicy } from '../../../electron/ipc/policy-resolution.ts';
import { builtInPolicies } from '../../../electron/ipc/policy-store.ts';
import { defaultLimits, limitError } from '../../../shared/model/limits.ts';
import type { ModuleOverride } from '../../../shared/model/policy.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';

const policy = builtInPolicies.find(({ name }) => name === 'Default')!;
const override: ModuleOverride = {
  module: 'a'.repeat(64) as ModuleDigest,
  limits: { timeMs: 20_000, memoryBytes: 131_072 },
  grants: ['clock', 'wasi'],
  policy: null,
  changedAt: 0,
};

test('the built-in policies are inside the ranges', () => {
  expect(builtInPolicies.map(({ name, limits }) => [name, limitError(limits)])).toEqual([
    ['Strict', undefined],
    ['Default', undefined],
    ['Generous', undefined],
  ]);
});

test('without more, everything comes from the policy', () => {
  const { limits, sources, grants } = resolvePolicy(policy, undefined, {});
  expect(limits).toEqual(defaultLimits);
  expect(new Set(Object.values(sources))).toEqual(new Set(['policy']));
  expect(grants.map(({ source }) => source)).toEqual(policy.grants.map(() => 'policy'));
});

test('the run counts more than the module, the module more than the policy', () => {
  const { limits, sources } = resolvePolicy(policy, override, { limits: { timeMs: 100, fuel: '5' } });
  expect({ time: limits.timeMs, memory: limits.memoryBytes, fuel: limits.fuel, output: limits.outputBytes }).toEqual({
    time: 100,
    memory: 131_072,
    fuel: '5',
    output: defaultLimits.outputBytes,
  });
  expect({ time: sources.timeMs, memory: sources.memoryBytes, output: sources.outputBytes }).toEqual({
    time: 'run',
    memory: 'module',
    output: 'policy',
  });
});

test('nothing raises a limit above the engine', () => {
  const { limits, sources } = resolvePolicy(policy, undefined, { limits: { timeMs: 1e9 } });
  expect([limits.timeMs, sources.timeMs]).toEqual([300_000, 'engine']);
});

test('a grant is told with the first layer that gives it', () => {
  const { grants } = resolvePolicy({ ...policy, grants: ['wasi'] }, override, { grants: ['random', 'clock'] });
  expect(grants).toEqual([
    { capability: 'wasi', source: 'policy' },
    { capability: 'clock', source: 'module' },
    { capability: 'random', source: 'run' },
  ]);
});

import path from 'node:path';
import * as z from 'zod/mini';
import { allCapabilities } from '../../shared/model/capability.ts';
import { defaultLimits, type Limits } from '../../shared/model/limits.ts';
import { type ModuleOverride, moduleOverride, type Policy, policy } from '../../shared/model/policy.ts';
import type { ModuleDigest } from '../../shared/model/scalars.ts';
import { Refusal } from '../../shared/result.ts';
import { GiB, MiB } from '../../shared/units.ts';
import { readFileIfThere, writeFileAtomic } from '../disk/index.ts';

/** Own policies, what single modules get beyond theirs, and which policy is active. */
export type PolicyStore = {
  policies(): Policy[];
  overrides(): ModuleOverride[];
  active(): string;
  /** @throws Refusal `policy.not-found` */
  named(name: string): Policy;
  override(module: ModuleDigest): ModuleOverride | undefined;
  /** @throws Refusal `policy.read-only` for the name of a built-in policy */
  checkOwn(name: string): void;
  /** @throws Refusal `policy.read-only`, `disk.failed` */
  save(own: Policy): Promise<void>;
  /** Removes an own policy; the active one falls back to Default. @throws Refusal `policy.not-found`, `policy.read-only`, `disk.failed` */
  remove(name: string): Promise<void>;
  /** @throws Refusal `policy.not-found`, `disk.failed` */
  activate(name: string): Promise<void>;
  /** Null removes. @throws Refusal `policy.not-found`, `disk.failed` */
  setOverride(module: ModuleDigest, override: ModuleOverride | null): Promise<void>;
};

const strictLimits: Limits = {
  ...defaultLimits,
  memoryBytes: 16 * MiB,
  timeMs: 2_000,
  fuel: '1000000000',
  instances: 10,
  tableElements: 100_000,
  moduleBytes: 32 * MiB,
  outputBytes: 1 * MiB,
  fileBytes: 8 * MiB,
  fileEntries: 1_000,
};
const generousLimits: Limits = {
  ...defaultLimits,
  memoryBytes: 1 * GiB,
  timeMs: 120_000,
  tableElements: 10_000_000,
  stackBytes: 4 * MiB,
  moduleBytes: 512 * MiB,
  functions: 1_000_000,
  imports: 100_000,
  exports: 1_000_000,
  outputBytes: 256 * MiB,
  fileBytes: 512 * MiB,
  fileEntries: 100_000,
};

/**
 * The policies that are always there. Strict grants nothing, Generous everything, Default what a run's own form hands over: it prints, and reads the arguments, environment and input it is given. */
export const builtInPolicies: readonly Policy[] = [
  { name: 'Strict', isBuiltIn: true, limits: strictLimits, grants: [] },
  { name: 'Default', isBuiltIn: true, limits: defaultLimits, grants: ['wasi', 'args', 'env', 'stdin'] },
  { name: 'Generous', isBuiltIn: true, limits: generousLimits, grants: [...allCapabilities] },
];

const stored = z.strictObject({ active: z.string(), policies: z.array(policy), overrides: z.array(moduleOverride) });
type Stored = z.infer<typeof stored>;

/**
 * Opens `policies.json` in `folder`.
 * @throws Refusal `settings.invalid` when the file is there and cannot be understood: limits that nobody can read must not fall back to others
 */
export async function openPolicyStore(folder: string): Promise<PolicyStore> {
  const file = path.join(folder, 'policies.json');
  let state = await read(file);

  let writing: Promise<void> = Promise.resolve();

  /** One change at a time, each from what the one before left. */
  function change(next: (state: Stored) => Stored): Promise<void> {
    const written = writing.then(async () => {
      const changed = next(state);
      try {
        await writeFileAtomic(file, `${JSON.stringify(changed, null, 2)}\n`);
      } catch {
        throw new Refusal('disk.failed', 'the policies could not be written; nothing was changed');
      }
      state = changed;
    });
    writing = written.catch(() => undefined);
    return written;
  }

  function find(name: string): Policy | undefined {
    return [...builtInPolicies, ...state.policies].find((candidate) => candidate.name === name);
  }

  function named(name: string): Policy {
    const found = find(name);
    if (found === undefined)
      throw new Refusal('policy.not-found', 'expected the name of a policy that exists', { name });
    return found;
  }

  function checkOwn(name: string): void {
    if (!builtInPolicies.some((builtIn) => builtIn.name === name)) return;
    throw new Refusal('policy.read-only', 'a built-in policy cannot be changed; save it under another name', { name });
  }

  return {
    policies: () => [...builtInPolicies, ...state.policies],
    overrides: () => [...state.overrides],
    active: () => state.active,
    named,
    checkOwn,
    override: (module) => state.overrides.find((candidate) => candidate.module === module),
    async save(own) {
      checkOwn(own.name);
      await change((now) => ({ ...now, policies: [...without(now.policies, own.name), { ...own, isBuiltIn: false }] }));
    },
    async remove(name) {
      checkOwn(name);
      named(name);
      await change((now) => ({
        active: now.active === name ? 'Default' : now.active,
        policies: without(now.policies, name),
        overrides: now.overrides.map((override) =>
          override.policy === name ? { ...override, policy: null } : override,
        ),
      }));
    },
    async activate(name) {
      named(name);
      await change((now) => ({ ...now, active: name }));
    },
    async setOverride(module, override) {
      if (override?.policy != null) named(override.policy);
      await change((now) => {
        const others = now.overrides.filter((candidate) => candidate.module !== module);
        return { ...now, overrides: override === null ? others : [...others, override] };
      });
    },
  };
}

function without(policies: readonly Policy[], name: string): Policy[] {
  return policies.filter((candidate) => candidate.name !== name);
}

async function read(file: string): Promise<Stored> {
  const raw = await readFileIfThere(file);
  if (raw === undefined) return { active: 'Default', policies: [], overrides: [] };
  try {
    return stored.parse(JSON.parse(raw.toString('utf8')));
  } catch {
    const message =
      'policies.json in the data folder cannot be understood; move it away to begin with the built-in policies';
    throw new Refusal('settings.invalid', message);
  }
}

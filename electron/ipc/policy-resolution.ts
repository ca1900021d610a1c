import type { Resolution } from '../../shared/contract/policies.ts';
import type { Capability } from '../../shared/model/capability.ts';
import { type LimitName, type Limits, type LimitsPatch, limitSpecs } from '../../shared/model/limits.ts';
import type { LimitSource, ModuleOverride, Policy } from '../../shared/model/policy.ts';

/** What one run asks for beyond what its policy and its module get. */
export type RunPatch = {
  readonly limits?: LimitsPatch | undefined;
  readonly grants?: readonly Capability[] | undefined;
};

/**
 * Decides the limits and grants in force: the run's word counts more than the module's, the module's more than the
 * policy's, and none of them raises a limit above the engine's own. Pure; `sources` says where each value came from.
 */
export function resolvePolicy(policy: Policy, override: ModuleOverride | undefined, run: RunPatch): Resolution {
  const layers: readonly (readonly [LimitSource, LimitsPatch])[] = [
    ['run', run.limits ?? {}],
    ['module', override?.limits ?? {}],
    ['policy', policy.limits],
  ];
  const limits: Record<string, number | string | null> = {};
  const sources: Record<string, LimitSource> = {};
  for (const name of Object.keys(limitSpecs) as LimitName[]) {
    const [source, layer] = layers.find(([, candidate]) => candidate[name] !== undefined)!;
    const capped = capAtEngine(name, layer[name]!);
    limits[name] = capped.value;
    sources[name] = capped.isCapped ? 'engine' : source;
  }
  const granted: readonly (readonly [LimitSource, readonly Capability[]])[] = [
    ['policy', policy.grants],
    ['module', override?.grants ?? []],
    ['run', run.grants ?? []],
  ];
  const grants = new Map<Capability, LimitSource>();
  for (const [source, capabilities] of granted) {
    for (const capability of capabilities) if (!grants.has(capability)) grants.set(capability, source);
  }
  return {
    policy: policy.name,
    limits: limits as Limits,
    sources,
    grants: [...grants].map(([capability, source]) => ({ capability, source })),
  };
}

/** A null limit is no limit: only fuel may have none. */
function capAtEngine(
  name: LimitName,
  value: number | string | null,
): { value: number | string | null; isCapped: boolean } {
  if (value === null) return { value, isCapped: false };
  const { max } = limitSpecs[name];
  if (BigInt(value) <= max) return { value, isCapped: false };
  return { value: typeof value === 'string' ? String(max) : Number(max), isCapped: true };
}

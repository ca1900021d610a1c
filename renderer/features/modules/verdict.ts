import type { Resolution } from '../../../shared/contract/policies.ts';
import type { Capability } from '../../../shared/model/capability.ts';
import type { ModuleImport } from '../../../shared/model/module-report.ts';
import { capabilityOf, wasiModuleName } from '../../../shared/model/wasi-functions.ts';

export type Verdict = { readonly kind: 'granted' | 'denied' | 'unknown'; readonly why: string };

/** The capability that an import stands on, or undefined when it is not one of the host's. */
export function neededCapability(item: Pick<ModuleImport, 'module' | 'name'>): Capability | undefined {
  return item.module === wasiModuleName ? capabilityOf(item.name) : undefined;
}

/** Whether the policy in force grants an import, and why. */
export function judgeImport(item: ModuleImport, resolution: Resolution): Verdict {
  const capability = neededCapability(item);
  if (capability === undefined) {
    return { kind: 'unknown', why: 'no such host function: needs a stub' };
  }
  const grant = resolution.grants.find((candidate) => candidate.capability === capability);
  if (grant === undefined) return { kind: 'denied', why: `${resolution.policy} does not grant ${capability}` };
  const by =
    grant.source === 'module'
      ? 'an override of this module'
      : grant.source === 'policy'
        ? `policy ${resolution.policy}`
        : `the ${grant.source}`;
  return { kind: 'granted', why: `${capability}, by ${by}` };
}

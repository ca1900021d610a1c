import type { Capability } from '../../../shared/model/capability.ts';
import { type LimitName, type Limits, limitSpecs } from '../../../shared/model/limits.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { formatLimit, readLimit } from '../../lib/limit-text.ts';

/** A policy as it stands in the editor: limits are text until they are read. */
export type PolicyDraft = {
  readonly name: string;
  readonly limits: Record<LimitName, string>;
  readonly grants: readonly Capability[];
};

export const limitNames = Object.keys(limitSpecs) as LimitName[];

export function draftOfPolicy(policy: Pick<Policy, 'name' | 'limits' | 'grants'>): PolicyDraft {
  const limits = Object.fromEntries(limitNames.map((name) => [name, formatExact(name, policy.limits[name])]));
  return { name: policy.name, limits: limits as Record<LimitName, string>, grants: policy.grants };
}

/** A limit as text that reads back to the same value; rounded text would change what is saved. */
function formatExact(name: LimitName, value: Limits[LimitName]): string {
  const text = formatLimit(name, value);
  const read = readLimit(name, text);
  return read.ok && read.value === value ? text : `${value}${limitSpecs[name].unit === 'ms' ? ' ms' : ''}`;
}

export type ReadPolicy =
  | { readonly ok: true; readonly limits: Limits }
  | { readonly ok: false; readonly errors: Partial<Record<LimitName | 'name', string>> };

/** The policy of a draft, or what is wrong by field. */
export function readDraft(draft: PolicyDraft, takenNames: readonly string[]): ReadPolicy {
  const errors: Partial<Record<LimitName | 'name', string>> = {};
  const limits: Record<string, number | string | null> = {};
  if (draft.name.trim() === '' || draft.name.length > 64) errors.name = 'expected 1 to 64 characters';
  else if (takenNames.includes(draft.name.trim())) errors.name = 'there is a policy of this name';
  for (const name of limitNames) {
    const read = readLimit(name, draft.limits[name]);
    if (read.ok) limits[name] = read.value;
    else errors[name] = read.error;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, limits: limits as Limits };
}

/** A name that is not taken: `Strict copy`, `Strict copy 2` … */
export function freeName(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!taken.includes(name)) return name;
  }
}

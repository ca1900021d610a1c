import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { Json } from '../../../shared/model/entry.ts';
import { type Limits, type LimitsPatch, limitError } from '../../../shared/model/limits.ts';
import { ok, Refusal } from '../../../shared/result.ts';
import { resolvePolicy } from '../policy-resolution.ts';
import type { Rooms } from '../ports.ts';

/** Changes to policies: each is an entry before it is made. */
export function createPolicyHandlers(rooms: Rooms): Handlers['policies'] {
  const { policies, ledger, events, clock } = rooms;

  /** The entry says that the change was allowed; it is durable before the change. */
  async function change(
    op: string,
    data: { readonly [key: string]: Json },
    caller: Caller,
    act: () => Promise<void>,
  ): Promise<{ ok: true; value: Record<string, never> }> {
    await ledger.append({ op, actor: caller.actor, data });
    await act();
    events.publish('policies.changed', {});
    return ok({});
  }

  return {
    list: async () => ok({ active: policies.active(), policies: policies.policies(), overrides: policies.overrides() }),
    async resolve({ module, policy, run }) {
      if (run !== undefined) checkLimits(run);
      const override = module === null ? undefined : policies.override(module);
      const chosen = policies.named(policy ?? override?.policy ?? policies.active());
      return ok(resolvePolicy(chosen, override, { limits: run }));
    },
    async save({ name, limits, grants }, caller) {
      checkLimits(limits);
      policies.checkOwn(name);
      const data = { policy: name, limits: toJson(limits), grants: [...grants], outcome: 'ok' };
      return change('policy.saved', data, caller, () => policies.save({ name, limits, grants, isBuiltIn: false }));
    },
    async remove({ name }, caller) {
      policies.checkOwn(name);
      policies.named(name);
      return change('policy.removed', { policy: name, outcome: 'ok' }, caller, () => policies.remove(name));
    },
    async activate({ name }, caller) {
      policies.named(name);
      return change('policy.activated', { policy: name, outcome: 'ok' }, caller, () => policies.activate(name));
    },
    async override({ module, override }, caller) {
      if (override !== null) checkLimits(override.limits);
      if (override?.policy != null) policies.named(override.policy);
      const data = { module, override: override === null ? null : toJson(override), outcome: 'ok' };
      return change('policy.overridden', data, caller, () => {
        return policies.setOverride(module, override === null ? null : { ...override, module, changedAt: clock() });
      });
    },
  };
}

/** @throws Refusal `run.bad-limit` naming the limit and its range */
export function checkLimits(patch: LimitsPatch | Limits): void {
  const wrong = limitError(patch);
  if (wrong !== undefined) throw new Refusal('run.bad-limit', wrong.message, { limit: wrong.name });
}

function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

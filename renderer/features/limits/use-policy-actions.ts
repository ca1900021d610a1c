import type { Policy } from '../../../shared/model/policy.ts';
import type { Failure, Result } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { toastUndo } from '../../ui/Toasts.tsx';

export type PolicyActions = {
  /** each resolves with whether it was done; a refusal is told to the screen */
  save(policy: Policy): Promise<boolean>;
  remove(policy: Policy): Promise<boolean>;
  activate(name: string): Promise<boolean>;
};

/** What can be done with policies; what can be taken back applies at once and offers undo. */
export function usePolicyActions(
  state: { active: string; policies: readonly Policy[] },
  onFailure: (failure: Failure | undefined) => void,
): PolicyActions {
  const { client } = useBridge();
  const tell = async (call: Promise<Result<unknown>>): Promise<boolean> => {
    const result = await call;
    onFailure(result.ok ? undefined : result.error);
    return result.ok;
  };
  const write = ({ name, limits, grants }: Policy) => tell(client.policies.save({ name, limits, grants }));
  return {
    async save(policy) {
      const before = state.policies.find((one) => one.name === policy.name);
      const isDone = await write(policy);
      if (isDone && before !== undefined) toastUndo(`Saved ${policy.name}`, () => void write(before));
      return isDone;
    },
    async remove(policy) {
      const wasActive = state.active === policy.name;
      const isDone = await tell(client.policies.remove({ name: policy.name }));
      const restore = async () => {
        if ((await write(policy)) && wasActive) await tell(client.policies.activate({ name: policy.name }));
      };
      if (isDone) toastUndo(`Removed ${policy.name}`, () => void restore());
      return isDone;
    },
    async activate(name) {
      const before = state.active;
      const isDone = await tell(client.policies.activate({ name }));
      if (isDone) toastUndo(`Runs now get ${name}`, () => void tell(client.policies.activate({ name: before })));
      return isDone;
    },
  };
}

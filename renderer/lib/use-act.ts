import { useState } from 'react';
import type { Failure, Result } from '../../shared/result.ts';

export type Act = {
  readonly isBusy: boolean;
  /** of the last try */
  readonly failure: Failure | undefined;
  /** Makes a call; resolves with its value, or undefined after a refusal, which `failure` then holds. */
  run<T>(call: () => Promise<Result<T>>): Promise<T | undefined>;
  forget(): void;
};

/** One act of the user at a time: whether it is under way, and why the last one was refused. */
export function useAct(): Act {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  return {
    isBusy,
    failure,
    async run(call) {
      setBusy(true);
      setFailure(undefined);
      const result = await call();
      setBusy(false);
      if (result.ok) return result.value;
      setFailure(result.error);
      return undefined;
    },
    forget: () => setFailure(undefined),
  };
}

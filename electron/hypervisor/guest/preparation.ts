import type { Execution, StaticLimits } from './protocol.ts';

/** What of an execution is written into the module itself before it is compiled. */
export type Preparation = {
  readonly memoryBytes: number;
  readonly tableElements: number;
  readonly isDeterministic: boolean;
  readonly statics: StaticLimits;
};

export function preparationOf({ limits, statics, determinism }: Execution): Preparation {
  const { memoryBytes, tableElements } = limits;
  return { memoryBytes, tableElements, isDeterministic: determinism !== null, statics };
}

/** The same for preparations that give the same module. */
export function preparationKey({ memoryBytes, tableElements, isDeterministic }: Preparation): string {
  return `${memoryBytes}:${tableElements}:${isDeterministic ? 'deterministic' : 'free'}`;
}

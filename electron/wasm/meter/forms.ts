import type { BodyForm } from './emitter.ts';
import type { EventList } from './events.ts';
import type { Callees } from './flow.ts';

/** Chooses how each function is metered, and who pays for a call. */
export type FormChooser = Callees & {
  readonly isSimple: boolean;
  formOf(functionIndex: number, events: EventList): BodyForm;
  /** the function that a direct call goes to; its complement when the caller pays for it */
  calleeOf(functionIndex: number): number;
};

/** Every function counts for itself, in the global, and checks at its entry and at every loop. */
export function simpleForms(): FormChooser {
  const form: BodyForm = { place: 'global', checksEntry: true, wrapsLoops: false };
  return {
    isSimple: true,
    formOf: () => form,
    calleeOf: (index) => index,
    freeCost: () => -1,
    isClosed: () => false,
  };
}

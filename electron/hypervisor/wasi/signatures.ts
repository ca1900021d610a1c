import type { WasiFunctionName, wasiFunctions } from '../../../shared/model/wasi-functions.ts';

type Arguments<Params extends string> = Params extends `${infer Head}${infer Rest}`
  ? [Head extends 'I' ? bigint : number, ...Arguments<Rest>]
  : [];

/** A function as implemented: arguments unsigned; it returns nothing, or throws `WasiError` for an error number. */
export type WasiFunctions = {
  readonly [N in WasiFunctionName]: (...args: Arguments<(typeof wasiFunctions)[N]['params']>) => void;
};

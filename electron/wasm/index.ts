export { type RefusedLimit, WasmError, type WasmErrorReason } from './error.ts';
export { inspect } from './inspect.ts';
export type { StaticLimits } from './reader.ts';

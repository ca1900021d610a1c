import type { LimitName } from '../../shared/model/limits.ts';

/** Why a module was refused: broken bytes, a feature by name, or a limit by name. */
export type WasmErrorReason = 'malformed' | 'unsupported' | 'limit';

/** A limit that refused a module: one of the policy's by its name, or one of the engine's own. */
export type RefusedLimit = { readonly name: LimitName | 'engine'; readonly value: number };

/** A refusal of the reader or the meter. `offset` is a byte offset in the original module, null where no one place is at fault. */
export class WasmError extends Error {
  override readonly name = 'WasmError';
  readonly reason: WasmErrorReason;
  readonly offset: number | null;
  readonly limit: RefusedLimit | null;

  constructor(reason: WasmErrorReason, message: string, offset: number | null, limit: RefusedLimit | null = null) {
    super(message);
    this.reason = reason;
    this.offset = offset;
    this.limit = limit;
  }
}

/** The error for bytes that are no WebAssembly. */
export function malformed(message: string, offset: number): WasmError {
  return new WasmError('malformed', message, offset);
}

/** The error for a feature that is known by name and not run. */
export function unsupported(feature: string, offset: number | null): WasmError {
  return new WasmError('unsupported', `the module uses ${feature}, which is not supported`, offset);
}

/** The error for a limit that the module exceeds; `what` is a plural noun. */
export function exceeded(name: RefusedLimit['name'], what: string, value: number, offset: number | null): WasmError {
  return new WasmError('limit', `expected at most ${value} ${what}`, offset, { name, value });
}

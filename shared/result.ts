import type { ErrorCode } from './errors.ts';

/** A refusal as it crosses a process boundary: never a stack, a path or a secret. */
export type Failure<C extends ErrorCode = ErrorCode> = {
  readonly code: C;
  /** lower case, no full stop, says what was expected and where */
  readonly message: string;
  /** byte offset, import name, argument index … as the code's description says */
  readonly details?: { readonly [key: string]: string | number | boolean };
  /** only with `internal`: finds the entry in the local diagnostics log */
  readonly correlationId?: string;
};

/** The outcome of every call of the contract; nothing is thrown across. */
export type Result<T, C extends ErrorCode = ErrorCode> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure<C> };

/** A successful result. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** A refusal; a value, not an exception. */
export function fail<C extends ErrorCode>(
  code: C,
  message: string,
  details?: Failure['details'],
): { ok: false; error: Failure<C> } {
  return { ok: false, error: details === undefined ? { code, message } : { code, message, details } };
}

/** A refusal on its way to the pipeline, for code too deep to return a `Result`. The pipeline maps it by its code. */
export class Refusal<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'Refusal';
  readonly code: C;
  readonly details: Failure['details'];

  constructor(code: C, message: string, details?: Failure['details']) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

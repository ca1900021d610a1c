import { errorCodes } from '../../shared/errors.ts';
import type { Failure, Result } from '../../shared/result.ts';

/** A refusal as an exception, for react-query, which knows results only as resolved or thrown. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The value of a result. @throws CallFailure with its refusal */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CallFailure(result.error);
}

/** Any thrown thing as a refusal that can be shown. */
export function asFailure(error: unknown): Failure {
  if (error instanceof CallFailure) return error.failure;
  return { code: 'internal', message: error instanceof Error ? error.message : 'something broke inside the window' };
}

/** The sentence for people behind a code. */
export function describeCode(code: Failure['code']): string {
  return errorCodes[code]?.[1] ?? code;
}

import type * as z from 'zod/mini';
import type { ErrorCode } from '../errors.ts';
import type { Result } from '../result.ts';

/** What a bearer token may be allowed to do over HTTP; the window holds all of them. */
export type Scope = 'run' | 'read' | 'keys' | 'admin';

type Schema = z.ZodMiniType;

/** One call as data. Everything else (client, handler types, preload names, routes, OpenAPI, fakes) is derived from it. */
export type Call<I extends Schema = Schema, O extends Schema = Schema, E extends ErrorCode = ErrorCode> = {
  readonly summary: string;
  readonly scope: Scope;
  readonly input: I;
  readonly output: O;
  /** the codes this call can return beyond those every call can (`CommonCode`) */
  readonly errors: readonly E[];
};

/** Codes that the pipeline itself can return for any call. */
export type CommonCode =
  | 'contract.unknown-call'
  | 'contract.invalid-input'
  | 'contract.forbidden-sender'
  | 'contract.unauthorized'
  | 'contract.rate-limited'
  | 'contract.too-large'
  | 'ledger.unavailable'
  | 'call.cancelled'
  | 'internal';

/** Declares a call, keeping its exact types. */
export function call<I extends Schema, O extends Schema, const E extends ErrorCode = never>(declaration: {
  summary: string;
  scope: Scope;
  input: I;
  output: O;
  errors?: readonly E[];
}): Call<I, O, E> {
  return { ...declaration, errors: declaration.errors ?? [] };
}

// Inference over a call's parts, without `any`.
export type InputOf<C> = C extends Call<infer I, Schema, ErrorCode> ? z.input<I> : never;
export type ParsedInputOf<C> = C extends Call<infer I, Schema, ErrorCode> ? z.output<I> : never;
export type OutputOf<C> = C extends Call<Schema, infer O, ErrorCode> ? z.output<O> : never;
export type ErrorOf<C> = (C extends Call<Schema, Schema, infer E> ? E : never) | CommonCode;
export type ResultOf<C> = Result<OutputOf<C>, ErrorOf<C>>;

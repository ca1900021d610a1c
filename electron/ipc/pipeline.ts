import type * as z from 'zod/mini';
import { type Caller, findCall, type Handlers } from '../../shared/contract/index.ts';
import { type Failure, fail, Refusal, type Result } from '../../shared/result.ts';

/** Answers one call of the contract; never throws and never rejects. */
export type Serve = (name: string, rawInput: unknown, caller: Caller) => Promise<Result<unknown>>;

export type PipelinePorts = {
  readonly handlers: Handlers;
  /** Writes down an error that nothing foresaw and returns its id. */
  readonly reportInternal: (where: string, error: unknown) => string;
  /** Tells of every call that was refused; a rejection turns the answer into `ledger.unavailable`. */
  readonly onRefused: (name: string, failure: Failure, caller: Caller) => Promise<void>;
};

type AnyHandler = (input: unknown, caller: Caller) => Promise<Result<unknown>>;

/**
 * The one way into the hypervisor, the same for every transport: find the call, parse its input, handle it, map what
 * comes out to a `Result`. The transport has already established who the caller is.
 */
export function createPipeline({ handlers, reportInternal, onRefused }: PipelinePorts): Serve {
  return async (name, rawInput, caller) => {
    const result = await answer(name, rawInput, caller);
    if (result.ok) return result;
    try {
      await onRefused(name, result.error, caller);
      return result;
    } catch (error) {
      return mapError(name, error);
    }
  };

  async function answer(name: string, rawInput: unknown, caller: Caller): Promise<Result<unknown>> {
    const call = findCall(name);
    if (call === undefined) return fail('contract.unknown-call', 'expected a call of the contract, as room.verb');
    const parsed = call.input.safeParse(rawInput);
    if (!parsed.success) return fail('contract.invalid-input', describeIssues(parsed.error.issues));
    if (caller.signal?.aborted) return fail('call.cancelled', 'the caller went away before the call began');
    try {
      return await handlerOf(name)(parsed.data, caller);
    } catch (error) {
      return mapError(name, error);
    }
  }

  function handlerOf(name: string): AnyHandler {
    const [room, verb] = name.split('.') as [keyof Handlers, string];
    return (handlers[room] as unknown as Record<string, AnyHandler>)[verb]!;
  }

  function mapError(name: string, error: unknown): Result<unknown> {
    if (error instanceof Refusal) return fail(error.code, error.message, error.details);
    const correlationId = reportInternal(name, error);
    return { ok: false, error: { code: 'internal', message: 'something broke inside Glovebox', correlationId } };
  }
}

/** The first few things wrong with an input, by place, without the values. */
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const told = issues.slice(0, 3).map((issue) => {
    const place = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    return `input${place}: ${describeIssue(issue)}`;
  });
  if (issues.length > 3) told.push(`and ${issues.length - 3} more`);
  return told.join('; ');
}

function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.slice(0, 5).join(', ')}`;
    case 'invalid_value':
      return `expected one of ${issue.values.slice(0, 12).join(', ')}`;
    case 'invalid_format':
      return `expected the form of ${issue.format}`;
    default:
      return issue.message.toLowerCase();
  }
}

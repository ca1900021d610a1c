import { type Caller, type Client, createClient } from '../../shared/contract/index.ts';
import { Refusal, type Result } from '../../shared/result.ts';
import type { Door } from './command.ts';

const cli: Caller = { actor: 'cli' };

/** The contract over an open hypervisor. */
export function clientOf(app: Door): Client {
  return createClient({
    invoke: (name, input) => app.call(name, input, cli),
    subscribe: (since, listener) => app.events.subscribe(since, listener),
  });
}

/** The value of a result. @throws Refusal with its code and message */
export function expectValue<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { code, message, details, correlationId } = result.error;
  throw new Refusal(code, correlationId === undefined ? message : `${message} (${correlationId})`, details);
}

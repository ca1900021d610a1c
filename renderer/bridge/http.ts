import type { EventMessage } from '../../shared/contract/events.ts';
import { findCall, type Transport } from '../../shared/contract/index.ts';
import { encodeBody } from './body.ts';

const RETRY_MS = 1000;

export type ConnectionListener = (isConnected: boolean) => void;

/** The contract over loopback HTTP; the page's cookie is the authority. */
export type HttpTransport = Transport & { onConnection(listener: ConnectionListener): () => void };

export function createHttpTransport(): HttpTransport {
  const listeners = new Set<ConnectionListener>();
  let probe: ReturnType<typeof setInterval> | undefined;
  // A lost connection is tried until it answers, also when nobody calls anything meanwhile.
  const tell: ConnectionListener = (isConnected) => {
    for (const listener of listeners) listener(isConnected);
    if (isConnected) {
      clearInterval(probe);
      probe = undefined;
    } else probe ??= setInterval(() => void post('system.eventSeq', {}, tell), RETRY_MS);
  };
  return {
    invoke: (name, input) => post(name, input, tell),
    subscribe: (since, listener) => listen(since, listener, tell),
    onConnection(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function post(name: string, input: unknown, tell: ConnectionListener): Promise<unknown> {
  let response: Response;
  try {
    const { body, headers } = await encodeBody(input);
    response = await fetch(`/v1/call/${name}`, { method: 'POST', body, headers, credentials: 'same-origin' });
  } catch {
    tell(false);
    return {
      ok: false,
      error: { code: 'internal', message: 'the server did not answer: nothing was done, or its end is not known' },
    };
  }
  tell(true);
  return decodeResult(name, await response.json().catch(() => null), response.status);
}

/** Turns the JSON of a `Result` into the values of the contract: base64 becomes bytes. */
export function decodeResult(name: string, rawResult: unknown, status: number): unknown {
  if (!isResult(rawResult)) {
    return { ok: false, error: { code: 'internal', message: `the server answered ${status} without a result` } };
  }
  if (!rawResult.ok) return rawResult;
  const parsed = findCall(name)?.output.safeParse(rawResult.value);
  if (parsed?.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    error: { code: 'internal', message: `the answer to ${name} does not have the form of the contract` },
  };
}

function isResult(value: unknown): value is { ok: boolean; value?: unknown } {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean';
}

function listen(since: number, listener: (message: EventMessage) => void, tell: ConnectionListener): () => void {
  let last = since;
  let source = open();
  let retry: ReturnType<typeof setTimeout> | undefined;

  function open(): EventSource {
    const next = new EventSource(`/v1/events?since=${last}`);
    next.onopen = () => tell(true);
    next.onmessage = (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as EventMessage;
      last = message.seq;
      listener(message);
    };
    // The browser's own retry would ask again with the first `since`: open a new stream from where this one broke.
    next.onerror = () => {
      tell(false);
      next.close();
      retry = setTimeout(() => {
        source = open();
      }, RETRY_MS);
    };
    return next;
  }

  return () => {
    clearTimeout(retry);
    source.close();
  };
}

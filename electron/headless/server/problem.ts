import type { FastifyReply } from 'fastify';
import { errorCodes, httpStatus } from '../../../shared/errors.ts';
import type { Failure, Result } from '../../../shared/result.ts';

/** Codes that go away by waiting, and how long to wait, in seconds. */
const RETRY_AFTER_SECONDS: Partial<Record<Failure['code'], number>> = {
  'run.busy': 1,
  'contract.rate-limited': 1,
  'session.too-many': 5,
};

/**
 * Sends a refusal as a problem document (RFC 9457). Its extension members carry the same `Result` as the other
 * transport, so that a client of the contract reads both alike.
 */
export function sendProblem(reply: FastifyReply, error: Failure): FastifyReply {
  const retryAfter = RETRY_AFTER_SECONDS[error.code];
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfter);
  if (error.code === 'contract.unauthorized') reply.header('www-authenticate', 'Bearer realm="glovebox"');
  const body = {
    type: `https://glovebox.dev/problems/${error.code}`,
    title: errorCodes[error.code][1],
    status: httpStatus(error.code),
    detail: error.message,
    ...(error.correlationId === undefined ? {} : { instance: `urn:uuid:${error.correlationId}` }),
    ok: false,
    error,
  };
  return reply.code(body.status).type('application/problem+json').send(encodeJson(body));
}

/** Sends what a call came to. */
export function sendResult(reply: FastifyReply, result: Result<unknown>): FastifyReply {
  if (!result.ok) return sendProblem(reply, result.error);
  return reply.type('application/json; charset=utf-8').send(encodeJson(result));
}

/** JSON with every `Uint8Array` as base64. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, function replace(this: unknown, key: string, item: unknown) {
    // `item` has been through Buffer's toJSON already; the holder still has the bytes.
    const original = (this as Record<string, unknown>)[key];
    if (!(original instanceof Uint8Array)) return item;
    return Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString('base64');
  });
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventHub } from '../../ipc/index.ts';
import { encodeJson } from './problem.ts';

const HEARTBEAT_MS = 15_000;
/** A reader that falls behind by this much is cut off; it comes back with the number it has and gets the rest. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Sends the events above `since` and then the live ones as server-sent events, until the reader goes or `closing` fires. */
export function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  hub: EventHub,
  since: number,
  closing: AbortSignal,
): void {
  reply.hijack();
  const stream = reply.raw;
  stream.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  stream.write(': glovebox\n\n');
  const unsubscribe = hub.subscribe(since, (message) => {
    if (stream.writableLength > MAX_BUFFERED_BYTES) stream.destroy();
    else stream.write(`id: ${message.seq}\ndata: ${encodeJson(message)}\n\n`);
  });
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
  const end = () => stream.end();
  closing.addEventListener('abort', end, { once: true });
  request.raw.on('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
    closing.removeEventListener('abort', end);
  });
}

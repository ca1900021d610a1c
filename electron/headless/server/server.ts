import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { callNames, findCall } from '../../../shared/contract/index.ts';
import { type Failure, fail, Refusal } from '../../../shared/result.ts';
import { GiB, MiB } from '../../../shared/units.ts';
import type { App } from '../../ipc/index.ts';
import { type Access, type Client, checkSender, createAccess, type FindToken } from './access.ts';
import { addApiRoutes, type CallFor, scopeRefusal } from './api-routes.ts';
import { readInput } from './body.ts';
import { streamEvents } from './event-stream.ts';
import { sendProblem, sendResult } from './problem.ts';
import { serveWindow } from './window-files.ts';

export type ServerOptions = {
  readonly app: App;
  readonly findToken: FindToken;
  /** the built window; null serves the API alone */
  readonly windowFolder: string | null;
  /** requests one token may make in a second; the window is not counted */
  readonly requestsPerSecond?: number;
};

export type Server = {
  /** Listens on 127.0.0.1 and returns the port; 0 takes a free one. */
  listen(port: number): Promise<number>;
  /** An address that opens the window once. */
  windowUrl(): string;
  /** Stops taking requests, ends the event streams, lets answers under way finish. */
  close(): Promise<void>;
};

const JSON_BYTES = 64 * MiB;
const PART_BYTES = 2 * GiB;
const REQUESTS_PER_SECOND = 1000;
/** What says nothing about this machine's modules, runs or keys. */
const openAddresses: ReadonlySet<string> = new Set(['/v1/health', '/v1/openapi.json', '/v1/docs']);

declare module 'fastify' {
  interface FastifyRequest {
    client: Client | null;
  }
}

/** The same contract over loopback HTTP, with the window's files beside it. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { app } = options;
  const access = createAccess(options.findToken);
  const closing = new AbortController();
  const ownHosts = new Set<string>();
  const server = fastify({
    bodyLimit: JSON_BYTES,
    forceCloseConnections: 'idle',
    requestTimeout: 120_000,
    return503OnClosing: true,
  });
  await addPlugins(server, options.requestsPerSecond ?? REQUESTS_PER_SECOND);
  addGuards(server, app, access, ownHosts);
  addErrorHandlers(server, app);
  const callFor = makeCallFor(app);
  addCalls(server, app, callFor);
  addApiRoutes(server, app, callFor);
  server.get<{ Querystring: { since?: string } }>('/v1/events', (request, reply) => {
    const since = Number(request.headers['last-event-id'] ?? request.query.since ?? 0);
    if (!Number.isSafeInteger(since) || since < 0) {
      return sendProblem(reply, fail('contract.invalid-input', 'expected since to be an event number').error);
    }
    streamEvents(request, reply, app.events, since, closing.signal);
    return undefined;
  });
  server.get('/v1/health', async (_request, reply) => {
    const health = app.health();
    return reply.code(health.status === 'ok' ? 200 : 503).send(health);
  });
  if (options.windowFolder !== null) serveWindow(server, options.windowFolder, access);
  let port = 0;
  return {
    async listen(wanted) {
      await server.listen({ host: '127.0.0.1', port: wanted });
      port = (server.server.address() as { port: number }).port;
      for (const name of ['127.0.0.1', 'localhost']) ownHosts.add(`${name}:${port}`);
      return port;
    },
    windowUrl: () => `http://127.0.0.1:${port}/?key=${access.createWindowKey()}`,
    async close() {
      closing.abort();
      await server.close();
    },
  };
}

async function addPlugins(server: FastifyInstance, requestsPerSecond: number): Promise<void> {
  server.decorateRequest('client', null);
  await server.register(cookie);
  await server.register(multipart, {
    limits: { fileSize: PART_BYTES, fieldSize: JSON_BYTES, parts: 20_000, files: 20_000 },
  });
  await server.register(rateLimit, {
    max: requestsPerSecond,
    timeWindow: 1000,
    hook: 'preHandler',
    keyGenerator: (request) => request.client?.caller.tokenId ?? request.ip,
    allowList: (request) => !isApi(request) || (request.client !== null && request.client.caller.actor !== 'http'),
    errorResponseBuilder: () =>
      new Refusal('contract.rate-limited', 'this token has made too many requests in one second'),
  });
}

/** Before a body is read: the request comes from this site or from no site, and with credentials where it wants more than files. */
function addGuards(server: FastifyInstance, app: App, access: Access, ownHosts: ReadonlySet<string>): void {
  server.addHook('onRequest', async (request, reply) => {
    const foreign = checkSender(request, ownHosts);
    if (foreign !== undefined) return refuse(app, request, reply, foreign);
    if (!isApi(request) || openAddresses.has(request.url)) return undefined;
    const client = access.identify(request);
    if ('code' in client) return refuse(app, request, reply, client);
    request.client = client;
    return undefined;
  });
}

function addErrorHandlers(server: FastifyInstance, app: App): void {
  server.setNotFoundHandler(async (request, reply) => {
    if (isApi(request)) return sendProblem(reply, fail('contract.unknown-call', 'there is no such address').error);
    return reply.code(404).type('text/plain').send('not found\n');
  });
  server.setErrorHandler(async (error: unknown, request, reply) => {
    return refuse(
      app,
      request,
      reply,
      toFailure(error, (cause) => app.reportInternal('http', cause)),
    );
  });
}

function addCalls(server: FastifyInstance, app: App, callFor: CallFor): void {
  for (const name of callNames) {
    server.post(`/v1/call/${name}`, async (request, reply) => {
      const refusal = scopeRefusal(request.client!.scopes, findCall(name)!.scope);
      // Nobody reads a gigabyte for someone who may not send it.
      if (refusal?.ok === false) return refuse(app, request, reply, refusal.error);
      return sendResult(reply, await callFor(request, name, await readInput(request, app.maxInputBytes(name))));
    });
  }
}

/** Makes the call of a request's client. When the client goes away, what was done for it alone is stopped. */
function makeCallFor(app: App): CallFor {
  return async (request, name, input) => {
    const { caller, scopes } = request.client!;
    const refusal = scopeRefusal(scopes, findCall(name)!.scope);
    if (refusal?.ok === false) return { ok: false, error: await app.noteRefusal(name, refusal.error, caller) };
    const gone = new AbortController();
    const { socket } = request.raw;
    const leave = (): void => gone.abort();
    socket.once('close', leave);
    try {
      return await app.call(name, input, { ...caller, signal: gone.signal });
    } finally {
      socket.off('close', leave);
    }
  };
}

/** Answers with a refusal and writes it to the log. */
async function refuse(app: App, request: FastifyRequest, reply: FastifyReply, error: Failure): Promise<FastifyReply> {
  const name = /^\/v1\/call\/([a-z-]+\.[A-Za-z]+)(?:\?|$)/.exec(request.url)?.[1] ?? 'http';
  const logged = await app.noteRefusal(name, error, request.client?.caller ?? { actor: 'http' });
  return sendProblem(reply, logged);
}

function isApi(request: FastifyRequest): boolean {
  return request.url.startsWith('/v1/');
}

/** What Fastify and its plugins throw, in the contract's codes. */
function toFailure(error: unknown, reportInternal: (error: unknown) => string): Failure {
  if (error instanceof Refusal) return fail(error.code, error.message, error.details).error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return fail('contract.too-large', 'the request body is larger than this call takes').error;
  if (status === 429) return fail('contract.rate-limited', 'too many requests in one second').error;
  if (status >= 400 && status < 500) {
    return fail('contract.invalid-input', 'expected a JSON body or a form with a part named input').error;
  }
  const correlationId = reportInternal(error);
  return { code: 'internal', message: 'something broke inside Glovebox', correlationId };
}

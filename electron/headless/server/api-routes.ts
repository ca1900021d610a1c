import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../../shared/contract/call.ts';
import type { CallName } from '../../../shared/contract/index.ts';
import type { SystemStatus } from '../../../shared/contract/system.ts';
import { fail, ok, Refusal, type Result } from '../../../shared/result.ts';
import type { App } from '../../ipc/index.ts';
import { readInput } from './body.ts';
import { DOCS_POLICY, docsPage } from './docs-page.ts';
import { countRuns } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { sendResult } from './problem.ts';

/** Calls the contract for a request, with its client's scope checked. */
export type CallFor = (request: FastifyRequest, name: CallName, input: unknown) => Promise<Result<unknown>>;

/** Addresses for those who think in resources rather than calls. All of them end in calls of the contract. */
export function addApiRoutes(server: FastifyInstance, app: App, callFor: CallFor): void {
  addExecute(server, app, callFor);
  server.post('/v1/sessions', async (request, reply) => {
    return sendResult(reply.code(201), await callFor(request, 'sessions.open', request.body ?? {}));
  });
  server.get<{ Querystring: { module?: string; limit?: string } }>('/v1/runs', async (request, reply) => {
    const { module, limit } = request.query;
    const input = { ...(module !== undefined && { module }), ...(limit !== undefined && { limit: Number(limit) }) };
    return sendResult(reply, await callFor(request, 'runs.list', input));
  });
  server.get<{ Params: { runId: string } }>('/v1/runs/:runId', async (request, reply) => {
    return sendResult(reply, await callFor(request, 'runs.get', request.params));
  });
  server.get<{ Params: { runId: string } }>('/v1/verify/:runId', async (request, reply) => {
    const found = await callFor(request, 'receipts.get', { runId: request.params.runId });
    if (!found.ok) return sendResult(reply, found);
    const { text } = found.value as { text: string };
    const checked = await callFor(request, 'receipts.verify', { receipt: Buffer.from(text) });
    if (!checked.ok) return sendResult(reply, checked);
    return sendResult(reply, ok({ receipt: JSON.parse(text) as unknown, verification: checked.value }));
  });
  addDescriptions(server, app, callFor);
}

/** Loads the module if it came as bytes, runs it, and answers with what it came to, or at once where that is preferred. */
function addExecute(server: FastifyInstance, app: App, callFor: CallFor): void {
  server.post('/v1/execute', async (request, reply) => {
    const raw = await readInput(request, app.maxInputBytes('modules.load'));
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      throw new Refusal('contract.invalid-input', 'expected an object with a module');
    }
    const { module, name, ...others } = raw as Record<string, unknown>;
    const digest = await digestFor(request, callFor, module, name);
    if (!digest.ok) return sendResult(reply, digest);
    const run = { entry: { kind: 'command' }, ...others, module: digest.value };
    if (!/\brespond-async\b/.test(String(request.headers.prefer ?? ''))) {
      return sendResult(reply, await callFor(request, 'runs.execute', run));
    }
    const started = await callFor(request, 'runs.start', run);
    if (!started.ok) return sendResult(reply, started);
    const { runId } = started.value as { runId: string };
    reply.code(202).headers({ location: `/v1/runs/${runId}`, 'preference-applied': 'respond-async' });
    return sendResult(reply, started);
  });
}

async function digestFor(
  request: FastifyRequest,
  callFor: CallFor,
  module: unknown,
  name: unknown,
): Promise<Result<unknown>> {
  if (typeof module === 'string' && /^[0-9a-f]{64}$/.test(module)) return ok(module);
  const input = { name: typeof name === 'string' ? name : 'module.wasm', bytes: module };
  const loaded = await callFor(request, 'modules.load', input);
  if (!loaded.ok) return loaded;
  return ok((loaded.value as { record: { sha256: string } }).record.sha256);
}

function addDescriptions(server: FastifyInstance, app: App, callFor: CallFor): void {
  const metrics = countRuns(app);
  server.addHook('onClose', async () => metrics.stop());
  const description = JSON.stringify(describeApi(app.health().version));
  server.get('/v1/openapi.json', async (_request, reply) => reply.type('application/json').send(description));
  server.get('/v1/docs', async (_request, reply) => {
    const headers = { 'content-security-policy': DOCS_POLICY, 'x-content-type-options': 'nosniff' };
    return reply.headers(headers).type('text/html; charset=utf-8').send(docsPage());
  });
  server.get('/v1/metrics', async (request, reply: FastifyReply) => {
    const status = await callFor(request, 'system.status', {});
    if (!status.ok) return sendResult(reply, status);
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text(status.value as SystemStatus));
  });
}

/** Whether a client's scopes reach a call's. */
export function scopeRefusal(scopes: readonly Scope[], wanted: Scope): Result<never> | undefined {
  if (scopes.includes(wanted) || scopes.includes('admin')) return undefined;
  return fail('contract.forbidden-sender', `this token may ${scopes.join(', ')}; the call wants ${wanted}`);
}

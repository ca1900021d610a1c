import * as z from 'zod/mini';
import type { Call } from '../../../shared/contract/call.ts';
import { contract } from '../../../shared/contract/index.ts';
import { allErrorCodes, errorCodes } from '../../../shared/errors.ts';
import { bytes } from '../../../shared/model/scalars.ts';

type Json = Record<string, unknown>;

/** The contract as an OpenAPI 3.1 document, made from the schemas that also check the calls. */
export function describeApi(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [room, verbs] of Object.entries(contract)) {
    for (const [verb, declaration] of Object.entries(verbs as Record<string, Call>)) {
      paths[`/v1/call/${room}.${verb}`] = { post: describeCall(room, verb, declaration) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Glovebox',
      version,
      description: 'Runs WebAssembly modules in a box. Bytes are base64 in JSON, or raw parts of a form.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: Object.keys(contract).map((name) => ({ name })),
    paths: { ...paths, ...otherPaths },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: problem },
      responses: {
        Problem: {
          description: 'A refusal (RFC 9457)',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function describeCall(room: string, verb: string, { summary, scope, input, output, errors }: Call): Json {
  const value = toSchema(output, 'output');
  return {
    operationId: `${room}_${verb}`,
    tags: [room],
    summary,
    description: `Scope: ${scope}.${errors.length === 0 ? '' : ` Refuses with: ${errors.join(', ')}.`}`,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: toSchema(input, 'input') },
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['input'],
            properties: { input: { type: 'string', description: 'the JSON, with {"$part":"name"} in place of bytes' } },
            additionalProperties: { type: 'string', contentMediaType: 'application/octet-stream' },
          },
        },
      },
    },
    responses: { '200': resultOf(value), default: { $ref: '#/components/responses/Problem' } },
  };
}

function resultOf(value: Json): Json {
  const schema = { type: 'object', required: ['ok', 'value'], properties: { ok: { const: true }, value } };
  return { description: 'Done', content: { 'application/json': { schema } } };
}

function toSchema(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if ((zodSchema as unknown) !== bytes) return;
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Json)[key];
      Object.assign(jsonSchema, { type: 'string', contentEncoding: 'base64' });
    },
  }) as Json;
  return inlined(json);
}

/** A recursive schema refers to its own `$defs`, which a reader looks for at the root of the document. */
function inlined(json: Json): Json {
  if (json.$defs === undefined) return json;
  return JSON.parse(
    JSON.stringify(json, (key, item: unknown) => {
      if (key === '$defs') return undefined;
      const isReference = typeof item === 'object' && item !== null && '$ref' in item;
      return isReference ? { description: 'any JSON' } : item;
    }),
  ) as Json;
}

const problem: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'ok', 'error'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    ok: { const: false },
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: {
          type: 'string',
          enum: allErrorCodes,
          description: Object.entries(errorCodes)
            .map(([code, [, text]]) => `${code}: ${text}`)
            .join('\n'),
        },
        message: { type: 'string' },
        details: { type: 'object' },
        correlationId: { type: 'string' },
      },
    },
  },
};

const json = (description: string): Json => ({
  responses: {
    '200': { description, content: { 'application/json': { schema: { type: 'object' } } } },
    default: { $ref: '#/components/responses/Problem' },
  },
});
const runIdParameter = { name: 'runId', in: 'path', required: true, schema: { type: 'string' } };

/** The addresses that are not calls of the contract by name. */
const otherPaths: Record<string, Json> = {
  '/v1/execute': {
    post: {
      operationId: 'execute',
      summary: 'Run a module given as digest or bytes; with "Prefer: respond-async" answers 202 at once',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['module'],
              properties: {
                module: { type: 'string', description: 'digest of a loaded module, or its bytes in base64' },
                name: { type: 'string' },
                entry: { type: 'object', description: 'as of runs.execute; the program itself without it' },
              },
              additionalProperties: true,
            },
          },
        },
      },
      ...json('What the run came to'),
    },
  },
  '/v1/sessions': { post: { operationId: 'openSession', summary: 'As sessions.open', ...json('The session') } },
  '/v1/runs': { get: { operationId: 'listRuns', summary: 'As runs.list', ...json('Runs, newest first') } },
  '/v1/runs/{runId}': {
    get: { operationId: 'getRun', summary: 'As runs.get', parameters: [runIdParameter], ...json('One run') },
  },
  '/v1/verify/{runId}': {
    get: {
      operationId: 'verifyRun',
      summary: 'The receipt of a run, and what checking it found',
      parameters: [runIdParameter],
      ...json('Receipt and verification'),
    },
  },
  '/v1/events': {
    get: {
      operationId: 'events',
      summary: 'Server-sent events with numbers above `since`, then live',
      parameters: [{ name: 'since', in: 'query', schema: { type: 'integer', minimum: 0 } }],
      responses: {
        '200': { description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      },
    },
  },
  '/v1/health': { get: { operationId: 'health', summary: 'Whether it works', security: [], ...json('Health') } },
  '/v1/metrics': {
    get: {
      operationId: 'metrics',
      summary: 'Numbers in Prometheus text format',
      responses: { '200': { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } } },
    },
  },
};

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { toBase64 } from '../../shared/base64.ts';
import { type CallName, findCall } from '../../shared/contract/index.ts';
import { createFakeWorld, type FakeOptions } from './fake-bridge.ts';

/** The policy of the page, as the hosts send it. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
const ROOT = join(import.meta.dirname, '../../out/renderer');

export type WindowServer = { readonly url: string; close(): Promise<void>; emit(name: string, data: unknown): void };

/** Serves the built window under its policy, and a fake world behind the HTTP form of the contract. */
export async function startWindowServer(options: FakeOptions = {}): Promise<WindowServer> {
  const world = createFakeWorld(options);
  const streams = new Set<ServerResponse>();
  let seq = 0;
  const emit = (name: string, data: unknown) => {
    seq++;
    const message = JSON.stringify({ seq, ts: Date.now(), name, data });
    for (const stream of streams) stream.write(`id: ${seq}\ndata: ${message}\n\n`);
  };
  world.onEvent = emit;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/v1/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(':\n\n');
      streams.add(response);
      request.on('close', () => streams.delete(response));
    } else if (pathname === '/v1/call/system.eventSeq') sendJson(response, { ok: true, value: { seq } });
    else if (pathname.startsWith('/v1/call/'))
      void answer(world.handlers, pathname.slice('/v1/call/'.length) as CallName, request, response);
    else void sendFile(pathname, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => closeServer(server, streams), emit };
}

async function answer(
  handlers: object,
  name: CallName,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = findCall(name);
  const [room = '', verb = ''] = name.split('.');
  const handler = (handlers as Record<string, Record<string, (input: unknown, caller: unknown) => Promise<unknown>>>)[
    room
  ]?.[verb];
  if (call === undefined || handler === undefined) {
    return sendJson(response, {
      ok: false,
      error: { code: 'contract.unknown-call', message: `there is no call ${name}` },
    });
  }
  const input = call.input.safeParse(await readInput(request));
  if (!input.success) {
    return sendJson(response, {
      ok: false,
      error: { code: 'contract.invalid-input', message: `the input of ${name} has another form` },
    });
  }
  sendJson(response, await handler(input.data, { actor: 'window' }));
}

async function readInput(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const type = request.headers['content-type'] ?? '';
  const body = Buffer.concat(chunks);
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString());
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const parts = new Map<string, Uint8Array>();
  for (const [name, value] of form) {
    if (typeof value !== 'string') parts.set(name, new Uint8Array(await value.arrayBuffer()));
  }
  return JSON.parse(String(form.get('input')), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && '$part' in value ? parts.get(String(value.$part)) : value,
  );
}

function sendJson(response: ServerResponse, value: unknown): void {
  const text = JSON.stringify(value, (_key, item: unknown) => (item instanceof Uint8Array ? toBase64(item) : item));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(text);
}

async function sendFile(pathname: string, response: ServerResponse): Promise<void> {
  const path = normalize(pathname === '/' ? '/index.html' : pathname);
  try {
    const body = await readFile(join(ROOT, path));
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': CONTENT_SECURITY_POLICY,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function closeServer(server: Server, streams: Set<ServerResponse>): Promise<void> {
  for (const stream of streams) stream.end();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callNames } from '../../../shared/contract/index.ts';
import { glovebox } from '../../support/command-line.ts';
import { isBuilt, type ServedApp, serveApp } from '../../support/served-app.ts';

const sample = (name: string) => readFile(path.resolve(import.meta.dirname, `../../../out/samples/${name}.wasm`));

describe.skipIf(!isBuilt)('the HTTP API', () => {
  let app: ServedApp;
  let token: string;
  let readToken: string;

  beforeAll(async () => {
    app = await serveApp();
    token = (await glovebox(app.dataFolder, 'token', 'create', 'all', '--scope', 'admin')).stdout.trim();
    readToken = (await glovebox(app.dataFolder, 'token', 'create', 'reader', '--scope', 'read')).stdout.trim();
  });
  afterAll(() => app?.remove());

  const ask = (address: string, options: RequestInit = {}, bearer = token) =>
    fetch(app.origin + address, { ...options, headers: { authorization: `Bearer ${bearer}`, ...options.headers } });

  const call = async (name: string, input: unknown, bearer = token) => {
    const headers = { 'content-type': 'application/json' };
    const response = await ask(`/v1/call/${name}`, { method: 'POST', body: JSON.stringify(input), headers }, bearer);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  async function execute(name: string, entry: object, headers: Record<string, string> = {}, more: object = {}) {
    const form = new FormData();
    form.append('input', JSON.stringify({ name: `${name}.wasm`, module: { $part: 'm' }, entry, ...more }));
    form.append('m', new Blob([new Uint8Array(await sample(name))]), 'm');
    return ask('/v1/execute', { method: 'POST', body: form, headers });
  }

  test('a module sent as a part is run and its value comes back', async () => {
    const response = await execute('fibonacci', { kind: 'export', name: 'fibonacci', args: ['90'] });
    const { value } = (await response.json()) as { value: { items: { results: unknown }[] } };
    expect([response.status, value.items[0]?.results]).toEqual([200, [{ type: 'i64', value: '2880067194370816120' }]]);
  });

  test('bytes may come as base64 in JSON just as well', async () => {
    const bytes = (await sample('hello')).toString('base64');
    const { status, body } = await call('modules.load', { name: 'hello.wasm', bytes });
    expect([status, body.ok]).toEqual([200, true]);
  });

  test('a run can be started, found, and stopped', async () => {
    const started = await execute('endless', { kind: 'export', name: 'spin', args: [] }, { prefer: 'respond-async' });
    const location = started.headers.get('location')!;
    expect([started.status, location]).toEqual([202, expect.stringMatching(/^\/v1\/runs\/run_/)]);
    const runId = location.split('/').at(-1);
    expect((await call('runs.cancel', { runId })).status).toBe(200);
    await expect
      .poll(
        async () =>
          ((await (await ask(location)).json()) as { value: { outcome: { kind: string } | null } }).value.outcome?.kind,
      )
      .toBe('stopped');
  });

  test('verify gives the receipt of a run with what checking it found', async () => {
    const response = await execute('hello', { kind: 'command' });
    const { value } = (await response.json()) as { value: { record: { runId: string } } };
    const verified = await ask(`/v1/verify/${value.record.runId}`);
    const found = (await verified.json()) as { value: { verification: { verdict: string }; receipt: object } };
    expect([verified.status, found.value.verification.verdict]).toEqual([200, 'valid']);
  });

  test('events come in order and without gaps from the number asked for', async () => {
    const { body } = await call('system.eventSeq', {});
    const since = (body.value as { seq: number }).seq;
    const stop = new AbortController();
    const stream = await ask(`/v1/events?since=${since}`, { signal: stop.signal });
    await execute('fibonacci', { kind: 'export', name: 'fibonacci', args: ['1'] });
    let text = '';
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('"state":"ended"')) break;
    }
    stop.abort();
    const numbers = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual(numbers.map((_, i) => since + 1 + i));
    expect(text).toContain('"name":"run.changed"');
  });

  test('the OpenAPI document has every call', async () => {
    const document = (await (await fetch(`${app.origin}/v1/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    const paths = Object.keys(document.paths);
    expect(document.openapi).toBe('3.1.0');
    expect(callNames.filter((name) => !paths.includes(`/v1/call/${name}`))).toEqual([]);
  });

  test('without a token, with a wrong one, or without the scope nothing is done', async () => {
    const bare = await fetch(`${app.origin}/v1/call/modules.list`, { method: 'POST' });
    const wrong = await call('modules.list', {}, 'gbx_wrong');
    const scope = await call('modules.loadSample', { name: 'hello' }, readToken);
    expect([bare.status, wrong.status, scope.status]).toEqual([401, 401, 403]);
    expect(bare.headers.get('content-type')).toContain('application/problem+json');
    expect(scope.body).toMatchObject({ status: 403, error: { code: 'contract.forbidden-sender' } });
    expect((await call('modules.list', {}, readToken)).status).toBe(200);
  });

  test('a page of another site gets nothing, whatever name it uses for this machine', async () => {
    const foreign = { origin: 'http://evil.example' };
    const rebound = await rawRequest(app.origin, 'GET /v1/runs HTTP/1.1\r\nHost: evil.example\r\n');
    const fetched = await ask('/v1/runs', { headers: foreign });
    const site = await ask('/v1/runs', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect([rebound.split(' ')[1], fetched.status, site.status]).toEqual(['403', 403, 403]);
    expect(fetched.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('what is malformed is answered with 4xx, never with 500', async () => {
    const json = { 'content-type': 'application/json' };
    const bodies: [string, RequestInit][] = [
      ['/v1/call/modules.load', { method: 'POST', body: '{', headers: json }],
      ['/v1/call/modules.load', { method: 'POST', body: '[]', headers: json }],
      ['/v1/call/modules.load', { method: 'POST', body: '{"name":1,"bytes":"!"}', headers: json }],
      ['/v1/call/modules.load', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }],
      ['/v1/call/modules.load', { method: 'POST', body: '--x', headers: { 'content-type': 'multipart/form-data' } }],
      ['/v1/call/modules.load', { method: 'POST', body: '{"__proto__":{"a":1}}', headers: json }],
      ['/v1/call/nothing.here', { method: 'POST', body: '{}', headers: json }],
      ['/v1/call/modules.list', { method: 'GET' }],
      ['/v1/events?since=-1', {}],
      ['/v1/execute', { method: 'POST', body: '"x"', headers: json }],
      ['/v1/runs/../../etc/passwd', {}],
      ['/v1/runs/run_x', {}],
    ];
    const statuses = await Promise.all(bodies.map(async ([address, options]) => (await ask(address, options)).status));
    expect(statuses.filter((status) => status < 400 || status >= 500)).toEqual([]);
  });

  test('a module above the limit is refused while it is sent, and the server lives on', async () => {
    const form = new FormData();
    form.append('input', JSON.stringify({ name: 'huge.wasm', bytes: { $part: 'm' } }));
    form.append('m', new Blob([new Uint8Array(160 * 1024 * 1024)]), 'm');
    const response = await ask('/v1/call/modules.load', { method: 'POST', body: form });
    const body = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, body.error.code]).toEqual([413, 'contract.too-large']);
    expect(body.error.message).toMatch(/expected at most 129 MiB/);
    expect((await fetch(`${app.origin}/v1/health`)).status).toBe(200);
  });

  test('the window and its files cannot be escaped from', async () => {
    const tries = [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2f..%2fpackage.json',
      '/assets/../../package.json',
      '/.git/config',
    ];
    const answers = await Promise.all(
      tries.map((address) =>
        rawRequest(app.origin, `GET ${address} HTTP/1.1\r\nHost: ${new URL(app.origin).host}\r\n`),
      ),
    );
    expect(answers.map((answer) => Number(answer.split(' ')[1])).filter((status) => !(status >= 400))).toEqual([]);
  });

  test('refused requests are in the log, and no token is anywhere on the disk', async () => {
    await call('modules.loadSample', { name: 'hello' }, readToken);
    const { stdout } = await glovebox(app.dataFolder, 'audit', 'list', 'kind:call.refused', '--json', '--last', '0');
    expect(stdout).toContain('"error":"contract.forbidden-sender"');
    const files = await readdir(app.dataFolder, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(path.join(file.parentPath, file.name))),
    );
    expect(contents.filter((content) => content.includes(token) || content.includes(readToken))).toEqual([]);
  });
});

describe.skipIf(!isBuilt)('stopping the server', () => {
  test('during runs it ends the guests and loses no entry', async () => {
    const app = await serveApp();
    try {
      const token = (await glovebox(app.dataFolder, 'token', 'create', 'all', '--scope', 'admin')).stdout.trim();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const ask = async (name: string, input: object) => {
        const response = await fetch(`${app.origin}/v1/call/${name}`, {
          method: 'POST',
          body: JSON.stringify(input),
          headers,
        });
        return ((await response.json()) as { value: { record: { sha256: string }; runId: string } }).value;
      };
      const { record } = await ask('modules.loadSample', { name: 'endless' });
      const entry = { kind: 'export', name: 'spin', args: [] };
      const started = await Promise.all(
        Array.from({ length: 5 }, () => ask('runs.start', { module: record.sha256, entry })),
      );
      expect(await app.stop()).toBe(0);

      const { stdout } = await glovebox(app.dataFolder, 'audit', 'list', 'kind:run.*', '--json', '--last', '0');
      const entries = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { op: string; data: { run: string; outcome?: string } });
      const ended = entries.filter(({ op }) => op === 'run.finished').map(({ data }) => [data.run, data.outcome]);
      const runIds = started.map(({ runId }) => runId);
      expect(ended.sort()).toEqual(runIds.map((runId) => [runId, 'stopped']).sort());
      expect(await guestsOf(app.dataFolder)).toEqual([]);
    } finally {
      await app.remove();
    }
  });

  test('killing it outright leaves no guest behind and a log that opens', async () => {
    const app = await serveApp();
    try {
      const children = await childrenOf(app.process.pid!);
      expect(children.length).toBeGreaterThan(0);
      app.process.kill('SIGKILL');
      await expect.poll(async () => (await Promise.all(children.map(isAlive))).some(Boolean)).toBe(false);
      expect((await glovebox(app.dataFolder, 'audit', 'list')).status).toBe(0);
    } finally {
      await app.remove();
    }
  });
});

/** Sends a request as it is written; `fetch` would tidy it up. */
function rawRequest(origin: string, head: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head}Connection: close\r\n\r\n`);
    });
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/\) [ZX] /.test(stat);
}

/** Processes that have the folder in their arguments. */
async function guestsOf(dataFolder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(dataFolder));
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Execution, ExecutionResult } from '../../../electron/hypervisor/guest/protocol.ts';
import { defaultLimits } from '../../../shared/model/limits.ts';
import { findBrowser } from '../../support/browser.ts';
import { launchBrowser } from '../../support/chromium.ts';
import { buildWebWorker } from '../../support/guest-bundle.ts';
import { assemble } from '../../support/wat.ts';

const hasBrowser = findBrowser() !== undefined;
if (!hasBrowser) console.log('skipped: the guest runtime in Chromium, because there is no Chromium');

let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!hasBrowser) return;
  const script = await buildWebWorker();
  server = createServer((request, response) => {
    // Shared memory wants a page that is isolated from all others.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    const isScript = request.url === '/worker.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>guest</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

const { memoryBytes, timeMs, tableElements, outputBytes, fileBytes, fileEntries } = defaultLimits;
const { moduleBytes, functions, imports, exports } = defaultLimits;
const execution: Execution = {
  entry: { kind: 'export', name: 'f', args: [] },
  wasi: null,
  limits: { memoryBytes, timeMs, fuel: null, tableElements, outputBytes, fileBytes, fileEntries },
  statics: { moduleBytes, functions, imports, exports },
  grants: ['wasi'],
  stubs: [],
  determinism: null,
};

type Seen = { readonly printed: string; readonly result: ExecutionResult };

/** Runs `f` in a fresh worker of the page; with `stopAfterMs` it is told to stop through the gauge. */
function run(source: string, change: Partial<Execution> = {}, stopAfterMs: number | null = null): Promise<Seen> {
  const bytes = [...assemble(source)];
  return page.evaluate(
    ({ bytes, execution, stopAfterMs }) =>
      new Promise<Seen>((resolve, reject) => {
        const worker = new Worker('/worker.js');
        const gauge = new SharedArrayBuffer(64);
        let printed = '';
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          if (data.type === 'ready') {
            worker.postMessage({ type: 'module', bytes: Uint8Array.from(bytes) });
            worker.postMessage({ type: 'execute', id: 1, execution, compiled: null });
          }
          if (data.type === 'printed') printed += new TextDecoder().decode(data.bytes);
          if (data.type === 'compiled' && stopAfterMs !== null) {
            setTimeout(() => Atomics.store(new Int32Array(gauge), 0, 2), stopAfterMs);
          }
          if (data.type === 'ended') resolve({ printed, result: data.result });
        };
        worker.postMessage({ gauge });
      }),
    { bytes, execution: { ...execution, ...change }, stopAfterMs },
  );
}

const hello = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "hello\\n") (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00")
  (func (export "f") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))`;

test.skipIf(!hasBrowser)('the same runtime prints, counts and returns in a worker of Chromium', async () => {
  const { printed, result } = await run(hello);
  expect(printed).toBe('hello\n');
  expect(result).toMatchObject({ outcome: { kind: 'finished' }, results: [{ type: 'i32', value: '0' }] });
  expect(Number(result.fuelUsed)).toBeGreaterThan(50);
});

test.skipIf(!hasBrowser)(
  'in Chromium too a loop ends at its deadline, out of fuel, or when it is stopped',
  async () => {
    const loop = '(module (func (export "f") (loop (br 0))))';
    const late = await run(loop, { limits: { ...execution.limits, timeMs: 100 } });
    const empty = await run(loop, { limits: { ...execution.limits, fuel: 1000n } });
    const stopped = await run(loop, {}, 50);
    expect([late, empty, stopped].map(({ result }) => result.outcome.kind)).toEqual([
      'timed-out',
      'out-of-fuel',
      'stopped',
    ]);
  },
);

test.skipIf(!hasBrowser)('in Chromium too a trap is named with its place', async () => {
  const { result } = await run('(module (func (export "f") unreachable))');
  expect(result.outcome.trap).toEqual({
    kind: 'unreachable',
    message: 'unreachable',
    frames: [{ functionIndex: 0, functionName: null, offset: expect.any(Number) }],
  });
});

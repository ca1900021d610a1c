import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../../electron/vault/backup.ts';
import { engine } from '../../../electron/vault/engine.ts';
import { findByKeys } from '../../../electron/vault/opener.ts';
import { pointOfSpki } from '../../../electron/vault/p256.ts';
import { openStream, sealStream } from '../../../electron/vault/sealed-stream.ts';
import type { Client } from '../../../shared/contract/index.ts';
import type { ModuleDigest, RunId } from '../../../shared/model/scalars.ts';
import type { Result } from '../../../shared/result.ts';
import { openTestApp, type TestApp } from '../../support/app.ts';
import { assemble } from '../../support/wat.ts';

// The marker is in the module's data, and comes out again on stdout.
const MARKER = 'PLANTED-PLAINTEXT-OF-A-SEALED-MODULE';
const printer = assemble(`(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "${MARKER}")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const ${MARKER.length}))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`);
const adder = assemble(`(module (func (export "add") (param i32 i32) (result i32)
  (i32.add (local.get 0) (local.get 1))))`);
const wanting = assemble(`(module (import "env" "power" (func)) (func (export "go") (call 0)))`);
const looper = assemble(`(module (func (export "spin") (loop (br 0))))`);

let app: TestApp;
let client: Client;

beforeAll(async () => {
  app = await openTestApp();
  client = app.client();
});
afterAll(() => app.close());

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

async function load(bytes: Uint8Array): Promise<ModuleDigest> {
  return value(await client.modules.load({ name: 'x.wasm', bytes })).record.sha256;
}

async function runAdd(module: ModuleDigest, more: object = {}) {
  const entry = { kind: 'export' as const, name: 'add', args: ['40', '2'] };
  return value(await client.runs.execute({ module, entry, ...more })).record;
}

async function verify(runId: RunId, replay = false) {
  const { text } = value(await client.receipts.get({ runId }));
  return value(await client.receipts.verify({ receipt: new TextEncoder().encode(text), replay }));
}

/** Every file under the data folder that contains one of the secrets, in any usual writing. */
async function filesWith(...secrets: (string | Uint8Array)[]): Promise<string[]> {
  const forms = secrets
    .map((secret) => Buffer.from(secret))
    .flatMap((bytes) => [
      bytes,
      Buffer.from(bytes.toString('hex')),
      Buffer.from(bytes.toString('base64').replace(/=+$/, '').slice(0, -1)),
      Buffer.from(bytes.toString('base64url').replace(/=+$/, '').slice(0, -1)),
    ]);
  const found: string[] = [];
  for (const name of await readdir(app.dataFolder, { recursive: true })) {
    const file = path.join(app.dataFolder, name);
    if (!(await stat(file)).isFile()) continue;
    const content = await readFile(file);
    if (forms.some((form) => content.includes(form))) found.push(name);
  }
  return found;
}

describe('every run', () => {
  test('has a receipt that verifies, is in the log, and is known by module and openings', async () => {
    const record = await runAdd(await load(adder));
    const result = await verify(record.runId);
    expect(result.verdict).toBe('valid');
    const lines = Object.fromEntries(result.checks.map(({ name, state }) => [name, state]));
    expect(lines).toEqual({
      format: 'done',
      signature: 'done',
      statement: 'done',
      signer: 'done',
      inclusion: 'done',
      limits: 'done',
      time: 'done',
      module: 'done',
      commitments: 'done',
      replay: 'not-checked',
    });
    expect(value(await client.receipts.list({}))[0]).toMatchObject({
      runId: record.runId,
      receiptId: record.receiptId,
    });
  });

  test('that was deterministic is confirmed by running it again', async () => {
    const record = await runAdd(await load(adder), { determinism: { seed: '0'.repeat(64) } });
    const { verdict, checks } = await verify(record.runId, true);
    expect([verdict, checks.find(({ name }) => name === 'replay')]).toEqual([
      'valid',
      { name: 'replay', state: 'done', message: 'run again: same outcome, output and fuel' },
    ]);
  });

  test('that was stopped by a limit has one that names it, one that was denied too', async () => {
    const module = await load(looper);
    const entry = { kind: 'export' as const, name: 'spin', args: [] };
    const { record } = value(await client.runs.execute({ module, entry, limits: { timeMs: 200 } }));
    const timedOut = await verify(record.runId);
    expect([timedOut.verdict, timedOut.statement?.predicate.result]).toEqual([
      'valid',
      { kind: 'timed-out', limit: { name: 'time', value: '200 ms' } },
    ]);
    const starved = value(await client.runs.execute({ module, entry, limits: { fuel: '100000' } }));
    expect((await verify(starved.record.runId)).statement?.predicate.result).toEqual({
      kind: 'out-of-fuel',
      limit: { name: 'fuel', value: '100000' },
    });
    const go = { kind: 'export' as const, name: 'go', args: [] };
    const denied = value(await client.runs.execute({ module: await load(wanting), entry: go }));
    expect(denied.record.outcome?.kind).toBe('denied');
    expect((await verify(denied.record.runId)).statement?.predicate.result.kind).toBe('denied');
  });

  test('under way when the keys are locked still has its receipt; a new one is refused', async () => {
    const module = await load(looper);
    const entry = { kind: 'export' as const, name: 'spin', args: [] };
    const { runId } = value(await client.runs.start({ module, entry, limits: { timeMs: 1500 } }));
    value(await client.keys.lock({}));
    expect(await client.runs.start({ module, entry })).toMatchObject({ ok: false, error: { code: 'vault.locked' } });
    await expect.poll(async () => value(await client.runs.get({ runId })).state, { timeout: 10_000 }).toBe('ended');
    value(await client.keys.unlock({}));
    expect(await verify(runId)).toMatchObject({ verdict: 'valid' });
  });
});

describe('a sealed module', () => {
  test('runs without its plaintext on disk or in the window, its output sealed to a recipient', async () => {
    const ownKey = value(await client.keys.list({})).keys.find(({ role }) => role === 'seal')!.keyId;
    const to = { recipients: [ownKey], kind: 'module' as const };
    const sealed = value(await client.sealing.seal({ name: 'secret.wasm', bytes: printer, ...to }));
    expect(sealed.fileName).toBe('secret.wasm.sealed');
    const { record: module } = value(await client.modules.load({ name: sealed.fileName, bytes: sealed.bytes }));
    expect(module).toMatchObject({ name: 'secret.wasm', source: 'sealed' });
    const window = app.client({ actor: 'window' });
    const seen: string[] = [];
    const stop = app.app.events.subscribe(app.app.events.seq(), (message) => seen.push(JSON.stringify(message)));
    const request = {
      module: module.sha256,
      entry: { kind: 'command' as const },
      grants: ['wasi' as const],
      sealTo: [ownKey],
    };
    const { record, items } = value(await window.runs.execute(request));
    stop();
    expect(record.outcome?.kind).toMatch(/finished|exited/);
    expect([record.stdoutBytes, items]).toEqual([0, []]);
    expect(await window.modules.read({ sha256: module.sha256, offset: 0, length: 10 })).toMatchObject({ ok: false });
    expect(value(await window.runs.items({ runId: record.runId }))).toEqual([]);
    expect(
      value(await window.runs.output({ runId: record.runId, stream: 'stdout', offset: 0, length: 100 })).totalBytes,
    ).toBe(0);
    expect(await window.sealing.open({ bytes: sealed.bytes })).toMatchObject({
      ok: false,
      error: { code: 'contract.forbidden-sender' },
    });
    expect(seen.join()).not.toContain(MARKER);

    const output = value(await client.sealing.output({ runId: record.runId }));
    const opened = value(await client.sealing.open({ bytes: output.bytes }));
    const { items: inside } = JSON.parse(new TextDecoder().decode(opened.bytes));
    expect(Buffer.from(inside[0].stdout, 'base64').toString()).toBe(MARKER);
    const { statement, verdict } = await verify(record.runId);
    expect(verdict).toBe('valid');
    expect(statement?.subject[1]?.name).toBe('output.sealed');
    expect(statement?.predicate.sealed?.module?.recipients).toEqual([ownKey]);

    await app.reopen();
    expect(await filesWith(MARKER)).toEqual([]);
    expect(value(await client.modules.list({})).some(({ sha256 }) => sha256 === module.sha256)).toBe(false);
  });

  test('for someone else, or cut, is refused with the one message', async () => {
    const stranger = engine().curve.publicKeyOf(engine().curve.generate());
    const sealed = await sealTo(stranger, printer, 'module');
    for (const bytes of [sealed, sealed.subarray(0, -1)]) {
      expect(await client.modules.load({ name: 'x.wasm.sealed', bytes })).toMatchObject({
        ok: false,
        error: { code: 'vault.cannot-open', message: 'the sealed data could not be opened' },
      });
    }
  });
});

function sealTo(point: Uint8Array, content: Uint8Array, kind: 'module' | 'input'): Promise<Uint8Array> {
  const meta = { name: 'x', mediaType: '', sizeBytes: content.length };
  return collect(
    sealStream([content], { suite: 'aes-256-gcm', kind, to: { recipients: [point], isAnonymous: false }, meta }),
  );
}

describe('a session', () => {
  const { curve } = engine();
  const secret = curve.generate();
  const point = curve.publicKeyOf(secret);

  async function execute(request: object, module: Uint8Array = adder) {
    const session = value(await client.sessions.open({ replyTo: point }));
    const to = pointOfSpki(new Uint8Array(session.publicKey));
    return {
      sessionId: session.sessionId,
      result: await client.sessions.execute({
        sessionId: session.sessionId,
        module: await sealTo(to, module, 'module'),
        request: await sealTo(to, new TextEncoder().encode(JSON.stringify(request)), 'input'),
      }),
    };
  }

  test('runs what is sealed to it, seals the result to its caller, and is gone', async () => {
    const { sessionId, result } = await execute({ entry: { kind: 'export', name: 'add', args: ['271828', '314159'] } });
    const { output, record, receipt } = value(result);
    const { content } = await openStream([new Uint8Array(output)], findByKeys([{ keyId: '', point, secret }]));
    const { items } = JSON.parse(new TextDecoder().decode(await collect(content)));
    expect(items[0].results).toEqual([{ type: 'i32', value: '585987' }]);
    expect([record.results, record.entry]).toEqual([[], { kind: 'export', name: 'add', args: [] }]);
    const verified = value(await client.receipts.verify({ receipt: new TextEncoder().encode(receipt) }));
    expect(verified).toMatchObject({ verdict: 'valid', statement: { predicate: { sessionId } } });
    expect(value(await client.sessions.list({}))).toEqual([]);
    expect(await client.sessions.close({ sessionId })).toMatchObject({
      ok: false,
      error: { code: 'session.not-found' },
    });
    expect(await filesWith('271828', '314159', '585987')).toEqual([]);
  });

  test('is wiped also when the request is not one, the module is none, or the run fails', async () => {
    const bad = [
      await execute({ entry: { kind: 'nothing' } }),
      await execute({ entry: { kind: 'export', name: 'none', args: [] } }),
      await execute({ entry: { kind: 'export', name: 'add', args: ['1', '2'] } }, new Uint8Array([1, 2, 3])),
    ];
    expect(bad.map(({ result }) => !result.ok && result.error.code)).toEqual([
      'contract.invalid-input',
      'run.no-such-export',
      'module.malformed',
    ]);
    const timedOut = value(
      (await execute({ entry: { kind: 'export', name: 'spin', args: [] }, limits: { timeMs: 100 } }, looper)).result,
    );
    expect(timedOut.record.outcome?.kind).toBe('timed-out');
    expect(value(await client.sessions.list({}))).toEqual([]);
  });
});

describe('planted secrets', () => {
  test('private keys, passphrases, plaintext and openings are in no file, event, answer, error or guest process', async () => {
    const passphrase = 'PLANTED passphrase of some length';
    const plaintext = 'PLANTED plaintext of some length';
    const argument = 'PLANTED argument of an ordinary run';
    const planted = engine().curve.generate();
    const heard: unknown[] = [];
    const stop = app.app.events.subscribe(app.app.events.seq(), (message) => heard.push(message));
    const window = app.client({ actor: 'window' });
    const answers: unknown[] = [];
    const ask = async <T>(answer: Promise<T>): Promise<T> => {
      const result = await answer;
      answers.push(result);
      return result;
    };
    const key = value(await ask(window.keys.import({ material: planted, role: 'seal', label: 'planted' })));
    await ask(window.keys.exportPrivate({ keyId: key.keyId, passphrase }));
    await ask(window.keys.backup({ keyIds: null, passphrase }));
    const bytes = new TextEncoder().encode(plaintext);
    const sealed = value(await ask(window.sealing.seal({ name: 'x', bytes, recipients: [key.keyId] })));
    await ask(window.sealing.seal({ name: 'x', bytes, recipients: [], passphrase }));
    await ask(window.sealing.open({ bytes: sealed.bytes }));
    await ask(window.sealing.open({ bytes: sealed.bytes.subarray(0, 100), passphrase }));
    await ask(window.keys.import({ material: bytes, passphrase, role: 'seal', label: 'no key' }));
    await ask(window.keys.preview({ material: planted.subarray(1), passphrase }));
    await ask(window.keys.protect({ kind: 'passphrase', passphrase }));
    await ask(window.keys.unlock({ passphrase: `${passphrase} not` }));
    const run = await runAdd(await load(adder), { wasi: { args: [argument], env: [], folders: [], files: [] } });
    value(await ask(window.receipts.get({ runId: run.runId })));
    await ask(window.receipts.exportOpenings({ runId: run.runId, recipients: [key.keyId] }));
    await ask(window.keys.list({}));
    stop();
    await app.reopen({ passphrase });
    const told = JSON.stringify([answers, heard], (_name, one: unknown) =>
      one instanceof Uint8Array ? Buffer.from(one).toString('latin1') : one,
    );
    const guests = serialize(app.sentToGuests).toString('latin1');
    for (const secret of [
      Buffer.from(planted).toString('hex'),
      Buffer.from(planted).toString('base64'),
      Buffer.from(planted).toString('latin1'),
      passphrase,
      'PLANTED plaintext',
    ]) {
      expect([told.includes(secret), guests.includes(secret)]).toEqual([false, false]);
    }
    expect(guests.includes(argument)).toBe(true);
    // The run was an ordinary one: its own record has its arguments, nothing else does.
    const runFiles = new RegExp(`^runs/${run.runId}`);
    expect(await filesWith(planted, passphrase, plaintext)).toEqual([]);
    expect((await filesWith(argument)).filter((name) => !runFiles.test(name))).toEqual([]);
  });
});

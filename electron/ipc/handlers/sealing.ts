import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import { fail, ok, Refusal } from '../../../shared/result.ts';
import { MiB } from '../../../shared/units.ts';
import type { Rooms } from '../ports.ts';
import { openSealedModule } from '../sealed-module.ts';
import { loadModule } from './modules.ts';

const IN_MEMORY_BYTES = 256 * MiB;

/** Sealing and opening. Names of files are in the log, their folders and contents are not. */
export function createSealingHandlers(rooms: Rooms): Handlers['sealing'] {
  const { vault, ledger, events, runs, dialogs } = rooms;
  const jobs = new Map<string, AbortController>();

  function checkLength(bytes: Uint8Array): void {
    if (bytes.length <= IN_MEMORY_BYTES) return;
    throw new Refusal('contract.too-large', 'at most 256 MiB are sealed or opened in memory: use a path');
  }

  function checkPaths(caller: Caller): void {
    if (caller.actor !== 'http' && !(caller.actor === 'window' && rooms.about.host === 'headless')) return;
    throw new Refusal('contract.forbidden-sender', 'over HTTP files are sent as bytes; paths are those of the server');
  }

  async function choosePath(wanted: string | null, suggested: string): Promise<string> {
    const chosen = wanted ?? (await dialogs.chooseSavePath(suggested));
    if (chosen === null) throw new Refusal('call.cancelled', 'no file was chosen to save to');
    return chosen;
  }

  async function asJob<T>(job: string, from: string, work: (options: JobOptions) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const totalBytes = await stat(from).then(
      ({ size }) => size,
      () => null,
    );
    jobs.set(job, stop);
    let toldAt = 0;
    const onProgress = (doneBytes: number): void => {
      if (Date.now() - toldAt < 100) return;
      toldAt = Date.now();
      events.publish('sealing.progressed', { job, doneBytes, totalBytes });
    };
    try {
      return await work({ signal: stop.signal, onProgress });
    } finally {
      jobs.delete(job);
    }
  }

  return {
    async seal({ name, mediaType, bytes, ...to }, caller) {
      checkLength(bytes);
      const sealed = await vault.sealing.seal(bytes, { name, mediaType, ...to });
      const data = { name: path.basename(name), kind: to.kind, sizeBytes: sealed.length, outcome: 'ok' };
      await ledger.append({ op: 'file.sealed', actor: caller.actor, data: { ...data, recipients: to.recipients } });
      return ok({ bytes: sealed, fileName: `${path.basename(name)}.sealed` });
    },
    async open({ bytes, passphrase }, caller) {
      // SECURITY: THREAT-MODEL "window": opened contents go to a file or into a run.
      if (caller.actor === 'window')
        return fail('contract.forbidden-sender', 'the window is not given opened contents');
      checkLength(bytes);
      await ledger.append({ op: 'file.opened', actor: caller.actor, data: { sizeBytes: bytes.length } });
      const { kind, meta, keyId, content } = await vault.sealing.open(bytes, { passphrase });
      return ok({ bytes: content, name: nameOf(meta.name), mediaType: meta.mediaType, kind, keyId });
    },
    inspect: async ({ header }) => ok(await vault.sealing.inspect(header)),
    async sealPath({ from, to: wanted, job, mediaType, ...to }, caller) {
      checkPaths(caller);
      const target = await choosePath(wanted, `${path.basename(from)}.sealed`);
      const { sizeBytes } = await asJob(job, from, (options) =>
        vault.sealing.sealFile(from, target, { name: path.basename(from), mediaType, ...to, ...options }),
      );
      const data = { name: path.basename(from), kind: to.kind, sizeBytes, recipients: to.recipients, outcome: 'ok' };
      await ledger.append({ op: 'file.sealed', actor: caller.actor, data });
      return ok({ fileName: path.basename(target), sizeBytes });
    },
    async openPath({ from, to: wanted, job, passphrase }, caller) {
      checkPaths(caller);
      const target = await choosePath(wanted, path.basename(from).replace(/\.sealed$/, ''));
      const data = { name: path.basename(from) };
      await ledger.append({ op: 'file.opened', actor: caller.actor, data });
      const { kind, keyId, sizeBytes } = await asJob(job, from, (options) =>
        vault.sealing.openFile(from, target, { passphrase, ...options }),
      );
      return ok({ fileName: path.basename(target), sizeBytes, kind, keyId });
    },
    async cancel({ job }) {
      jobs.get(job)?.abort();
      return ok({});
    },
    async output({ runId }) {
      if (runs.get(runId) === undefined) return fail('run.not-found', 'no run with this id', { runId });
      const bytes = await runs.sealedOutput(runId);
      if (bytes === undefined) return fail('run.not-sealed', 'the output of this run was not sealed', { runId });
      return ok({ bytes, fileName: `${runId}.output.json.sealed` });
    },
    async loadModule({ bytes, passphrase, keyId }, caller) {
      const { name, content, origin } = await openSealedModule(rooms, bytes, { passphrase, keyId });
      return loadModule(rooms, name, content, 'sealed', caller, origin);
    },
  };
}

type JobOptions = { signal: AbortSignal; onProgress: (doneBytes: number) => void };

function nameOf(name: string): string {
  return path.basename(name) || 'opened';
}

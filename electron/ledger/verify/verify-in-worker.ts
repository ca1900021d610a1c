import { Worker } from 'node:worker_threads';
import { Refusal } from '../../../shared/result.ts';
import type { VerificationProgress, VerificationReport } from './report.ts';
import type { VerificationOptions } from './verify-folder.ts';
import type { VerifierData } from './worker.ts';

type Message =
  | { readonly progress: VerificationProgress }
  | { readonly report: VerificationReport }
  | { readonly failure: string };

/**
 * Verifies a log in a thread of its own, which is ended when the caller gives up.
 * @param script the worker's script; as built, when the app is bundled
 * @throws Refusal `call.cancelled`, `ledger.damaged` when the log cannot even be read
 */
export async function verifyInWorker(
  folder: string,
  options: VerificationOptions = {},
  script: URL = new URL('./worker.ts', import.meta.url),
): Promise<VerificationReport> {
  const { anchor, expectedKeyId, onProgress, signal } = options;
  const cancelled = () => new Refusal('call.cancelled', 'the verification was cancelled');
  if (signal?.aborted) throw cancelled();
  const workerData: VerifierData = { folder, anchor, expectedKeyId };
  // The environment may hold secrets that a reader of files has no use for.
  const worker = new Worker(script, { workerData, env: {}, name: 'ledger-verifier' });
  let stop: () => void = () => {};
  try {
    return await new Promise<VerificationReport>((resolve, reject) => {
      stop = () => reject(cancelled());
      signal?.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: Message) => {
        if ('progress' in message) onProgress?.(message.progress);
        else if ('report' in message) resolve(message.report);
        else reject(new Refusal('ledger.damaged', message.failure));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Refusal('ledger.damaged', 'the verification ended without a result')));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

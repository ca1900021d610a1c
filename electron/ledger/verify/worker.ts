import { parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '../../../shared/result.ts';
import { type VerificationOptions, verifyFolder } from './verify-folder.ts';

/** What the worker is started with. */
export type VerifierData = { readonly folder: string } & Pick<VerificationOptions, 'anchor' | 'expectedKeyId'>;

/** Progress is told this often at most. */
const TELL_EVERY_MS = 100;

// The script of the worker thread that verifies a log; see `verifyInWorker`.
if (parentPort) {
  const port = parentPort;
  const { folder, anchor, expectedKeyId } = workerData as VerifierData;
  let toldAt = 0;
  verifyFolder(folder, {
    anchor,
    expectedKeyId,
    onProgress: (progress) => {
      const now = performance.now();
      if (now - toldAt < TELL_EVERY_MS) return;
      toldAt = now;
      port.postMessage({ progress });
    },
  }).then(
    (report) => port.postMessage({ report }),
    (error) =>
      port.postMessage({ failure: error instanceof Refusal ? error.message : 'a file of the log could not be read' }),
  );
}

import { parentPort, workerData } from 'node:worker_threads';
import type { ToWorker } from '../guest/protocol.ts';
import { startRuntime } from '../guest/runtime.ts';

const port = parentPort!;
startRuntime(
  {
    post: (message) => port.postMessage(message),
    listen: (listener) => port.on('message', (message: ToWorker) => listener(message)),
  },
  (workerData as { gauge: SharedArrayBuffer }).gauge,
);

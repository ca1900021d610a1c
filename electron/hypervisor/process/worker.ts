import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { ToWorker } from '../guest/protocol.ts';
import { startRuntime } from '../guest/runtime.ts';

// Guests yield to those who watch them: on Linux this concerns the calling thread only.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const port = parentPort!;
startRuntime(
  {
    post: (message) => port.postMessage(message),
    listen: (listener) => port.on('message', (message: ToWorker) => listener(message)),
    abandon: () => void process.kill(process.pid, 'SIGKILL'),
  },
  (workerData as { gauge: SharedArrayBuffer }).gauge,
);

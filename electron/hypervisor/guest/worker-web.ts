import type { ToWorker } from './protocol.ts';
import { startRuntime } from './runtime.ts';

declare const self: DedicatedWorkerGlobalScope;

// The first message brings the gauge's memory.
self.onmessage = ({ data }: MessageEvent<{ gauge: SharedArrayBuffer }>) => {
  startRuntime(
    {
      post: (message) => self.postMessage(message),
      listen: (listener) => {
        self.onmessage = (event: MessageEvent<ToWorker>) => listener(event.data);
      },
      abandon: () => self.close(),
    },
    data.gauge,
  );
};

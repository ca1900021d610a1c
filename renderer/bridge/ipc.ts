import type { EventMessage } from '../../shared/contract/events.ts';
import type { Transport } from '../../shared/contract/index.ts';

/** What the preload exposes as `window.glovebox`. */
export type ExposedBridge = {
  invoke(name: string, input: unknown): Promise<unknown>;
  subscribe(since: number, listener: (message: EventMessage) => void): () => void;
  /** '' for a file that is not on a disk */
  pathForFile?(file: File): string;
};

/** The contract over Electron's IPC; a rejected invoke means that main is gone or refused the sender. */
export function createIpcTransport(exposed: ExposedBridge): Transport {
  return {
    async invoke(name, input) {
      try {
        return await exposed.invoke(name, input);
      } catch {
        return { ok: false, error: { code: 'internal', message: 'the main process did not answer' } };
      }
    },
    subscribe: (since, listener) => exposed.subscribe(since, listener),
  };
}

import type { ResultOf } from '../../shared/contract/call.ts';
import type { EventMessage } from '../../shared/contract/events.ts';
import type { CallNamed, Client } from '../../shared/contract/index.ts';
import { createClient } from '../../shared/contract/index.ts';
import { type ConnectionListener, createHttpTransport } from './http.ts';
import { createIpcTransport, type ExposedBridge } from './ipc.ts';

export type Loaded = ResultOf<CallNamed<'modules.load'>>;

/** Everything the window may do: the typed client, the events, and the few things that differ between hosts. */
export type Bridge = {
  readonly host: 'electron' | 'http';
  readonly client: Client;
  subscribe(since: number, listener: (message: EventMessage) => void): () => void;
  /** Calls back with false when the main side stops answering and with true when it is there again. */
  onConnection(listener: ConnectionListener): () => void;
  /** Loads a file by its path where the host can see it, else by its bytes, which are streamed. */
  loadModule(file: File): Promise<Loaded>;
  /** Where the file lies on this machine, for calls that stream it there; null where the host cannot see it. */
  pathOf(file: File): string | null;
};

declare global {
  interface Window {
    readonly glovebox?: ExposedBridge;
  }
}

/** Takes the preload's bridge where there is one, else HTTP to the server that served the page. */
export function createBridge(exposed: ExposedBridge | undefined = window.glovebox): Bridge {
  return exposed === undefined ? httpBridge() : ipcBridge(exposed);
}

function ipcBridge(exposed: ExposedBridge): Bridge {
  const transport = createIpcTransport(exposed);
  const client = createClient(transport);
  return {
    host: 'electron',
    client,
    subscribe: transport.subscribe,
    onConnection: () => () => {},
    async loadModule(file) {
      const path = exposed.pathForFile?.(file) ?? '';
      if (path !== '') return client.modules.loadPath({ path });
      return client.modules.load({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    },
    pathOf: (file) => exposed.pathForFile?.(file) || null,
  };
}

function httpBridge(): Bridge {
  const transport = createHttpTransport();
  return {
    host: 'http',
    client: createClient(transport),
    subscribe: transport.subscribe,
    onConnection: transport.onConnection,
    loadModule: (file) => transport.invoke('modules.load', { name: file.name, bytes: file }) as Promise<Loaded>,
    pathOf: () => null,
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { forkGuest, type SpawnGuest } from '../../electron/hypervisor/index.ts';
import { type App, type AppPorts, createApp } from '../../electron/ipc/index.ts';
import { type Caller, type Client, createClient } from '../../shared/contract/index.ts';
import { buildGuest } from './guest-bundle.ts';

export type TestApp = {
  readonly dataFolder: string;
  readonly app: App;
  /** everything that was sent to guest processes */
  readonly sentToGuests: readonly unknown[];
  /** the contract as a caller over HTTP has it, unless another is named */
  client(caller?: Caller): Client;
  /** closes and opens again over the same folder */
  reopen(ports?: Partial<AppPorts>): Promise<void>;
  close(): Promise<void>;
};

/** The whole app without a window, over a folder of its own and with real guest processes. */
export async function openTestApp(ports: Partial<AppPorts> = {}): Promise<TestApp> {
  const guest = await buildGuest();
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'glovebox-app-'));
  const sentToGuests: unknown[] = [];
  const open = (more: Partial<AppPorts>) =>
    createApp({
      dataFolder,
      samplesFolder: dataFolder,
      spawnGuest: listenIn(forkGuest(guest.processScript), sentToGuests),
      host: 'headless',
      version: '0.0.0',
      engine: 'test',
      ...more,
    });
  let app = await open(ports);
  return {
    dataFolder,
    sentToGuests,
    get app() {
      return app;
    },
    client: (caller = { actor: 'http' }) =>
      createClient({
        invoke: (name, input) => app.call(name, input, caller),
        subscribe: (since, listener) => app.events.subscribe(since, listener),
      }),
    async reopen(more = ports) {
      await app.close();
      app = await open(more);
    },
    async close() {
      await app.close();
      await rm(dataFolder, { recursive: true, force: true });
      await guest.remove();
    },
  };
}

/** The same guest processes, with a copy of whatever they are sent. */
function listenIn(spawn: SpawnGuest, sent: unknown[]): SpawnGuest {
  return () => {
    const channel = spawn();
    return {
      ...channel,
      send(message) {
        sent.push(message);
        channel.send(message);
      },
    };
  };
}

import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** The names of the contract's calls, written in by the build. */
declare const CALL_NAMES: readonly string[];
type Message = { readonly seq: number };

const callNames = new Set(CALL_NAMES);
const deliveries = new Set<(message: Message) => void>();

ipcRenderer.on('glovebox:event', (_event, message: Message) => {
  for (const deliver of deliveries) deliver(message);
});

/** The whole of what the window can reach. */
contextBridge.exposeInMainWorld('glovebox', {
  invoke(name: string, input: unknown): Promise<unknown> {
    if (!callNames.has(name)) return Promise.reject(new Error('expected a call of the contract'));
    return ipcRenderer.invoke('glovebox:call', name, input);
  },
  subscribe(since: number, listener: (message: Message) => void): () => void {
    let last = since;
    const deliver = (message: Message): void => {
      if (message.seq <= last) return;
      last = message.seq;
      listener(message);
    };
    deliveries.add(deliver);
    // Main sends what is newer than `since` again; whoever had it already skips it.
    ipcRenderer.send('glovebox:subscribe', since);
    return () => deliveries.delete(deliver);
  },
  /** '' for a file that is not on a disk. */
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
});

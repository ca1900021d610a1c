import type { FromGuest, ToGuest } from '../guest/protocol.ts';

/** The channel to the supervisor, over whichever kind of process this is. */
export type Parent = {
  send(message: FromGuest): void;
  onMessage(listener: (message: ToGuest) => void): void;
};

/** Electron's `process.parentPort` in a utility process; its types come with a package that this room may not import. */
type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

/** Opens the channel, and ends this process the moment the other end of it is gone. */
export function openParent(): Parent {
  const { parentPort } = process as unknown as { parentPort?: ParentPort };
  if (parentPort !== undefined) {
    // Electron ends its utility processes itself when the browser process goes.
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data as ToGuest)),
    };
  }
  // SECURITY: SIGKILL, because an orderly exit would wait for workers that may never come to their end.
  process.on('disconnect', killThisProcess);
  return {
    // An error here means that the parent has gone: the disconnect handler has the last word.
    send: (message) => void process.send?.(message, undefined, undefined, () => {}),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToGuest)),
  };
}

/** Ends this process without asking any of its threads. */
export function killThisProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}

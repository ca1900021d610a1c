import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Caller } from '../../shared/contract/index.ts';
import { fail } from '../../shared/result.ts';
import type { App } from '../ipc/index.ts';
import { isOwnUrl } from './session-policy.ts';

const windowCaller: Caller = { actor: 'window' };

/** Serves the contract to the window, and to nobody else: only its top frame, only on its own origin. */
export function serveIpc(glovebox: App): void {
  const subscribed = new Set<WebContents>();

  ipcMain.handle('glovebox:call', async (event, name: unknown, input: unknown) => {
    if (typeof name !== 'string' || !isWindow(event)) {
      const { error } = fail('contract.forbidden-sender', 'the call did not come from the window');
      return { ok: false, error: await glovebox.noteRefusal('ipc', error, windowCaller) };
    }
    return glovebox.call(name, input, windowCaller);
  });

  ipcMain.on('glovebox:subscribe', (event, since: unknown) => {
    if (!isWindow(event) || typeof since !== 'number') return;
    const { sender } = event;
    const send = (message: unknown): void => {
      if (!sender.isDestroyed()) sender.send('glovebox:event', message);
    };
    // What this subscriber missed goes again to the page, which knows what it has; live events go once.
    if (subscribed.has(sender)) {
      glovebox.events.subscribe(since, send)();
      return;
    }
    subscribed.add(sender);
    const unsubscribe = glovebox.events.subscribe(since, send);
    sender.once('destroyed', () => {
      subscribed.delete(sender);
      unsubscribe();
    });
  });
}

function isWindow(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const { senderFrame, sender } = event;
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnUrl(senderFrame.url);
}

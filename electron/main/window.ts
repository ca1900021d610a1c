import path from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { APP_ORIGIN } from './app-scheme.ts';

export type WindowOptions = {
  /** the built preload script */
  readonly preload: string;
  /** the app's main window comes back where it was; others open beside it */
  readonly isMain: boolean;
};

/** Opens a window of the app; it shows itself once it has something to show. */
export function openWindow({ preload, isMain }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    // A name belongs to one window at a time.
    ...(isMain ? { name: 'main', windowStatePersistence: true } : {}),
    title: 'Glovebox',
    width: 1280,
    height: 820,
    minWidth: 880,
    minHeight: 560,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1113' : '#f6f5f1',
    webPreferences: {
      preload: path.resolve(preload),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      disableDialogs: true,
    },
  });
  window.once('ready-to-show', () => window.show());
  // Runs live in main: a page that died is loaded anew and finds them as they are.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && reason !== 'killed' && !window.isDestroyed()) window.webContents.reload();
  });
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

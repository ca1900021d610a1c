import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, type BrowserWindow, crashReporter, dialog, powerMonitor, session } from 'electron';
import { type App, createApp, readPackageVersion } from '../ipc/index.ts';
import { registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { dialogs } from './dialogs.ts';
import { utilityGuest } from './guest-utility.ts';
import { serveIpc } from './ipc-server.ts';
import { keychain } from './keychain.ts';
import { installMenu } from './menu.ts';
import { createOpenFiles } from './open-files.ts';
import { restrictAllContents, restrictSession } from './session-policy.ts';
import { openWindow } from './window.ts';

/** `out/`, beside which everything built lies. */
const out = path.resolve(import.meta.dirname, '..');
const preload = path.join(out, 'preload/index.cjs');
const files = createOpenFiles();

// All of this has to happen before the app is ready.
app.enableSandbox();
registerAppScheme();
restrictAllContents();
// Dumps stay on this machine.
crashReporter.start({ uploadToServer: false, submitURL: '' });

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv, workingFolder) => {
    files.addArguments(argv, workingFolder);
    focusWindow();
  });
  // On a Mac a file dropped on the icon arrives before the app is ready.
  app.on('open-file', (event, file) => {
    event.preventDefault();
    files.add(file);
  });
  files.addArguments(process.argv, process.cwd());
  app.whenReady().then(start).catch(failToStart);
} else {
  app.quit();
}

let window: BrowserWindow | null = null;

async function start(): Promise<void> {
  restrictSession(session.defaultSession);
  serveAppScheme(session.defaultSession, path.join(out, 'renderer'));
  const glovebox = await createApp({
    dataFolder: process.env.GLOVEBOX_DATA ?? app.getPath('userData'),
    samplesFolder: path.join(out, 'samples'),
    spawnGuest: utilityGuest(path.join(out, 'guest/process.mjs')),
    verifierScript: pathToFileURL(path.join(out, 'ledger/verifier.mjs')),
    keychain,
    dialogs,
    host: 'electron',
    version: await readPackageVersion(path.resolve(out, '..')),
    engine: `Electron ${process.versions.electron}, V8 ${process.versions.v8}`,
  });
  serveIpc(glovebox);
  installMenu({ openFile: () => void chooseFiles(), newWindow: showWindow, go: goTo });
  showWindow();
  files.start((file) => void openFile(glovebox, file));
  app.on('activate', () => {
    if (window === null) showWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  lockWhenAway(glovebox);
  closeBeforeQuit(glovebox);
}

/** Whoever comes back to the machine shows that they know the passphrase. */
function lockWhenAway(glovebox: App): void {
  const lock = (): void => void glovebox.call('keys.lock', {}, { actor: 'system' });
  powerMonitor.on('suspend', lock);
  powerMonitor.on('lock-screen', lock);
}

/** Ends the guests and writes what is left before the app goes; nothing acknowledged is lost. */
function closeBeforeQuit(glovebox: App): void {
  let isClosed = false;
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void glovebox
      .close()
      .catch(() => undefined)
      .then(() => {
        isClosed = true;
        app.quit();
      });
  });
}

function showWindow(): void {
  const opened = openWindow({ preload, isMain: window === null });
  opened.once('closed', () => {
    if (window === opened) window = null;
  });
  window ??= opened;
}

function focusWindow(): void {
  if (window === null) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Every path is untrusted: it goes the same way as one dropped on the window. */
async function openFile(glovebox: App, file: string): Promise<void> {
  const result = await glovebox.call('modules.loadPath', { path: file }, { actor: 'window' });
  glovebox.noteOpened(path.basename(file), result);
  if (result.ok) app.addRecentDocument(file);
}

async function chooseFiles(): Promise<void> {
  const filters = [
    { name: 'WebAssembly modules', extensions: ['wasm'] },
    { name: 'All files', extensions: ['*'] },
  ];
  const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile', 'multiSelections'], filters });
  for (const file of filePaths) files.add(file);
}

function goTo(target: BrowserWindow, route: string): void {
  const url = new URL(target.webContents.getURL());
  url.hash = route;
  void target.loadURL(url.href);
}

function failToStart(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox('Glovebox could not start', `Nothing was run. ${reason}`);
  app.exit(1);
}

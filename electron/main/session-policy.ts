import { app, type Session, type WebContents } from 'electron';
import { APP_ORIGIN } from './app-scheme.ts';

/** Default deny: the window gets no permission, no device, no download, no request but for its own files. */
export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  // What the page saves is a blob of its own; Electron then asks the user where to.
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${APP_ORIGIN}/`)) event.preventDefault();
  });
  session.webRequest.onBeforeRequest((details, answer) =>
    answer({ cancel: !isOwnUrl(details.url.replace(/^blob:/, '')) }),
  );
  session.setSpellCheckerEnabled(false);
}

/** No page of this app leads anywhere else, opens another window or hosts a foreign view. */
export function restrictAllContents(): void {
  app.on('web-contents-created', (_event, contents) => restrictContents(contents));
}

function restrictContents(contents: WebContents): void {
  const deny = (event: { preventDefault(): void }, url?: string): void => {
    if (url === undefined || !isOwnUrl(url)) event.preventDefault();
  };
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => deny(event, event.url));
  contents.on('will-frame-navigate', (event) => deny(event, event.url));
  contents.on('will-redirect', (event) => deny(event, event.url));
  contents.on('will-attach-webview', (event) => deny(event));
  contents.on('select-bluetooth-device', (event) => deny(event));
}

/** True for the window's own pages and files. */
export function isOwnUrl(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
}

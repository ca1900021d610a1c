import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Session } from 'electron';
import { mediaTypeOf, WINDOW_HEADERS } from '../ipc/index.ts';

export const APP_ORIGIN = 'app://glovebox';

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges }]);
}

/** Serves the built window under `app://glovebox/`, with the window's headers, and nothing else. */
export function serveAppScheme(session: Session, windowFolder: string): void {
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.origin !== APP_ORIGIN && url.host !== 'glovebox') return notFound();
    if (request.method !== 'GET') return new Response('', { status: 405, headers: WINDOW_HEADERS });
    const name = decodePath(url.pathname);
    const file = path.resolve(windowFolder, name);
    const mediaType = mediaTypeOf(name);
    if (mediaType === undefined || !file.startsWith(windowFolder + path.sep)) return notFound();
    try {
      const headers = { ...WINDOW_HEADERS, 'content-type': mediaType };
      return new Response(await readFile(file), { headers });
    } catch {
      return notFound();
    }
  });
}

function decodePath(pathname: string): string {
  if (pathname === '/') return 'index.html';
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    return '';
  }
}

function notFound(): Response {
  return new Response('not found', { status: 404, headers: { ...WINDOW_HEADERS, 'content-type': 'text/plain' } });
}

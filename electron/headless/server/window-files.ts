import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { mediaTypeOf, WINDOW_HEADERS } from '../../ipc/index.ts';
import { type Access, COOKIE } from './access.ts';

/**
 * Serves the built window. Its files hold no secret and need no credential; what the page asks for does. `/?key=…` is how a
 * browser gets in: the key works once and is traded for a cookie that no script can read.
 */
export function serveWindow(server: FastifyInstance, folder: string, access: Access): void {
  server.get<{ Querystring: { key?: string } }>('/', async (request, reply) => {
    reply.headers(WINDOW_HEADERS).header('cache-control', 'no-store');
    const { key } = request.query;
    if (key === undefined)
      return reply.type(mediaTypeOf('.html')!).send(await readFile(path.join(folder, 'index.html')));
    const cookie = access.redeemWindowKey(key);
    if (cookie !== undefined) {
      reply.setCookie(COOKIE, cookie, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        secure: request.protocol === 'https',
      });
    }
    return reply.redirect('/', 303);
  });

  server.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const name = request.params['*'];
    const mediaType = mediaTypeOf(name);
    const file = path.resolve(folder, name);
    if (mediaType === undefined || !file.startsWith(path.resolve(folder) + path.sep)) return reply.callNotFound();
    const content = await readFile(file).catch(() => undefined);
    if (content === undefined) return reply.callNotFound();
    // Built assets carry a hash of their content in their names.
    const cacheControl = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-store';
    return reply.headers(WINDOW_HEADERS).header('cache-control', cacheControl).type(mediaType).send(content);
  });
}

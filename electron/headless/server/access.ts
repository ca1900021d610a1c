import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../../shared/contract/call.ts';
import type { Caller } from '../../../shared/contract/index.ts';
import { type Failure, fail } from '../../../shared/result.ts';

/** A client as its credentials established it. */
export type Client = { readonly caller: Caller; readonly scopes: readonly Scope[] };

/** Who holds a bearer token; undefined for one that is unknown or revoked. */
export type FindToken = (token: string) => Client | undefined;

export const allScopes: readonly Scope[] = ['run', 'read', 'keys', 'admin'];

export type Access = {
  /** A key for one page load; it works once and not for long. */
  createWindowKey(): string;
  /** Trades a window key for the value of the page's cookie; undefined when the key was never made, used or too old. */
  redeemWindowKey(key: string): string | undefined;
  /** Who asks, or why not. */
  identify(request: FastifyRequest): Client | Failure;
};

export const COOKIE = 'glovebox';
const KEY_LIFE_MS = 10 * 60_000;
const MAX_PAGES = 64;

/** Keeps the credentials of one running server. Only digests are kept, so a look-up leaks nothing by its time. */
export function createAccess(findToken: FindToken, clock: () => number = Date.now): Access {
  const keys = new Map<string, number>();
  const pages = new Set<string>();
  return {
    createWindowKey() {
      const key = randomBytes(32).toString('base64url');
      for (const [digest, madeAt] of keys) if (clock() - madeAt > KEY_LIFE_MS) keys.delete(digest);
      keys.set(digestOf(key), clock());
      return key;
    },
    redeemWindowKey(key) {
      const digest = digestOf(key);
      const madeAt = keys.get(digest);
      if (madeAt === undefined) return undefined;
      keys.delete(digest);
      if (clock() - madeAt > KEY_LIFE_MS) return undefined;
      const cookie = randomBytes(32).toString('base64url');
      pages.add(digestOf(cookie));
      for (const oldest of pages) {
        if (pages.size <= MAX_PAGES) break;
        pages.delete(oldest);
      }
      return cookie;
    },
    identify(request) {
      const header = request.headers.authorization;
      if (header !== undefined) {
        const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
        const found = token === undefined ? undefined : findToken(token);
        return found ?? fail('contract.unauthorized', 'the bearer token is not known').error;
      }
      const cookie = request.cookies[COOKIE];
      if (cookie !== undefined && pages.has(digestOf(cookie)))
        return { caller: { actor: 'window' }, scopes: allScopes };
      return fail('contract.unauthorized', 'expected a bearer token').error;
    },
  };
}

/** Hex SHA-256 of a credential: what is kept instead of it. */
export function digestOf(credential: string): string {
  return createHash('sha256').update(credential).digest('hex');
}

/** Compares two hex digests in constant time. */
export function isSameDigest(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/**
 * Refuses what a browser sends on behalf of another site: a foreign `Host` (DNS rebinding), a foreign `Origin`, and,
 * where the browser says it, a request that began at another site or another port of this machine.
 */
export function checkSender(request: FastifyRequest, ownHosts: ReadonlySet<string>): Failure | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !ownHosts.has(host.toLowerCase())) {
    return fail('contract.forbidden-sender', 'the Host header does not name this server').error;
  }
  if (origin !== undefined && !ownHosts.has(origin.toLowerCase().replace(/^https?:\/\//, ''))) {
    return fail('contract.forbidden-sender', 'the Origin header names another site').error;
  }
  const site = request.headers['sec-fetch-site'];
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
    return fail('contract.forbidden-sender', 'the request came from a page of another site').error;
  }
  return undefined;
}

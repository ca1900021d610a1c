import * as z from 'zod/mini';
import { timestamp } from '../model/scalars.ts';
import { call } from './call.ts';

export const tokenScope = z.enum(['run', 'read', 'keys', 'admin']);

/** A bearer token as lists show it; the token itself is shown once, when it is made. */
export const tokenInfo = z.strictObject({
  tokenId: z.string(),
  label: z.string(),
  scopes: z.array(tokenScope),
  createdAt: timestamp,
  lastUsedAt: z.nullable(timestamp),
});
export type TokenInfo = z.infer<typeof tokenInfo>;

export const tokens = {
  list: call({
    summary: 'Bearer tokens that the HTTP API takes',
    scope: 'admin',
    input: z.strictObject({}),
    output: z.array(tokenInfo),
  }),
  create: call({
    summary: 'Make a bearer token; it is shown this once and kept as a digest',
    scope: 'admin',
    input: z.strictObject({
      label: z.string().check(z.minLength(1), z.maxLength(64)),
      scopes: z.array(tokenScope).check(z.minLength(1), z.maxLength(4)),
    }),
    output: z.strictObject({ token: z.string(), info: tokenInfo }),
    errors: ['disk.failed'],
  }),
  revoke: call({
    summary: 'Stop taking a bearer token',
    scope: 'admin',
    input: z.strictObject({ tokenId: z.string() }),
    output: z.strictObject({}),
    errors: ['token.not-found', 'disk.failed'],
  }),
};

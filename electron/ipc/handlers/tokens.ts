import type { Handlers } from '../../../shared/contract/index.ts';
import { ok, Refusal } from '../../../shared/result.ts';
import type { Rooms } from '../ports.ts';

/** Who may use the HTTP API. The log names a token by its id, never by itself. */
export function createTokenHandlers({ tokens, ledger }: Rooms): Handlers['tokens'] {
  return {
    list: async () => ok(tokens.list()),
    async create({ label, scopes }, caller) {
      await ledger.append({
        op: 'token.created',
        actor: caller.actor,
        data: { label, scopes: [...scopes], outcome: 'ok' },
      });
      return ok(await tokens.create(label, [...new Set(scopes)]));
    },
    async revoke({ tokenId }, caller) {
      if (!tokens.has(tokenId)) throw new Refusal('token.not-found', 'no token with this id', { tokenId });
      await ledger.append({ op: 'token.revoked', actor: caller.actor, data: { token: tokenId, outcome: 'ok' } });
      await tokens.revoke(tokenId);
      return ok({});
    },
  };
}

import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import * as z from 'zod/mini';
import type { Scope } from '../../shared/contract/call.ts';
import { type TokenInfo, tokenInfo } from '../../shared/contract/tokens.ts';
import { Refusal } from '../../shared/result.ts';
import { readFileIfThere, writeFileAtomic } from '../disk/index.ts';

/** The bearer tokens of the HTTP API. Only their digests are kept: the file opens nothing. */
export type TokenStore = {
  list(): TokenInfo[];
  has(tokenId: string): boolean;
  /** @throws Refusal `disk.failed` */
  create(label: string, scopes: readonly Scope[]): Promise<{ token: string; info: TokenInfo }>;
  /** @throws Refusal `token.not-found`, `disk.failed` */
  revoke(tokenId: string): Promise<void>;
  /** The record behind a token, and notes that it was used. A look-up by digest tells nothing by its time. */
  find(token: string): TokenInfo | undefined;
};

const storedToken = z.strictObject({ ...tokenInfo.shape, digest: z.string() });
const stored = z.array(storedToken);
type StoredToken = z.infer<typeof storedToken>;

/** Opens `tokens.json` in `folder`. @throws Refusal `settings.invalid` when it cannot be understood */
export async function openTokenStore(folder: string, clock: () => number): Promise<TokenStore> {
  const file = path.join(folder, 'tokens.json');
  let tokens = await read(file);

  async function write(next: StoredToken[]): Promise<void> {
    try {
      await writeFileAtomic(file, `${JSON.stringify(next, null, 2)}\n`);
    } catch {
      throw new Refusal('disk.failed', 'the tokens could not be written; nothing was changed');
    }
    tokens = next;
  }

  return {
    list: () => tokens.map(({ digest: _, ...info }) => info),
    has: (tokenId) => tokens.some((token) => token.tokenId === tokenId),
    async create(label, scopes) {
      const token = `gbx_${randomBytes(32).toString('base64url')}`;
      const tokenId = `tok_${randomBytes(8).toString('hex')}`;
      const info: TokenInfo = { tokenId, label, scopes: [...scopes], createdAt: clock(), lastUsedAt: null };
      await write([...tokens, { ...info, digest: digestOf(token) }]);
      return { token, info };
    },
    async revoke(tokenId) {
      if (!tokens.some((token) => token.tokenId === tokenId)) {
        throw new Refusal('token.not-found', 'no token with this id', { tokenId });
      }
      await write(tokens.filter((token) => token.tokenId !== tokenId));
    },
    find(token) {
      const digest = digestOf(token);
      const found = tokens.find((candidate) => candidate.digest === digest);
      if (found !== undefined) found.lastUsedAt = clock();
      return found;
    },
  };
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

async function read(file: string): Promise<StoredToken[]> {
  const raw = await readFileIfThere(file);
  if (raw === undefined) return [];
  try {
    return stored.parse(JSON.parse(raw.toString('utf8')));
  } catch {
    throw new Refusal(
      'settings.invalid',
      'tokens.json in the data folder cannot be understood; move it away to begin with none',
    );
  }
}

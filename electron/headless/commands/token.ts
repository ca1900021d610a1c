import { type TokenInfo, tokenScope } from '../../../shared/contract/tokens.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Shell, UsageError } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';

const help = `usage: glovebox token create LABEL --scope SCOPE[,SCOPE] | list | revoke ID

Bearer tokens for programs that use the HTTP API. A token is shown once, when it is made; what is
kept is its digest.

  glovebox token create ci --scope run,read
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:4712/v1/runs

  run    load modules and run them            read    look at modules, runs, log, keys
  keys   make and use keys                    admin   everything`;

export const token: Command = {
  name: 'token',
  summary: 'make and revoke tokens for the HTTP API',
  help,
  async run(args, shell) {
    const [verb, ...rest] = args;
    const flags = readFlags(rest, { scope: { type: 'string', multiple: true } });
    if (verb === 'create') return create(shell, flags);
    if (verb === 'list') return list(shell, flags);
    if (verb === 'revoke') return revoke(shell, flags);
    throw new UsageError('token wants create, list or revoke');
  },
};

async function create(shell: Shell, flags: Flags): Promise<number> {
  const label = flags.positionals.join(' ');
  const scopes = flags.texts('scope').flatMap((text) => text.split(','));
  const parsed = tokenScope.options.filter((scope) => scopes.includes(scope));
  if (label === '') throw new UsageError('token create wants a LABEL');
  if (parsed.length === 0 || parsed.length !== new Set(scopes).size) {
    throw new UsageError(`--scope wants some of ${tokenScope.options.join(', ')}`);
  }
  const client = clientOf(await shell.openApp());
  const made = expectValue(await client.tokens.create({ label, scopes: parsed }));
  shell.terminal.print(flags.isOn('json') ? JSON.stringify(made) : made.token);
  return 0;
}

async function list(shell: Shell, flags: Flags): Promise<number> {
  const client = clientOf(await shell.openApp());
  const tokens = expectValue(await client.tokens.list({}));
  if (flags.isOn('json')) shell.terminal.print(JSON.stringify(tokens));
  else for (const info of tokens) shell.terminal.print(describe(info));
  return 0;
}

async function revoke(shell: Shell, flags: Flags): Promise<number> {
  const [tokenId] = flags.positionals;
  if (tokenId === undefined) throw new UsageError('token revoke wants the ID that token list shows');
  const client = clientOf(await shell.openApp());
  expectValue(await client.tokens.revoke({ tokenId }));
  return 0;
}

function describe({ tokenId, label, scopes, createdAt, lastUsedAt }: TokenInfo): string {
  const used = lastUsedAt === null ? 'never used' : `used ${new Date(lastUsedAt).toISOString()}`;
  return `${tokenId}  ${scopes.join(',').padEnd(19)}  made ${new Date(createdAt).toISOString()}  ${used}  ${label}`;
}

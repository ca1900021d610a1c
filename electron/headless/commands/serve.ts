import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { App } from '../../ipc/index.ts';
import { type Command, type Shell, UsageError } from '../command.ts';
import { readFlags } from '../flags.ts';
import { leaveNote } from '../remote-door.ts';
import { allScopes, type Client, digestOf, isSameDigest } from '../server/access.ts';
import { createServer } from '../server/server.ts';

const help = `usage: glovebox serve [--port N] [--open]

Serves the window and the HTTP API on 127.0.0.1, until Ctrl-C.

  glovebox serve --open
  glovebox serve --port 4712

  --port N    0, as without it, takes a free one
  --open      open the window in the system's browser

The address that is printed opens the window once, within ten minutes; Enter prints another.`;

export const serve: Command = {
  name: 'serve',
  summary: 'serve the window and the HTTP API on this machine',
  help,
  async run(args, shell) {
    const flags = readFlags(args, { port: { type: 'string' }, open: { type: 'boolean' } });
    const wanted = Number(flags.text('port') ?? 0);
    if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) throw new UsageError('--port wants 0 to 65535');
    const app = await shell.openOwnApp();
    const ownToken = randomBytes(32).toString('base64url');
    const ownDigest = digestOf(ownToken);
    const windowFolder = path.resolve(import.meta.dirname, '../renderer');
    const server = await createServer({
      app,
      findToken: (token) => (isSameDigest(digestOf(token), ownDigest) ? ownClient : clientOfToken(app, token)),
      windowFolder: existsSync(path.join(windowFolder, 'index.html')) ? windowFolder : null,
    });
    const port = await server.listen(wanted);
    const takeNoteAway = await leaveNote(shell.dataFolder, { pid: process.pid, port, token: ownToken });
    const url = server.windowUrl();
    shell.terminal.print(`window: ${url}`);
    if (flags.isOn('open')) openBrowser(shell, url);
    await untilInterrupted(shell, () => shell.terminal.print(`window: ${server.windowUrl()}`));
    shell.terminal.note('glovebox: ending the runs and closing the log');
    await takeNoteAway();
    await server.close();
    return 0;
  },
};

/** The command line of the same user, over the same folder. */
const ownClient: Client = { caller: { actor: 'cli' }, scopes: allScopes };

function clientOfToken(app: App, token: string): Client | undefined {
  const found = app.findToken(token);
  return found && { caller: { actor: 'http', tokenId: found.tokenId }, scopes: found.scopes };
}

async function untilInterrupted(shell: Shell, onEnter: () => void): Promise<void> {
  const interrupted = Promise.withResolvers<void>();
  const stop = shell.onInterrupt((count) => {
    if (count > 1) process.exit(130);
    interrupted.resolve();
  });
  if (process.stdin.isTTY) process.stdin.on('data', onEnter);
  await interrupted.promise;
  process.stdin.pause();
  stop();
}

/** Opens the system's browser; the address is on the terminal anyway, so failing is no error. */
function openBrowser(shell: Shell, url: string): void {
  const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? [
    'xdg-open',
  ];
  const child = spawn(command!, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => shell.terminal.note('glovebox: no browser could be opened; open the address yourself'));
  child.unref();
}

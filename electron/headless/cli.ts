#!/usr/bin/env node
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Refusal } from '../../shared/result.ts';
import { clientOf, expectValue } from './client.ts';
import { type Command, type Door, type Shell, UsageError } from './command.ts';
import { defaultDataFolder } from './data-folder.ts';
import { statusOfCode } from './exit-status.ts';
import { ensureNode } from './node-version.ts';
import { askPassphrase, canAsk, readPassphraseFile } from './passphrase.ts';
import { findServer } from './remote-door.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Every command there is; each is loaded when it is used, so that none pays for another. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  meter: async () => (await import('./commands/meter.ts')).meter,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  keys: async () => (await import('./commands/keys.ts')).keys,
  seal: async () => (await import('./commands/seal.ts')).seal,
  open: async () => (await import('./commands/seal.ts')).open,
  receipt: async () => (await import('./commands/receipt.ts')).receipt,
  audit: async () => (await import('./commands/audit.ts')).audit,
  token: async () => (await import('./commands/token.ts')).token,
  serve: async () => (await import('./commands/serve.ts')).serve,
};

/** `out/`, beside which everything built lies. */
const out = path.resolve(import.meta.dirname, '..');

ensureNode();
process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const terminal = openTerminal(process.env);
  let storePassphrase: string | undefined;
  const cleanUps: (() => Promise<void>)[] = [];
  try {
    const { dataFolder, passphraseFile, name, rest } = readCommonFlags(args);
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      terminal.print(await helpFor(rest[0]));
      return name === undefined ? 2 : 0;
    }
    if (name === 'version' || name === '--version') {
      const { readPackageVersion } = await import('../ipc/index.ts');
      terminal.print(await readPackageVersion(path.resolve(out, '..')));
      return 0;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined) throw new UsageError(`there is no command ${JSON.stringify(name)}`);
    const command = await load();
    const own = rest.slice(0, rest.indexOf('--') < 0 ? undefined : rest.indexOf('--'));
    if (own.includes('--help') || own.includes('-h')) {
      terminal.print(command.help);
      return 0;
    }
    const shell: Shell = {
      terminal,
      env: process.env,
      workingFolder: process.cwd(),
      dataFolder,
      async openApp() {
        const server = await findServer(dataFolder);
        if (server === undefined) return shell.openOwnApp();
        cleanUps.push(async () => server.close());
        await unlock(server, () => shell.storePassphrase());
        return server;
      },
      async openOwnApp() {
        const app = await openHeadlessApp(dataFolder);
        cleanUps.push(() => app.close());
        await unlock(app, () => shell.storePassphrase());
        return app;
      },
      async storePassphrase() {
        storePassphrase ??=
          passphraseFile === undefined
            ? await askForStore(terminal)
            : await readPassphraseFile('passphrase-file', passphraseFile, process.cwd());
        return storePassphrase;
      },
      onInterrupt: listenForInterrupts,
    };
    return await command.run(rest, shell);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(`glovebox: ${error.message}`);
      terminal.note('try: glovebox help');
      return 2;
    }
    if (error instanceof Refusal) {
      terminal.note(`glovebox: ${error.message}`);
      return statusOfCode(error.code);
    }
    terminal.note(`glovebox: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

/** `--data DIR` and `--passphrase-file FILE` may stand anywhere before `--`; the first other word is the command. */
function readCommonFlags(args: readonly string[]): {
  dataFolder: string;
  passphraseFile: string | undefined;
  name: string | undefined;
  rest: string[];
} {
  let passphraseFile: string | undefined;
  let dataFolder = process.env.GLOVEBOX_DATA || defaultDataFolder(process.env);
  const others: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      others.push(...args.slice(i));
      break;
    }
    if (arg === '--data') {
      i += 1;
      if (args[i] === undefined) throw new UsageError('--data wants a folder');
      dataFolder = args[i]!;
    } else if (arg.startsWith('--data=')) dataFolder = arg.slice('--data='.length);
    else if (arg === '--passphrase-file') {
      i += 1;
      passphraseFile = args[i];
      if (passphraseFile === undefined) throw new UsageError('--passphrase-file wants a file');
    } else if (arg.startsWith('--passphrase-file=')) passphraseFile = arg.slice('--passphrase-file='.length);
    else others.push(arg);
  }
  const [name, ...rest] = others;
  return { dataFolder: path.resolve(dataFolder), passphraseFile, name, rest };
}

/** Opens a key store that has a passphrase; without a terminal and a file it stays locked, and what needs keys says so. */
async function unlock(app: Door, passphrase: () => Promise<string | undefined>): Promise<void> {
  const client = clientOf(app);
  const { vault } = expectValue(await client.system.status({}));
  if (vault.state !== 'locked' || vault.protection !== 'passphrase') return;
  const given = await passphrase();
  if (given !== undefined) expectValue(await client.keys.unlock({ passphrase: given }));
}

async function askForStore(terminal: Terminal): Promise<string | undefined> {
  return canAsk() ? askPassphrase(terminal, 'passphrase of the key store:') : undefined;
}

async function openHeadlessApp(dataFolder: string) {
  const { createApp, readPackageVersion } = await import('../ipc/index.ts');
  const { forkGuest } = await import('../hypervisor/index.ts');
  return createApp({
    dataFolder,
    samplesFolder: path.join(out, 'samples'),
    spawnGuest: forkGuest(pathToFileURL(path.join(out, 'guest/process.mjs'))),
    verifierScript: pathToFileURL(path.join(out, 'ledger/verifier.mjs')),
    host: 'headless',
    version: await readPackageVersion(path.resolve(out, '..')),
    engine: `Node.js ${process.versions.node}, V8 ${process.versions.v8}`,
  });
}

function listenForInterrupts(listener: (count: number) => void): () => void {
  let count = 0;
  const onSignal = (): void => listener(++count);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  };
}

async function helpFor(name: string | undefined): Promise<string> {
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return (await load()).help;
  const all = await Promise.all(Object.values(commands).map((command) => command()));
  const width = Math.max(...all.map((command) => command.name.length));
  return [
    'glovebox: runs WebAssembly modules you do not trust, in a box with limits, and keeps a log of it',
    '',
    'usage: glovebox [--data DIR] COMMAND …',
    '',
    ...all.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'glovebox help COMMAND explains one of them.',
    '--data DIR, or the variable GLOVEBOX_DATA, names the folder where everything is kept.',
    '--passphrase-file FILE has the passphrase of the key store, where it has one; else it is asked for.',
  ].join('\n');
}

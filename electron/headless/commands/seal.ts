import { open as openFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '../../../shared/contract/index.ts';
import { formatBytes } from '../../../shared/units.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Door, type Shell, UsageError } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';
import { findRecipients } from '../key-names.ts';
import { askPassphrase, canAsk, readPassphraseFile } from '../passphrase.ts';

const sealHelp = `usage: glovebox seal FILE --to KEY[,KEY…] [-o FILE]
       glovebox seal FILE --file-passphrase FILE [-o FILE]

Encrypts a file to own keys and contacts, or under a passphrase; of any size.

  glovebox seal tool.wasm --to "My sealing key"
  glovebox seal data.bin --to ada,3f2a91 -o data.sealed

  --to KEY[,KEY…]          recipients by label, name, fingerprint, or the start of the id; may be repeated
  --file-passphrase FILE   a passphrase instead, from the first line of a file
  --kind KIND              module, input or output; module for files that end in .wasm, else input
  --chacha                 ChaCha20-Poly1305 instead of AES-256-GCM
  --anonymous              leave out whose it is; recipients find out by trying
  -o FILE                  where to, by default FILE.sealed`;

const openHelp = `usage: glovebox open FILE [-o FILE]

Decrypts a sealed file with the own key that it names, or its passphrase. Nothing is left when it fails.

  glovebox open tool.wasm.sealed
  glovebox open data.sealed -o data.bin --file-passphrase secret.txt

  -o FILE                  where to, by default the name without .sealed
  --file-passphrase FILE   the passphrase it was sealed with; asked for at a terminal
  --inspect                say what the header tells, and open nothing`;

export const seal: Command = {
  name: 'seal',
  summary: 'encrypt a file to keys or a passphrase',
  help: sealHelp,
  async run(args, shell) {
    const flags = readFlags(args, {
      to: { type: 'string', multiple: true },
      kind: { type: 'string' },
      chacha: { type: 'boolean' },
      anonymous: { type: 'boolean' },
      output: { type: 'string', short: 'o' },
      'file-passphrase': { type: 'string' },
    });
    const file = oneFile('seal', flags, shell);
    const app = await shell.openApp();
    const client = clientOf(app);
    const names = flags.texts('to').flatMap((text) => text.split(','));
    const recipients = await findRecipients(client, names);
    const passphrase = recipients.length === 0 ? await filePassphrase(flags, shell) : undefined;
    const target = path.resolve(shell.workingFolder, flags.text('output') ?? `${file}.sealed`);
    const input = {
      from: file,
      to: target,
      recipients,
      kind: kindOf(flags, file),
      suite: flags.isOn('chacha') ? ('chacha20-poly1305' as const) : ('aes-256-gcm' as const),
      isAnonymous: flags.isOn('anonymous'),
      ...(passphrase !== undefined && { passphrase }),
    };
    const { sizeBytes } = await asJob(app, client, shell, (job) => client.sealing.sealPath({ ...input, job }));
    shell.terminal.note(`${path.basename(target)}, ${formatBytes(sizeBytes)}`);
    return 0;
  },
};

export const open: Command = {
  name: 'open',
  summary: 'decrypt a sealed file',
  help: openHelp,
  async run(args, shell) {
    const flags = readFlags(args, {
      inspect: { type: 'boolean' },
      output: { type: 'string', short: 'o' },
      'file-passphrase': { type: 'string' },
    });
    const file = oneFile('open', flags, shell);
    const app = await shell.openApp();
    const client = clientOf(app);
    const found = expectValue(await client.sealing.inspect({ header: await readHeader(file) }));
    if (flags.isOn('inspect')) {
      shell.terminal.print(JSON.stringify(found));
      return 0;
    }
    const passphrase = found.hasPassphrase ? await filePassphrase(flags, shell) : undefined;
    const target = flags.text('output') ?? file.replace(/\.sealed$/, '');
    if (path.resolve(shell.workingFolder, target) === file) throw new UsageError('open wants -o FILE: where to');
    const input = {
      from: file,
      to: path.resolve(shell.workingFolder, target),
      ...(passphrase !== undefined && { passphrase }),
    };
    const { sizeBytes } = await asJob(app, client, shell, (job) => client.sealing.openPath({ ...input, job }));
    shell.terminal.note(`${path.basename(target)}, ${formatBytes(sizeBytes)}`);
    return 0;
  },
};

/** Shows how far it is, and stops it at Ctrl-C. */
async function asJob<T>(
  app: Door,
  client: Client,
  shell: Shell,
  start: (job: string) => Promise<Parameters<typeof expectValue<T>>[0]>,
): Promise<T> {
  const job = `cli-${process.pid}`;
  const unsubscribe = app.events.subscribe(app.events.seq(), (message) => {
    if (message.name !== 'sealing.progressed') return;
    const { doneBytes, totalBytes } = message.data;
    shell.terminal.progress(`${formatBytes(doneBytes)}${totalBytes === null ? '' : ` of ${formatBytes(totalBytes)}`}`);
  });
  const stop = shell.onInterrupt(() => void client.sealing.cancel({ job }));
  try {
    return expectValue(await start(job));
  } finally {
    stop();
    unsubscribe();
  }
}

async function filePassphrase(flags: Flags, shell: Shell): Promise<string> {
  const file = flags.text('file-passphrase');
  if (file !== undefined) return readPassphraseFile('file-passphrase', file, shell.workingFolder);
  if (!canAsk()) throw new UsageError('expected --to KEY or --file-passphrase FILE');
  return askPassphrase(shell.terminal, 'passphrase of the file:');
}

function oneFile(verb: string, flags: Flags, shell: Shell): string {
  const [file, ...others] = flags.positionals;
  if (file === undefined || others.length > 0) throw new UsageError(`${verb} wants one FILE`);
  return path.resolve(shell.workingFolder, file);
}

function kindOf(flags: Flags, file: string): 'module' | 'input' | 'output' {
  const kind = flags.text('kind') ?? (file.endsWith('.wasm') ? 'module' : 'input');
  if (kind !== 'module' && kind !== 'input' && kind !== 'output') {
    throw new UsageError('--kind wants module, input or output');
  }
  return kind;
}

async function readHeader(file: string): Promise<Uint8Array> {
  const header = new Uint8Array(16 + 65_536);
  try {
    const handle = await openFile(file, 'r');
    try {
      const { bytesRead } = await handle.read(header, 0, header.length, 0);
      return header.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    throw new UsageError(`${path.basename(file)} could not be read`);
  }
}

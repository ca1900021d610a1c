import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '../../../shared/contract/index.ts';
import { type KeyRecord, type KeyRole, keyRole } from '../../../shared/model/key.ts';
import { writeFileAtomic } from '../../disk/index.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Shell, UsageError } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';
import { findContact, findKey } from '../key-names.ts';
import { askPassphrase, askText, canAsk, readPassphraseFile } from '../passphrase.ts';

const help = `usage: glovebox keys list|generate|import|export|backup|restore|rotate|retire|activate|revoke|expire|
                     rename|delete|protect|contacts|trust|check|forget …

Own keys (seal: others encrypt to it; sign: receipts; log: checkpoints) and other people's public keys.
A KEY is named by its label, its fingerprint, or the start of its id.

  glovebox keys list [--json]
  glovebox keys generate --role seal --label "Project X" [--expires 2027-06-30]
  glovebox keys import FILE --role seal --label NAME [--file-passphrase FILE]
  glovebox keys export KEY [--format pem|jwk|raw] [-o FILE]
  glovebox keys export KEY --private -o FILE [--file-passphrase FILE]    PKCS#8 under a passphrase
  glovebox keys backup -o FILE [KEY…] [--file-passphrase FILE]           all private keys without KEY
  glovebox keys restore FILE [--file-passphrase FILE]
  glovebox keys rotate KEY          a new key; the old one opens but no longer seals or signs
  glovebox keys retire|activate|revoke KEY
  glovebox keys expire KEY DATE|never
  glovebox keys rename KEY LABEL
  glovebox keys delete KEY [--confirm LABEL]    for good; says first what becomes unreadable
  glovebox keys protect passphrase|keychain|file [--new-passphrase FILE]

  glovebox keys contacts [--json]
  glovebox keys trust FILE --name NAME --role seal|sign [--fingerprint SHA256:…]
  glovebox keys check CONTACT SHA256:…          compare with what the owner says
  glovebox keys forget CONTACT

  --passphrase-file FILE    the passphrase of the key store, where it has one; asked for at a terminal
  --file-passphrase FILE    the passphrase of the file that is read or written; asked for at a terminal`;

const options = {
  role: { type: 'string' },
  label: { type: 'string' },
  name: { type: 'string' },
  expires: { type: 'string' },
  format: { type: 'string' },
  private: { type: 'boolean' },
  confirm: { type: 'string' },
  fingerprint: { type: 'string' },
  output: { type: 'string', short: 'o' },
  'file-passphrase': { type: 'string' },
  'new-passphrase': { type: 'string' },
} as const;

type Work = {
  readonly client: Client;
  readonly shell: Shell;
  readonly flags: Flags;
  readonly words: readonly string[];
};

const verbs: Readonly<Record<string, (work: Work) => Promise<number>>> = {
  list,
  generate,
  import: importKey,
  export: exportKey,
  backup,
  restore,
  rotate: (work) => change(work, (client, keyId) => client.keys.rotate({ keyId })),
  retire: (work) => change(work, (client, keyId) => client.keys.retire({ keyId })),
  activate: (work) => change(work, (client, keyId) => client.keys.activate({ keyId })),
  revoke: (work) => change(work, (client, keyId) => client.keys.revoke({ keyId })),
  expire,
  rename,
  delete: destroy,
  protect,
  contacts,
  trust,
  check,
  forget,
};

export const keys: Command = {
  name: 'keys',
  summary: 'own keys and other people’s public keys',
  help,
  async run(args, shell) {
    const [verb, ...rest] = args;
    const act = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (act === undefined) throw new UsageError(`keys wants one of ${Object.keys(verbs).join(', ')}`);
    const flags = readFlags(rest, options);
    return act({ client: clientOf(await shell.openApp()), shell, flags, words: flags.positionals });
  },
};

const PROTECTION = {
  keychain: "protected by the system's keychain",
  passphrase: 'protected by a passphrase',
  file: 'NOT protected beyond file permissions: whoever can read your files can use these keys',
};

async function list({ client, shell: { terminal }, flags }: Work): Promise<number> {
  const found = expectValue(await client.keys.list({}));
  if (flags.isOn('json')) terminal.print(JSON.stringify(found));
  else {
    for (const key of found.keys) terminal.print(describeKey(key));
    terminal.note(`the key store is ${PROTECTION[found.protection]}`);
  }
  return 0;
}

function describeKey({ keyId, role, state, label, fingerprint, uses, expiresAt }: KeyRecord): string {
  const until = expiresAt === null ? '' : `, until ${new Date(expiresAt).toISOString().slice(0, 10)}`;
  return `${keyId.slice(0, 12)}  ${role.padEnd(4)}  ${state.padEnd(9)}  ${fingerprint}  ${label} (${uses} uses${until})`;
}

async function generate({ client, shell, flags }: Work): Promise<number> {
  const label = flags.text('label') ?? wanted('generate', '--label NAME');
  const expires = flags.text('expires');
  const expiresAt = expires === undefined ? null : dateOf(expires);
  return printKey(shell, flags, expectValue(await client.keys.generate({ role: roleOf(flags), label, expiresAt })));
}

async function importKey(work: Work): Promise<number> {
  const { client, shell, flags, words } = work;
  const material = await readMaterial(shell, words[0] ?? wanted('import', 'a FILE'));
  const label = flags.text('label') ?? wanted('import', '--label NAME');
  const given = await filePassphrase(work, undefined);
  const input = { material, role: roleOf(flags), label };
  const first = await client.keys.import(given === undefined ? input : { ...input, passphrase: given });
  const isAsked = !first.ok && first.error.code === 'vault.bad-key' && given === undefined && canAsk();
  if (!isAsked) return printKey(shell, flags, expectValue(first));
  const passphrase = await askPassphrase(shell.terminal, 'passphrase of the key file:');
  return printKey(shell, flags, expectValue(await client.keys.import({ ...input, passphrase })));
}

async function exportKey(work: Work): Promise<number> {
  const { client, shell, flags, words } = work;
  const { keyId } = await findKey(client, words[0] ?? wanted('export', 'a KEY'));
  const target = flags.text('output');
  if (flags.isOn('private')) {
    if (target === undefined) throw new UsageError('a private key is exported to a file: -o FILE');
    const passphrase = (await filePassphrase(work, 'new')) ?? '';
    const { bytes } = expectValue(await client.keys.exportPrivate({ keyId, passphrase }));
    return save(shell, target, bytes);
  }
  const format = flags.text('format') ?? 'pem';
  if (format !== 'pem' && format !== 'jwk' && format !== 'raw') throw new UsageError('--format wants pem, jwk or raw');
  const { text } = expectValue(await client.keys.exportPublic({ keyId, format }));
  if (target !== undefined) return save(shell, target, new TextEncoder().encode(text));
  shell.terminal.print(text.trimEnd());
  return 0;
}

async function backup(work: Work): Promise<number> {
  const { client, shell, flags, words } = work;
  const target = flags.text('output') ?? wanted('backup', '-o FILE');
  const chosen = await Promise.all(words.map((name) => findKey(client, name)));
  const passphrase = (await filePassphrase(work, 'new')) ?? '';
  const keyIds = chosen.length === 0 ? null : chosen.map(({ keyId }) => keyId);
  const { bytes, keys: saved } = expectValue(await client.keys.backup({ keyIds, passphrase }));
  shell.terminal.note(`${saved} private keys; the file was opened once again to make sure`);
  return save(shell, target, bytes);
}

async function restore(work: Work): Promise<number> {
  const { client, shell, words } = work;
  const file = await readMaterial(shell, words[0] ?? wanted('restore', 'a FILE'));
  const passphrase = (await filePassphrase(work, 'old')) ?? '';
  const { restored, alreadyHere } = expectValue(await client.keys.restore({ backup: file, passphrase }));
  for (const key of restored) shell.terminal.print(describeKey(key));
  shell.terminal.note(`${restored.length} restored, ${alreadyHere} were here already`);
  return 0;
}

async function change(
  { client, shell, flags, words }: Work,
  act: (client: Client, keyId: KeyRecord['keyId']) => ReturnType<Client['keys']['rotate']>,
): Promise<number> {
  const { keyId } = await findKey(client, words[0] ?? wanted('this', 'a KEY'));
  return printKey(shell, flags, expectValue(await act(client, keyId)));
}

async function expire({ client, shell, flags, words }: Work): Promise<number> {
  const { keyId } = await findKey(client, words[0] ?? wanted('expire', 'a KEY'));
  const when = words[1] ?? wanted('expire', 'a DATE or never');
  const expiresAt = when === 'never' ? null : dateOf(when);
  return printKey(shell, flags, expectValue(await client.keys.expire({ keyId, expiresAt })));
}

async function rename({ client, shell, flags, words }: Work): Promise<number> {
  const { keyId } = await findKey(client, words[0] ?? wanted('rename', 'a KEY'));
  const label = words[1] ?? wanted('rename', 'a LABEL');
  return printKey(shell, flags, expectValue(await client.keys.rename({ keyId, label })));
}

async function destroy({ client, shell, flags, words }: Work): Promise<number> {
  const { terminal } = shell;
  const { keyId, label } = await findKey(client, words[0] ?? wanted('delete', 'a KEY'));
  const { unreadable, alsoReadableByOthers, signatures } = expectValue(await client.keys.dependents({ keyId }));
  terminal.note(
    `deleting the private key ${JSON.stringify(label)} for good makes unreadable, as far as is known here:`,
  );
  for (const { name, createdAt } of unreadable) terminal.note(`  ${name}, sealed ${new Date(createdAt).toISOString()}`);
  if (unreadable.length === 0) terminal.note('  nothing');
  terminal.note(
    `${alsoReadableByOthers} files stay readable with other keys; ${signatures} signatures stay verifiable`,
  );
  const typedLabel = flags.text('confirm') ?? (canAsk() ? await askText(terminal, 'type its label to delete it:') : '');
  return printKey(shell, flags, expectValue(await client.keys.destroy({ keyId, typedLabel })));
}

async function protect({ client, shell, flags, words }: Work): Promise<number> {
  const [kind] = words;
  if (kind !== 'passphrase' && kind !== 'keychain' && kind !== 'file') {
    throw new UsageError('keys protect wants passphrase, keychain or file');
  }
  const { protection } = expectValue(await client.keys.list({}));
  const current = protection === 'passphrase' ? await shell.storePassphrase() : undefined;
  const passphrase =
    kind === 'passphrase' ? await newPassphrase(shell, flags.text('new-passphrase'), 'new-passphrase') : undefined;
  expectValue(await client.keys.protect({ kind, ...(passphrase && { passphrase }), ...(current && { current }) }));
  shell.terminal.note(`the key store is now ${PROTECTION[kind]}`);
  return 0;
}

async function contacts({ client, shell: { terminal }, flags }: Work): Promise<number> {
  const found = expectValue(await client.contacts.list({}));
  if (flags.isOn('json')) terminal.print(JSON.stringify(found));
  else {
    for (const { keyId, role, name, fingerprint, isVerified } of found) {
      terminal.print(
        `${keyId.slice(0, 12)}  ${role.padEnd(4)}  ${isVerified ? 'verified    ' : 'NOT verified'}  ${fingerprint}  ${name}`,
      );
    }
  }
  return 0;
}

async function trust({ client, shell, flags, words }: Work): Promise<number> {
  const material = await readMaterial(shell, words[0] ?? wanted('trust', 'a FILE'));
  const name = flags.text('name') ?? wanted('trust', '--name NAME');
  const role = flags.text('role') ?? 'seal';
  if (role !== 'seal' && role !== 'sign') throw new UsageError('--role wants seal or sign');
  const added = expectValue(await client.contacts.add({ material, name, role }));
  shell.terminal.print(added.fingerprint);
  const told = flags.text('fingerprint');
  if (told === undefined) {
    shell.terminal.note('not verified: compare the fingerprint with its owner, then: glovebox keys check');
    return 0;
  }
  return compare(client, shell, added.keyId, told);
}

async function check({ client, shell, words }: Work): Promise<number> {
  const { keyId } = await findContact(client, words[0] ?? wanted('check', 'a CONTACT'));
  return compare(client, shell, keyId, words[1] ?? wanted('check', 'a fingerprint'));
}

async function compare(client: Client, shell: Shell, keyId: KeyRecord['keyId'], fingerprint: string): Promise<number> {
  const { isSame } = expectValue(await client.contacts.verify({ keyId, fingerprint }));
  shell.terminal.note(
    isSame ? 'the fingerprint is the same: verified' : 'the fingerprint is ANOTHER one: not verified',
  );
  return isSame ? 0 : 4;
}

async function forget({ client, words }: Work): Promise<number> {
  const { keyId } = await findContact(client, words[0] ?? wanted('forget', 'a CONTACT'));
  expectValue(await client.contacts.remove({ keyId }));
  return 0;
}

async function filePassphrase({ shell, flags }: Work, ask: 'new' | 'old' | undefined): Promise<string | undefined> {
  const file = flags.text('file-passphrase');
  if (ask === 'new') return newPassphrase(shell, file, 'file-passphrase');
  if (file !== undefined) return readPassphraseFile('file-passphrase', file, shell.workingFolder);
  if (ask === undefined) return undefined;
  if (!canAsk()) throw new UsageError('--file-passphrase FILE is wanted where there is no terminal to ask at');
  return askPassphrase(shell.terminal, 'passphrase of the file:');
}

async function newPassphrase(shell: Shell, file: string | undefined, flag: string): Promise<string> {
  if (file !== undefined) return readPassphraseFile(flag, file, shell.workingFolder);
  if (!canAsk()) throw new UsageError(`--${flag} FILE is wanted where there is no terminal to ask at`);
  const first = await askPassphrase(shell.terminal, 'a new passphrase, at least 12 characters:');
  if (first === (await askPassphrase(shell.terminal, 'the same once more:'))) return first;
  throw new UsageError('the two passphrases are not the same');
}

async function readMaterial(shell: Shell, file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path.resolve(shell.workingFolder, file)));
  } catch {
    throw new UsageError(`${file} could not be read`);
  }
}

async function save(shell: Shell, file: string, bytes: Uint8Array): Promise<number> {
  await writeFileAtomic(path.resolve(shell.workingFolder, file), bytes);
  return 0;
}

function printKey({ terminal }: Shell, flags: Flags, key: KeyRecord): number {
  terminal.print(flags.isOn('json') ? JSON.stringify(key) : describeKey(key));
  return 0;
}

function roleOf(flags: Flags): KeyRole {
  const parsed = keyRole.safeParse(flags.text('role') ?? 'seal');
  if (!parsed.success) throw new UsageError('--role wants seal, sign or log');
  return parsed.data;
}

function dateOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(T[0-9:.]+Z?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${JSON.stringify(text)} is no date, as 2027-06-30`);
  return time;
}

function wanted(verb: string, what: string): never {
  throw new UsageError(`keys ${verb} wants ${what}`);
}

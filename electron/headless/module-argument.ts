import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '../../shared/contract/index.ts';
import type { ModuleRecord } from '../../shared/model/module-report.ts';
import { isSealed } from '../vault/index.ts';
import { expectValue } from './client.ts';
import { type Shell, UsageError } from './command.ts';
import { findKey } from './key-names.ts';
import { askPassphrase, canAsk, readPassphraseFile } from './passphrase.ts';

/** How a module that came sealed is opened: by a passphrase or by a key that is named; else by the key its header names. */
export type SealedBy = { readonly passphraseFile: string | undefined; readonly key: string | undefined };

/** Loads the module that a command line names. A sealed one is opened in memory only. */
export async function loadModuleArgument(
  client: Client,
  shell: Shell,
  file: string,
  by: SealedBy,
): Promise<ModuleRecord> {
  const isNamed = by.passphraseFile !== undefined || by.key !== undefined;
  if (!isNamed && !file.endsWith('.sealed')) return loadPlain(client, file);
  const bytes = await readFile(file).then(
    (content) => new Uint8Array(content),
    () => {
      throw new UsageError(`${path.basename(file)} could not be read`);
    },
  );
  if (!isSealed(bytes)) {
    if (isNamed) throw new UsageError(`${path.basename(file)} is not a sealed file`);
    return loadPlain(client, file);
  }
  const { hasPassphrase } = expectValue(await client.sealing.inspect({ header: bytes.subarray(0, 65_552) }));
  const passphrase = hasPassphrase ? await passphraseOf(shell, by.passphraseFile) : undefined;
  const keyId = by.key === undefined ? undefined : (await findKey(client, by.key)).keyId;
  return expectValue(
    await client.sealing.loadModule({
      bytes,
      ...(passphrase !== undefined && { passphrase }),
      ...(keyId !== undefined && { keyId }),
    }),
  ).record;
}

async function loadPlain(client: Client, file: string): Promise<ModuleRecord> {
  return expectValue(await client.modules.loadPath({ path: file })).record;
}

async function passphraseOf(shell: Shell, file: string | undefined): Promise<string> {
  if (file !== undefined) return readPassphraseFile('file-passphrase', file, shell.workingFolder);
  if (!canAsk()) throw new UsageError('the module is sealed under a passphrase: --file-passphrase FILE');
  return askPassphrase(shell.terminal, 'passphrase of the sealed module:');
}

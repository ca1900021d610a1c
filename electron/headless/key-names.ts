import type { Client } from '../../shared/contract/index.ts';
import type { Contact, KeyRecord } from '../../shared/model/key.ts';
import type { KeyId } from '../../shared/model/scalars.ts';
import { expectValue } from './client.ts';
import { UsageError } from './command.ts';

/** Finds an own key by its label, its fingerprint, or at least six digits of its id. @throws UsageError */
export async function findKey(client: Client, name: string): Promise<KeyRecord> {
  const { keys } = expectValue(await client.keys.list({}));
  const living = keys.filter(({ state }) => state !== 'destroyed');
  return pickOne(
    name,
    living.filter((key) => key.label === name || key.fingerprint === name || isPrefix(name, key.keyId)),
    'own key',
  );
}

/** The ids of own sealing keys and contacts, by label or name, fingerprint, or start of the id. @throws UsageError */
export async function findRecipients(client: Client, names: readonly string[]): Promise<KeyId[]> {
  const { keys } = expectValue(await client.keys.list({}));
  const contacts = expectValue(await client.contacts.list({}));
  const known = [
    ...keys
      .filter(({ role, state }) => role === 'seal' && state === 'active')
      .map(({ keyId, label, fingerprint }) => ({ keyId, name: label, fingerprint })),
    ...contacts.filter(({ role }) => role === 'seal'),
  ];
  return names.map((name) => {
    const found = known.filter((key) => key.name === name || key.fingerprint === name || isPrefix(name, key.keyId));
    return pickOne(name, found, 'recipient').keyId;
  });
}

/** @throws UsageError */
export async function findContact(client: Client, name: string): Promise<Contact> {
  const contacts = expectValue(await client.contacts.list({}));
  const found = contacts.filter((one) => one.name === name || one.fingerprint === name || isPrefix(name, one.keyId));
  return pickOne(name, found, 'contact');
}

function isPrefix(name: string, keyId: string): boolean {
  return name.length >= 6 && keyId.startsWith(name.toLowerCase());
}

function pickOne<T>(name: string, found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined) throw new UsageError(`there is no ${what} ${JSON.stringify(name)}`);
  if (found.length > 1)
    throw new UsageError(`${JSON.stringify(name)} is more than one ${what}: use the start of its id`);
  return first;
}

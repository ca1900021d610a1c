import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { Json } from '../../../shared/model/entry.ts';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { keyId as keyIdSchema } from '../../../shared/model/scalars.ts';
import { ok, Refusal } from '../../../shared/result.ts';
import { fingerprintOf, keyIdOf } from '../../vault/index.ts';
import type { Rooms } from '../ports.ts';

/** Own keys. What cannot be undone, and what lets a private key out, is in the log before it is done. */
export function createKeyHandlers({ vault, ledger, dialogs }: Rooms): Handlers['keys'] {
  const { keys } = vault;

  async function note(op: string, caller: Caller, data: { readonly [key: string]: Json }): Promise<void> {
    await ledger.append({ op, actor: caller.actor, data });
  }

  /** The entry follows the act: only then is there a key to name. */
  async function after(op: string, caller: Caller, act: Promise<KeyRecord>) {
    const record = await act;
    await note(op, caller, { key: record.keyId, role: record.role, outcome: 'ok' });
    return ok(record);
  }

  /**
   * The entry comes first, without an outcome: whoever reads the log knows of the act even when it was the last thing
   * that happened. One that is then refused has an entry that says so.
   */
  async function before<T>(op: string, caller: Caller, keyId: string, act: () => Promise<T>) {
    recordOf(keyId);
    await note(op, caller, { key: keyId });
    return ok(await act());
  }

  async function confirm(action: string, detail: string): Promise<void> {
    if (await dialogs.confirm({ action, detail })) return;
    throw new Refusal('vault.confirmation-needed', 'the act was not confirmed');
  }

  function recordOf(keyId: string): KeyRecord {
    const record = keys.list().find((one) => one.keyId === keyId);
    if (record === undefined) throw new Refusal('vault.key-not-found', 'there is no own key with this id');
    return record;
  }

  return {
    async list() {
      const { protection, autoLockMs } = vault.status();
      return ok({ keys: keys.list(), protection, autoLockMs, hasKeychain: await vault.hasKeychain() });
    },
    generate: async ({ role, label, expiresAt }, caller) =>
      after('key.generated', caller, keys.generate(role, label, expiresAt ?? null)),
    rename: async ({ keyId, label }, caller) => before('key.renamed', caller, keyId, () => keys.rename(keyId, label)),
    expire: async ({ keyId, expiresAt }, caller) =>
      before('key.expiry-set', caller, keyId, () => keys.expire(keyId, expiresAt)),
    async preview({ material, passphrase }) {
      const { point, isPrivate, format, isEncrypted, known } = await keys.preview(material, passphrase);
      const keyId = keyIdSchema.parse(keyIdOf(point));
      return ok({ keyId, fingerprint: fingerprintOf(point), isPrivate, format, isEncrypted, known });
    },
    import: async ({ material, passphrase, role, label }, caller) =>
      after('key.imported', caller, keys.import(material, role, label, passphrase)),
    exportPublic: async ({ keyId, format }) => ok(keys.exportPublic(keyId, format)),
    async exportPrivate({ keyId, passphrase }, caller) {
      const { label } = recordOf(keyId);
      await confirm('Export a private key', `Whoever has the file and its passphrase can use the key “${label}”.`);
      return before('key.exported', caller, keyId, () => keys.exportPrivate(keyId, passphrase));
    },
    async backup({ keyIds, passphrase }, caller) {
      const chosen = keyIds?.map(recordOf) ?? keys.list().filter(({ state }) => state !== 'destroyed');
      await confirm('Back up private keys', `Whoever has the file and its passphrase can use ${chosen.length} keys.`);
      await note('key.backed-up', caller, { keys: chosen.map(({ keyId }) => keyId) });
      return ok(await keys.backup(keyIds, passphrase));
    },
    async restore({ backup, passphrase }, caller) {
      const restored = await keys.restore(backup, passphrase);
      await note('key.restored', caller, { keys: restored.restored.map(({ keyId }) => keyId), outcome: 'ok' });
      return ok(restored);
    },
    rotate: async ({ keyId }, caller) => before('key.rotated', caller, keyId, () => keys.rotate(keyId)),
    retire: async ({ keyId }, caller) => before('key.retired', caller, keyId, () => keys.retire(keyId)),
    activate: async ({ keyId }, caller) => before('key.activated', caller, keyId, () => keys.activate(keyId)),
    revoke: async ({ keyId }, caller) => before('key.revoked', caller, keyId, () => keys.revoke(keyId)),
    async dependents({ keyId }) {
      const { unreadable, alsoReadableByOthers, signatures } = keys.dependents(keyId);
      const shown = unreadable.map(({ name, sizeBytes, createdAt }) => ({ name, sizeBytes, createdAt }));
      return ok({ unreadable: shown, alsoReadableByOthers, signatures });
    },
    async destroy({ keyId, typedLabel }, caller) {
      const { label } = recordOf(keyId);
      if (typedLabel !== label) throw new Refusal('vault.confirmation-needed', 'type the label of the key');
      const { unreadable } = keys.dependents(keyId);
      await confirm(
        'Destroy a key',
        `“${label}” is gone for good. ${unreadable.length} sealed files known here become unreadable.`,
      );
      return before('key.destroyed', caller, keyId, () => keys.destroy(keyId, typedLabel));
    },
    async lock(_input, caller) {
      await note('vault.locked', caller, {});
      await vault.lock();
      return ok({});
    },
    async unlock({ passphrase }, caller) {
      await vault.unlock(passphrase);
      await note('vault.unlocked', caller, { outcome: 'ok' });
      return ok({});
    },
    async protect({ kind, passphrase, current }, caller) {
      if (kind === 'file') {
        await confirm('Take the protection off the keys', 'Whoever can read your files can then use your keys.');
      }
      await note('vault.protected', caller, { protection: kind });
      await vault.protect(kind, passphrase, current);
      return ok({});
    },
    async autoLock({ idleMs }, caller) {
      await note('vault.auto-lock-set', caller, { idleMs });
      await vault.setAutoLock(idleMs);
      return ok({});
    },
    async setAside({ passphrase }, caller) {
      await confirm('Start a new key store', 'The store that cannot be opened is kept under another name.');
      await note('vault.set-aside', caller, {});
      return ok({ fileName: await vault.setAside(passphrase) });
    },
  };
}

/** Other people's keys. */
export function createContactHandlers({ vault, ledger }: Rooms): Handlers['contacts'] {
  const { contacts } = vault;
  async function note(op: string, caller: Caller, key: string): Promise<void> {
    await ledger.append({ op, actor: caller.actor, data: { key, outcome: 'ok' } });
  }
  return {
    list: async () => ok(contacts.list()),
    async add({ material, name, role }, caller) {
      const contact = await contacts.add(material, name, role);
      await note('contact.added', caller, contact.keyId);
      return ok(contact);
    },
    rename: async ({ keyId, name }) => ok(await contacts.rename(keyId, name)),
    async verify({ keyId, fingerprint }, caller) {
      const result = await contacts.verify(keyId, fingerprint);
      await note(result.isSame ? 'contact.verified' : 'contact.mismatched', caller, keyId);
      return ok(result);
    },
    async remove({ keyId }, caller) {
      await contacts.remove(keyId);
      await note('contact.removed', caller, keyId);
      return ok({});
    },
  };
}

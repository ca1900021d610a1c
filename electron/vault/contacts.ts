import { type Contact, keyLabel } from '../../shared/model/key.ts';
import { keyId as keyIdSchema } from '../../shared/model/scalars.ts';
import { Refusal } from '../../shared/result.ts';
import { equalBytes, utf8, wipe } from './bytes.ts';
import { readKey } from './key-import.ts';
import { fingerprintOf, keyIdOf } from './p256.ts';
import { spkiOfPoint } from './p256-encoding.ts';
import type { VaultCore } from './vault-core.ts';

/** Other people's public keys. */
export class Contacts {
  readonly #core: VaultCore;

  constructor(core: VaultCore) {
    this.#core = core;
  }

  list(): Contact[] {
    return this.#core.ring().contacts.map((contact) => ({ ...contact }));
  }

  /** @throws Refusal `vault.bad-key` (also for a private key), `vault.key-unusable` when it is here already */
  async add(material: Uint8Array, name: string, role: Contact['role']): Promise<Contact> {
    const { point, secret } = await readKey(material);
    wipe(secret);
    if (secret !== undefined) throw new Refusal('vault.bad-key', 'expected a public key, not a private one');
    const keyId = keyIdSchema.parse(keyIdOf(point));
    const contact: Contact = {
      keyId,
      role,
      name: keyLabel.parse(name),
      fingerprint: fingerprintOf(point),
      publicKey: Buffer.from(spkiOfPoint(point)).toString('base64'),
      addedAt: this.#core.now(),
      isVerified: false,
    };
    return this.#core.change((ring) => {
      const isHere = [...ring.contacts, ...ring.keys].some((one) => one.keyId === keyId);
      if (isHere) throw new Refusal('vault.key-unusable', 'the key is here already');
      ring.contacts.push(contact);
      return contact;
    });
  }

  rename(keyId: string, name: string): Promise<Contact> {
    return this.#edit(keyId, (contact) => {
      contact.name = keyLabel.parse(name);
    });
  }

  /**
   * Compares with the fingerprint that the owner told over another channel: `SHA256:` and base64, or the same digest in
   * hex, however it is spaced. Marks the contact when it is the same, and unmarks it when it is not.
   */
  async verify(keyId: string, fingerprint: string): Promise<{ isSame: boolean; contact: Contact }> {
    const contact = await this.#edit(keyId, (one) => {
      one.isVerified = isSameFingerprint(one, fingerprint);
    });
    return { isSame: contact.isVerified, contact };
  }

  remove(keyId: string): Promise<void> {
    return this.#core.change((ring) => {
      const at = ring.contacts.findIndex((contact) => contact.keyId === keyId);
      if (at < 0) throw notFound();
      ring.contacts.splice(at, 1);
    });
  }

  #edit(keyId: string, act: (contact: Contact) => void): Promise<Contact> {
    return this.#core.change((ring) => {
      const contact = ring.contacts.find((one) => one.keyId === keyId);
      if (contact === undefined) throw notFound();
      act(contact);
      return { ...contact };
    });
  }
}

function isSameFingerprint(contact: Contact, told: string): boolean {
  const bare = told.replace(/^\s*SHA256:/i, '').replace(/[\s:]/g, '');
  const expected = contact.fingerprint.slice('SHA256:'.length);
  return (
    equalBytes(utf8(bare.replace(/=+$/, '')), utf8(expected.replace(/=+$/, ''))) || bare.toLowerCase() === contact.keyId
  );
}

function notFound(): Refusal<'vault.key-not-found'> {
  return new Refusal('vault.key-not-found', 'there is no contact with this id');
}

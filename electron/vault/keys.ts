import { type KeyRecord, type KeyRole, keyLabel } from '../../shared/model/key.ts';
import { Refusal } from '../../shared/result.ts';
import { type BackedUpKey, readBackup, writeBackup } from './backup.ts';
import { wipe } from './bytes.ts';
import { engine } from './engine.ts';
import { keyFileName, privateKeyPem, publicKeyText } from './key-export.ts';
import { type ImportedKey, readKey } from './key-import.ts';
import { type HeldKey, heldKey, type KeyRing, type Sealing } from './key-ring.ts';
import { keyIdOf } from './p256.ts';
import { type Argon2, checkNewPassphrase } from './passphrase.ts';
import { hasExpired } from './signer.ts';
import type { VaultCore } from './vault-core.ts';

/** What destroying a key makes unreadable, as far as this vault knows. */
export type Dependents = {
  readonly unreadable: readonly Sealing[];
  readonly alsoReadableByOthers: number;
  readonly signatures: number;
};

/** The life of own keys: everything here is on disk before it is told. All of it throws `Refusal`s. */
export class Keys {
  readonly #core: VaultCore;
  readonly #argon2: Argon2 | undefined;

  constructor(core: VaultCore, argon2?: Argon2) {
    this.#core = core;
    this.#argon2 = argon2;
  }

  /** @throws Refusal `vault.locked` */
  list(): KeyRecord[] {
    this.#core.touch();
    return this.#core.ring().keys.map((key) => this.#record(key));
  }

  /** A new sign or log key takes the place of the active one, which is retired. */
  generate(role: KeyRole, label: string, expiresAt: number | null = null): Promise<KeyRecord> {
    return this.#add(engine().curve.generate(), role, label, 'generated', expiresAt);
  }

  rename(keyId: string, label: string): Promise<KeyRecord> {
    return this.#edit(keyId, (key) => {
      key.label = keyLabel.parse(label);
    });
  }

  /** @throws Refusal `vault.key-unusable` for a time that has passed, or a key that is not active */
  expire(keyId: string, expiresAt: number | null): Promise<KeyRecord> {
    return this.#edit(keyId, (key) => {
      if (key.state !== 'active') throw unusable('only an active key can expire');
      if (expiresAt !== null && expiresAt <= this.#core.now()) throw unusable('time of expiry must be to come');
      key.expiresAt = expiresAt;
    });
  }

  /** What key material is, without keeping it. @throws Refusal `vault.bad-key` */
  async preview(material: Uint8Array, passphrase?: string) {
    const { point, secret, format, isEncrypted } = await readKey(material, passphrase);
    wipe(secret);
    const { keys, contacts } = this.#core.ring();
    const keyId = keyIdOf(point);
    const isKey = keys.some((key) => key.keyId === keyId && key.state !== 'destroyed');
    const isContact = contacts.some((contact) => contact.keyId === keyId);
    const known = isKey ? ('key' as const) : isContact ? ('contact' as const) : null;
    return { point, isPrivate: secret !== undefined, format, isEncrypted, known };
  }

  /** @throws Refusal `vault.bad-key`, or `vault.key-unusable` for a key that is here already or has another role */
  async import(material: Uint8Array, role: KeyRole, label: string, passphrase?: string): Promise<KeyRecord> {
    const imported: ImportedKey = await readKey(material, passphrase);
    if (imported.secret === undefined) throw new Refusal('vault.bad-key', 'expected a private key');
    return this.#add(imported.secret, role, label, 'imported', null);
  }

  exportPublic(keyId: string, format: 'pem' | 'jwk' | 'raw'): { text: string; fileName: string } {
    const key = find(this.#core.ring(), keyId);
    const suffix = { pem: '.pub.pem', jwk: '.pub.jwk', raw: '.pub.txt' }[format];
    return { text: publicKeyText(key.point, format), fileName: keyFileName(key.label, keyId, suffix) };
  }

  /** @throws Refusal `vault.weak-passphrase` */
  async exportPrivate(keyId: string, passphrase: string): Promise<{ bytes: Uint8Array; fileName: string }> {
    checkNewPassphrase(passphrase);
    const key = find(this.#core.ring(), keyId);
    const text = await privateKeyPem(secretOf(key), passphrase);
    return { bytes: new TextEncoder().encode(text), fileName: keyFileName(key.label, keyId, '.key.pem') };
  }

  /** Some keys, or all that are not destroyed. @throws Refusal `vault.weak-passphrase` */
  async backup(keyIds: readonly string[] | null, passphrase: string) {
    checkNewPassphrase(passphrase);
    const ring = this.#core.ring();
    const chosen = keyIds === null ? ring.keys.filter((key) => key.secret) : keyIds.map((keyId) => find(ring, keyId));
    for (const key of chosen) secretOf(key);
    const bytes = await writeBackup(chosen, passphrase, this.#argon2);
    return { bytes, fileName: 'glovebox-keys.backup.sealed', keys: chosen.length };
  }

  /** Takes over what is not here. Restored sign and log keys come back retired, so that they never displace the active one. */
  async restore(backup: Uint8Array, passphrase: string): Promise<{ restored: KeyRecord[]; alreadyHere: number }> {
    this.#core.ring();
    const keys = await readBackup(backup, passphrase, this.#argon2);
    const restored = await this.#core.change((ring) => keys.flatMap((key) => this.#restoreOne(ring, key)));
    return { restored: restored.map((key) => this.#record(key)), alreadyHere: keys.length - restored.length };
  }

  rotate(keyId: string): Promise<KeyRecord> {
    return this.#core
      .change((ring) => {
        const old = find(ring, keyId);
        if (old.state !== 'active') throw unusable('only an active key can be rotated');
        this.#setState(old, 'retired');
        const next = heldKey(engine().curve.generate(), old.role, old.label, 'generated', this.#core.now());
        ring.keys.push(next);
        return next;
      })
      .then((key) => this.#record(key));
  }

  /** @throws Refusal `vault.key-unusable` for the active sign or log key: it is rotated instead */
  retire(keyId: string): Promise<KeyRecord> {
    return this.#edit(keyId, (key) => {
      if (key.state !== 'active' || key.role !== 'seal') throw unusable('only an active sealing key can be retired');
      this.#setState(key, 'retired');
    });
  }

  activate(keyId: string): Promise<KeyRecord> {
    return this.#edit(keyId, (key) => {
      if (key.state !== 'retired' || key.role !== 'seal') throw unusable('only a retired sealing key can be activated');
      this.#setState(key, 'active');
    });
  }

  /** For good. A revoked sign or log key is replaced at once, since everything that happens is signed. */
  revoke(keyId: string): Promise<KeyRecord> {
    return this.#core
      .change((ring) => {
        const key = find(ring, keyId);
        if (key.state === 'revoked' || key.state === 'destroyed') throw unusable('the key is revoked or destroyed');
        this.#replaceIfActive(ring, key);
        this.#setState(key, 'revoked');
        return key;
      })
      .then((key) => this.#record(key));
  }

  dependents(keyId: string): Dependents {
    const ring = this.#core.ring();
    const key = find(ring, keyId);
    const others = new Set(ring.keys.filter((one) => one.secret && one.keyId !== keyId).map((one) => one.keyId));
    const sealings = ring.sealings.filter((sealing) => sealing.keyIds.some((id) => id === keyId));
    const unreadable = sealings.filter((sealing) => !sealing.keyIds.some((id) => others.has(id))).reverse();
    const signatures = key.role === 'seal' ? 0 : this.#record(key).uses;
    return { unreadable, alsoReadableByOthers: sealings.length - unreadable.length, signatures };
  }

  /** @throws Refusal `vault.confirmation-needed` unless the label was typed exactly */
  destroy(keyId: string, typedLabel: string): Promise<KeyRecord> {
    return this.#core
      .change((ring) => {
        const key = find(ring, keyId);
        if (key.state === 'destroyed') throw unusable('the key is destroyed already');
        if (typedLabel !== key.label) throw new Refusal('vault.confirmation-needed', 'type the label of the key');
        this.#replaceIfActive(ring, key);
        wipe(key.secret);
        const destroyed: HeldKey = { ...key, state: 'destroyed', changedAt: this.#core.now(), secret: undefined };
        ring.keys[ring.keys.indexOf(key)] = destroyed;
        return destroyed;
      })
      .then((key) => this.#record(key));
  }

  #add(
    secret: Uint8Array,
    role: KeyRole,
    label: string,
    origin: 'generated' | 'imported',
    expiresAt: number | null,
  ): Promise<KeyRecord> {
    const now = this.#core.now();
    if (expiresAt !== null && expiresAt <= now) throw unusable('time of expiry must be to come');
    return this.#core
      .change((ring) => {
        const key = { ...heldKey(secret, role, label, origin, now), expiresAt };
        refuseKnown(ring, key);
        if (role !== 'seal') {
          for (const one of ring.keys) if (one.role === role && one.state === 'active') this.#setState(one, 'retired');
        }
        ring.keys.push(key);
        return key;
      })
      .then((key) => this.#record(key));
  }

  #restoreOne(ring: KeyRing, { role, label, createdAt, secret }: BackedUpKey): HeldKey[] {
    const fresh = { ...heldKey(secret, role, label, 'restored', this.#core.now()), createdAt };
    const key: HeldKey = role === 'seal' ? fresh : { ...fresh, state: 'retired' };
    const at = ring.keys.findIndex((one) => one.keyId === key.keyId);
    if (at >= 0 && ring.keys[at]?.state !== 'destroyed') return [];
    if (at >= 0) ring.keys.splice(at, 1);
    ring.keys.push(key);
    return [key];
  }

  #edit(keyId: string, act: (key: HeldKey) => void): Promise<KeyRecord> {
    return this.#core
      .change((ring) => {
        const key = find(ring, keyId);
        if (key.state === 'destroyed') throw unusable('the key is destroyed');
        act(key);
        return key;
      })
      .then((key) => this.#record(key));
  }

  #replaceIfActive(ring: KeyRing, key: HeldKey): void {
    if (key.role === 'seal' || key.state !== 'active') return;
    ring.keys.push(heldKey(engine().curve.generate(), key.role, key.label, 'generated', this.#core.now()));
  }

  #setState(key: HeldKey, state: HeldKey['state']): void {
    key.state = state;
    key.changedAt = this.#core.now();
  }

  #record({ point: _point, secret: _secret, ...key }: HeldKey): KeyRecord {
    const pending = this.#core.pendingUses(key.keyId);
    const isExpired = key.state === 'active' && hasExpired(key, this.#core.now());
    return {
      ...key,
      state: isExpired ? 'expired' : key.state,
      uses: key.uses + (pending?.uses ?? 0),
      lastUsedAt: pending?.lastUsedAt ?? key.lastUsedAt,
    };
  }
}

/** @throws Refusal `vault.key-not-found` */
export function find(ring: KeyRing, keyId: string): HeldKey {
  const key = ring.keys.find((one) => one.keyId === keyId);
  if (key === undefined) throw new Refusal('vault.key-not-found', 'there is no own key with this id');
  return key;
}

function secretOf(key: HeldKey): Uint8Array {
  if (key.secret === undefined) throw unusable('the key is destroyed');
  return key.secret;
}

// A key has one role for life: the same scalar under two roles would let one protocol answer for the other.
function refuseKnown(ring: KeyRing, key: HeldKey): void {
  const known = ring.keys.findIndex((one) => one.keyId === key.keyId);
  if (known < 0) return;
  if (ring.keys[known]?.state !== 'destroyed') throw unusable('the key is here already');
  if (ring.keys[known]?.role !== key.role) throw unusable('the key had another role');
  ring.keys.splice(known, 1);
}

function unusable(message: string): Refusal<'vault.key-unusable'> {
  return new Refusal('vault.key-unusable', message);
}

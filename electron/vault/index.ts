import type { KeyProtection } from '../../shared/model/key.ts';
import { utf8 } from './bytes.ts';
import { Contacts } from './contacts.ts';
import { localDisk, type VaultDisk } from './disk.ts';
import { expand } from './hkdf.ts';
import { Keys } from './keys.ts';
import type { KeychainPort } from './master-key.ts';
import type { Argon2 } from './passphrase.ts';
import { SealingDesk } from './sealing.ts';
import { Sessions } from './sessions.ts';
import { lendSigner, type Signer } from './signer.ts';
import { VaultCore, type VaultStatus } from './vault-core.ts';

export type { Contacts } from './contacts.ts';
export { isSealed } from './envelope.ts';
export type { Dependents, Keys } from './keys.ts';
export type { KeychainPort } from './master-key.ts';
export { fingerprintOf, keyIdOf } from './p256.ts';
export type { Inspection, Opened, OpenRequest, SealingDesk, SealRequest } from './sealing.ts';
export { SESSION_MAX_MS, type Sessions, type SessionUse } from './sessions.ts';
export type { Signer } from './signer.ts';
export { ulid } from './ulid.ts';
export type { VaultStatus } from './vault-core.ts';

export type VaultOptions = {
  /** the vault's own folder, made when it is not there */
  readonly dir: string;
  readonly keychain?: KeychainPort;
  /** opens a store that has one; on first start it protects the new store */
  readonly passphrase?: string | Uint8Array;
  readonly disk?: VaultDisk;
  readonly clock?: () => number;
  readonly argon2?: Argon2;
};

/** The user's keys and everything that needs a private one. Its methods throw `Refusal`s (`vault.…`, `session.…`). */
export type Vault = {
  status(): VaultStatus;
  readonly keys: Keys;
  readonly contacts: Contacts;
  readonly sealing: SealingDesk;
  readonly sessions: Sessions;
  unlock(passphrase?: string | Uint8Array): Promise<void>;
  /** Forgets every private key but those lent to work under way; idle sessions are wiped too. */
  lock(): Promise<void>;
  /** Protects the store another way, or changes its passphrase (`current` is the one it has). */
  protect(kind: KeyProtection, passphrase?: string, current?: string): Promise<void>;
  /** Locks after so long without use; null never. */
  setAutoLock(idleMs: number | null): Promise<void>;
  /** Keeps a store that cannot be opened under another name, returned, and starts a new one. */
  setAside(passphrase?: string): Promise<string>;
  hasKeychain(): Promise<boolean>;
  /** A key for what the owner keeps beside the store, other for every label. @throws Refusal `vault.locked` */
  dataKey(label: string): Uint8Array;
  /** Writes what is pending and forgets every secret. */
  close(): Promise<void>;
  /** after a change of keys, contacts or lock state */
  onChange(listener: () => void): () => void;
  /** the user did something: auto-lock counts from now */
  touch(): void;
  /** Lends the active key of a role, also across a lock; release it. */
  signer(role: 'sign' | 'log'): Signer;
  /** One signature with the active key: ECDSA P-256 over SHA-256, low s, DER. */
  sign(role: 'sign' | 'log', bytes: Uint8Array): Uint8Array;
  /** SPKI DER of the active key of a role. */
  publicKey(role: 'sign' | 'log'): Uint8Array;
};

/**
 * Opens the vault in `dir`, or makes one with fresh seal, sign and log keys on first start: protected by the passphrase
 * given, else by the keychain, else by a file that only its owner can read. Comes back locked when the store wants a
 * passphrase that was not given or was wrong, or is damaged; nothing is lost then, and `unlock` can be tried again.
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const core = new VaultCore({
    dir: options.dir,
    disk: options.disk ?? localDisk,
    keychain: options.keychain,
    argon2: options.argon2,
    now: options.clock ?? Date.now,
  });
  await core.start(options.passphrase);
  function withSigner<T>(role: 'sign' | 'log', use: (signer: Signer) => T): T {
    const signer = lendSigner(core, role);
    try {
      return use(signer);
    } finally {
      signer.release();
    }
  }
  const sessions = new Sessions(core.now);
  core.onLock(() => sessions.closeAll(false));
  return {
    status: () => core.status(),
    keys: new Keys(core, options.argon2),
    contacts: new Contacts(core),
    sealing: new SealingDesk(core, options.argon2),
    sessions,
    unlock: (passphrase) => core.unlock(passphrase),
    lock: () => core.lock(),
    protect: (kind, passphrase, current) => core.protect(kind, passphrase, current),
    async setAutoLock(idleMs) {
      await core.change((ring) => {
        ring.autoLockMs = idleMs;
      });
    },
    setAside: (passphrase) => core.setAside(passphrase),
    hasKeychain: async () => (await options.keychain?.isAvailable().catch(() => false)) ?? false,
    dataKey: (label) => expand('sha256', core.ring().dataKey, utf8(`glovebox data v1 ${label}`), 32),
    async close() {
      sessions.closeAll(true);
      await core.lock();
    },
    onChange: (listener) => core.onChange(listener),
    touch: () => core.touch(),
    signer: (role) => lendSigner(core, role),
    sign: (role, bytes) => withSigner(role, (signer) => signer.sign(bytes)),
    publicKey: (role) => withSigner(role, (signer) => signer.publicKey),
  };
}

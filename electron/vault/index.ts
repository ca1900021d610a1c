import { type Disk, localDisk } from './disk.ts';
import type { KeychainPort } from './master-key.ts';
import type { Argon2 } from './passphrase.ts';
import { lendSigner, type Signer } from './signer.ts';
import { VaultCore, type VaultStatus } from './vault-core.ts';

export type { KeychainPort } from './master-key.ts';
export type { Signer } from './signer.ts';
export type { VaultStatus } from './vault-core.ts';

export type VaultOptions = {
  /** the vault's own folder, made when it is not there */
  readonly dir: string;
  readonly keychain?: KeychainPort;
  /** opens a store that has one; on first start it protects the new store */
  readonly passphrase?: string | Uint8Array;
  readonly disk?: Disk;
  readonly clock?: () => number;
  readonly argon2?: Argon2;
};

/** The user's keys and everything that needs a private one. Its methods throw `Refusal`s (`vault.…`, `session.…`). */
export type Vault = {
  status(): VaultStatus;
  unlock(passphrase?: string | Uint8Array): Promise<void>;
  lock(): Promise<void>;
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
  return {
    status: () => core.status(),
    unlock: (passphrase) => core.unlock(passphrase),
    lock: () => core.lock(),
    close: () => core.lock(),
    onChange: (listener) => core.onChange(listener),
    touch: () => core.touch(),
    signer: (role) => lendSigner(core, role),
    sign: (role, bytes) => withSigner(role, (signer) => signer.sign(bytes)),
    publicKey: (role) => withSigner(role, (signer) => signer.publicKey),
  };
}

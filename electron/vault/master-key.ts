import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { Refusal } from '../../shared/result.ts';
import { concatBytes, utf8, wipe } from './bytes.ts';
import type { VaultDisk } from './disk.ts';
import { engine } from './engine.ts';
import { type Argon2, areAcceptable, argon2Defaults, checkNewPassphrase, stretchPassphrase } from './passphrase.ts';

/**
 * The keychain of the operating system, as Electron's `safeStorage` fills it. `isAvailable` must be false where the
 * backend protects nothing (`basic_text` on Linux).
 */
export type KeychainPort = {
  isAvailable(): Promise<boolean>;
  protect(secret: Uint8Array): Promise<Uint8Array>;
  /** `shouldProtectAgain` when the keychain's own key has changed and what is stored should be renewed */
  unprotect(wrapped: Uint8Array): Promise<{ secret: Uint8Array; shouldProtectAgain: boolean }>;
};

/** How the master key lies on disk; public, bound to the store as associated data. */
export const protection = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('passphrase'),
    memoryKiB: z.int(),
    passes: z.int(),
    lanes: z.int(),
    salt: z.base64(),
    wrapped: z.base64(),
  }),
  z.strictObject({ kind: z.literal('keychain'), wrapped: z.base64() }),
  z.strictObject({ kind: z.literal('file') }),
]);
export type Protection = z.infer<typeof protection>;

export type MasterKeyPorts = {
  readonly dir: string;
  readonly disk: VaultDisk;
  readonly keychain?: KeychainPort | undefined;
  readonly argon2?: Argon2 | undefined;
};

const MASTER_FILE = 'master.key';
const WRAP_LABEL = utf8('glovebox vault master key v1');

/** A fresh master key. */
export function generateMasterKey(): Uint8Array {
  return new Uint8Array(randomBytes(32));
}

/**
 * Protects `master` by a passphrase, or the keychain, or, with neither, by a file that only its owner can read (which
 * `status` and every screen then say plainly).
 * @throws Refusal `vault.weak-passphrase`, or `vault.key-unusable` without a keychain that protects
 */
export async function protectMasterKey(
  master: Uint8Array,
  kind: Protection['kind'],
  ports: MasterKeyPorts,
  passphrase?: string | Uint8Array,
): Promise<Protection> {
  if (kind === 'passphrase') return protectByPassphrase(master, passphrase ?? '', ports);
  if (kind === 'keychain') {
    if (ports.keychain === undefined || !(await ports.keychain.isAvailable())) {
      throw new Refusal('vault.key-unusable', 'there is no keychain here that protects');
    }
    return { kind, wrapped: Buffer.from(await ports.keychain.protect(master)).toString('base64') };
  }
  await ports.disk.writeFileAtomic(join(ports.dir, MASTER_FILE), master);
  return { kind: 'file' };
}

/** The master key; `isStale` when the keychain wants it protected again. */
export type Recovered = { readonly master: Uint8Array; readonly isStale: boolean };

/** The master key, or undefined when the passphrase is wrong, missing, or anything at all is damaged. */
export async function recoverMasterKey(
  stored: Protection,
  ports: MasterKeyPorts,
  passphrase?: string | Uint8Array,
): Promise<Recovered | undefined> {
  if (stored.kind === 'keychain') {
    const found = await ports.keychain?.unprotect(fromBase64(stored.wrapped)).catch(() => undefined);
    return found?.secret.length === 32 ? { master: found.secret, isStale: found.shouldProtectAgain } : undefined;
  }
  const master = await recover(stored, ports, passphrase).catch(() => undefined);
  return master?.length === 32 ? { master, isStale: false } : undefined;
}

/** Removes the file that held the master key, after another protection was stored. */
export async function forgetMasterFile(ports: MasterKeyPorts): Promise<void> {
  await ports.disk.removeFile(join(ports.dir, MASTER_FILE));
}

async function recover(
  stored: Exclude<Protection, { kind: 'keychain' }>,
  ports: MasterKeyPorts,
  passphrase: string | Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  if (stored.kind === 'file') return (await ports.disk.readFileIfThere(join(ports.dir, MASTER_FILE)))?.slice();
  if (passphrase === undefined || !areAcceptable(stored)) return undefined;
  const wrapped = fromBase64(stored.wrapped);
  const key = await stretchPassphrase(passphrase, fromBase64(stored.salt), stored, ports.argon2);
  const master = engine().aead['aes-256-gcm'].open(key, wrapped.subarray(0, 12), wrapped.subarray(12), WRAP_LABEL);
  wipe(key);
  return master;
}

async function protectByPassphrase(
  master: Uint8Array,
  passphrase: string | Uint8Array,
  ports: MasterKeyPorts,
): Promise<Protection> {
  checkNewPassphrase(passphrase);
  const salt = new Uint8Array(randomBytes(16));
  const key = await stretchPassphrase(passphrase, salt, argon2Defaults, ports.argon2);
  const nonce = new Uint8Array(randomBytes(12));
  const wrapped = concatBytes(nonce, engine().aead['aes-256-gcm'].seal(key, nonce, master, WRAP_LABEL));
  wipe(key);
  return {
    kind: 'passphrase',
    ...argon2Defaults,
    salt: Buffer.from(salt).toString('base64'),
    wrapped: Buffer.from(wrapped).toString('base64'),
  };
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

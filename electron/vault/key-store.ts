import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { Refusal } from '../../shared/result.ts';
import { utf8, wipe } from './bytes.ts';
import type { VaultDisk } from './disk.ts';
import { engine } from './engine.ts';
import { expand } from './hkdf.ts';
import { decodeRing, encodeRing, type KeyRing } from './key-ring.ts';
import { type Protection, protection } from './master-key.ts';

const STORE_FILE = 'vault.json';
const STORE_MAX_BYTES = 64 * 1024 * 1024;

const storeFile = z.strictObject({
  format: z.literal('glovebox-vault'),
  v: z.literal(1),
  protection,
  nonce: z.base64(),
  sealed: z.base64(),
});
export type StoreFile = z.infer<typeof storeFile>;

/** The store as it lies on disk; `absent` when there is none, `unreadable` when it is no store. */
export async function readStore(dir: string, disk: VaultDisk): Promise<StoreFile | 'absent' | 'unreadable'> {
  const bytes = await disk.readFileIfThere(join(dir, STORE_FILE));
  if (bytes === undefined) return 'absent';
  if (bytes.length > STORE_MAX_BYTES) return 'unreadable';
  try {
    return storeFile.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return 'unreadable';
  }
}

/** The ring of a store, or undefined when the master key is another or a bit was changed. */
export function openStore(store: StoreFile, master: Uint8Array): KeyRing | undefined {
  const key = storeKey(master);
  const nonce = new Uint8Array(Buffer.from(store.nonce, 'base64'));
  const sealed = new Uint8Array(Buffer.from(store.sealed, 'base64'));
  const aead = engine().aead['aes-256-gcm'];
  const bytes = nonce.length === 12 ? aead.open(key, nonce, sealed, associated(store.protection)) : undefined;
  wipe(key);
  if (bytes === undefined) return undefined;
  try {
    return decodeRing(bytes);
  } catch {
    return undefined;
  } finally {
    wipe(bytes);
  }
}

/**
 * Writes the ring in one atomic step: after a crash the store is the old one or the new one.
 * @throws Refusal `disk.failed`
 */
export async function writeStore(
  dir: string,
  disk: VaultDisk,
  stored: Protection,
  master: Uint8Array,
  ring: KeyRing,
): Promise<void> {
  const key = storeKey(master);
  const nonce = new Uint8Array(randomBytes(12));
  const bytes = encodeRing(ring);
  const sealed = engine().aead['aes-256-gcm'].seal(key, nonce, bytes, associated(stored));
  wipe(key, bytes);
  const file: StoreFile = {
    format: 'glovebox-vault',
    v: 1,
    protection: stored,
    nonce: Buffer.from(nonce).toString('base64'),
    sealed: Buffer.from(sealed).toString('base64'),
  };
  try {
    await disk.writeFileAtomic(join(dir, STORE_FILE), utf8(`${JSON.stringify(file)}\n`));
  } catch {
    // The system's own message would name the path.
    throw new Refusal('disk.failed', 'the key store could not be written, and is as it was');
  }
}

/** Moves a store that cannot be opened out of the way, keeping every byte. Returns the new file name. */
export async function setStoreAside(dir: string, disk: VaultDisk, now: number): Promise<string> {
  const name = `vault-set-aside-${new Date(now).toISOString().replaceAll(':', '')}.json`;
  await disk.moveFile(join(dir, STORE_FILE), join(dir, name));
  return name;
}

function storeKey(master: Uint8Array): Uint8Array {
  return expand('sha256', master, utf8('glovebox vault store v1'), 32);
}

function associated(stored: Protection): Uint8Array {
  // Keys in one fixed order, whatever order the file has them in.
  return utf8(`glovebox-vault v1 ${JSON.stringify(stored, Object.keys(stored).sort())}`);
}

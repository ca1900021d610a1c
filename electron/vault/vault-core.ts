import type { KeyProtection } from '../../shared/model/key.ts';
import { Refusal } from '../../shared/result.ts';
import { wipe } from './bytes.ts';
import { engine } from './engine.ts';
import { emptyRing, heldKey, type KeyRing, wipeRing } from './key-ring.ts';
import { openStore, readStore, type StoreFile, setStoreAside, writeStore } from './key-store.ts';
import {
  forgetMasterFile,
  generateMasterKey,
  type MasterKeyPorts,
  type Protection,
  protectMasterKey,
  recoverMasterKey,
} from './master-key.ts';

/** What is shown wherever key protection shows. */
export type VaultStatus = {
  readonly state: 'absent' | 'locked' | 'unlocked';
  readonly protection: KeyProtection;
  readonly autoLockMs: number | null;
};

type Open = { readonly master: Uint8Array; readonly stored: Protection; readonly ring: KeyRing };

export type CoreOptions = MasterKeyPorts & { readonly now: () => number };

/**
 * The vault's one piece of state: locked, or unlocked with a master key and a ring. Every change re-reads the store, so
 * that a second process of the same user does not undo the first one's, and is on disk before it is in memory.
 */
export class VaultCore {
  readonly now: () => number;
  readonly #ports: CoreOptions;
  readonly #listeners = new Set<() => void>();
  readonly #lockListeners = new Set<() => void>();
  #protection: KeyProtection = 'file';
  #open: Open | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #uses = new Map<string, { uses: number; lastUsedAt: number }>();
  #autoLock: NodeJS.Timeout | undefined;

  constructor(options: CoreOptions) {
    this.#ports = options;
    this.now = options.now;
  }

  /** Opens what is there, or makes a store on first start. Stays locked when it cannot be opened. */
  async start(passphrase?: string | Uint8Array): Promise<void> {
    await this.#ports.disk.ensureDir(this.#ports.dir);
    const store = await readStore(this.#ports.dir, this.#ports.disk);
    if (store === 'absent') return this.#create(passphrase);
    if (store === 'unreadable') return;
    this.#protection = store.protection.kind;
    if (store.protection.kind !== 'passphrase' || passphrase !== undefined) await this.#unlock(store, passphrase);
  }

  status(): VaultStatus {
    const state = this.#open === undefined ? 'locked' : 'unlocked';
    return { state, protection: this.#protection, autoLockMs: this.#open?.ring.autoLockMs ?? null };
  }

  /** @throws Refusal `vault.wrong-passphrase`, also for a damaged store: the two look the same */
  unlock(passphrase?: string | Uint8Array): Promise<void> {
    return this.#serially(async () => {
      const store = await readStore(this.#ports.dir, this.#ports.disk);
      const isOpen = typeof store === 'object' && (await this.#unlock(store, passphrase));
      if (!isOpen) throw new Refusal('vault.wrong-passphrase', 'the passphrase is wrong or the store is damaged');
    });
  }

  /**
   * Forgets the master key and every private key, after changes that are under way: one of them must not find its master
   * key wiped. Keys lent out to work that goes on stay with it until it ends.
   */
  lock(): Promise<void> {
    return this.#serially(async () => {
      if (this.#open === undefined) return;
      // Counts of uses are not worth staying open for.
      if (this.#uses.size > 0) await this.#write(this.#open, () => {}).catch(() => undefined);
      for (const listener of this.#lockListeners) listener();
      this.#forget();
      this.#tell();
    });
  }

  /** The ring. @throws Refusal `vault.locked` */
  ring(): KeyRing {
    return this.#unlocked().ring;
  }

  /** Changes the ring: `act` gets a copy of what is on disk; if it or the writing throws, nothing has changed. */
  change<T>(act: (ring: KeyRing) => T): Promise<T> {
    return this.#serially(() => this.#write(this.#unlocked(), act));
  }

  /** Wraps the master key another way. @throws Refusal `vault.wrong-passphrase` or `vault.weak-passphrase` */
  protect(kind: KeyProtection, passphrase?: string, current?: string): Promise<void> {
    return this.#serially(async () => {
      const open = this.#unlocked();
      if (open.stored.kind === 'passphrase' && !(await this.#knows(open.stored, current))) {
        throw new Refusal('vault.wrong-passphrase', 'the passphrase is wrong or the store is damaged');
      }
      await this.#protect(open, kind, passphrase);
    });
  }

  /** Keeps the unreadable store under another name and starts an empty one. Returns that name. */
  setAside(passphrase?: string): Promise<string> {
    return this.#serially(async () => {
      if (this.#open !== undefined) throw new Refusal('vault.key-unusable', 'the key store is open and not damaged');
      const name = await setStoreAside(this.#ports.dir, this.#ports.disk, this.now());
      await this.#create(passphrase);
      return name;
    });
  }

  /** Counts a use of a key; written with the next change, on lock and on close. */
  countUse(keyId: string): void {
    this.#addUses(keyId, 1);
  }

  /** Uses of a key that are not in the ring yet. */
  pendingUses(keyId: string): { uses: number; lastUsedAt: number } | undefined {
    return this.#uses.get(keyId);
  }

  /** The user did something: the idle time starts again. */
  touch(): void {
    clearTimeout(this.#autoLock);
    const idleMs = this.#open?.ring.autoLockMs ?? null;
    if (idleMs === null) return;
    this.#autoLock = setTimeout(() => void this.lock(), idleMs);
    this.#autoLock.unref();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called just before secrets are forgotten. */
  onLock(listener: () => void): () => void {
    this.#lockListeners.add(listener);
    return () => this.#lockListeners.delete(listener);
  }

  async #create(passphrase: string | Uint8Array | undefined): Promise<void> {
    const { dir, disk, keychain } = this.#ports;
    const hasKeychain = (await keychain?.isAvailable().catch(() => false)) ?? false;
    const kind = passphrase !== undefined ? 'passphrase' : hasKeychain ? 'keychain' : 'file';
    const master = generateMasterKey();
    const ring = emptyRing();
    for (const role of ['seal', 'sign', 'log'] as const) {
      const label = { seal: 'My sealing key', sign: 'My signing key', log: 'Audit log' }[role];
      ring.keys.push(heldKey(engine().curve.generate(), role, label, 'generated', this.now()));
    }
    const stored = await protectMasterKey(master, kind, this.#ports, passphrase);
    await writeStore(dir, disk, stored, master, ring);
    this.#adopt({ master, stored, ring });
  }

  async #unlock(store: StoreFile, passphrase?: string | Uint8Array): Promise<boolean> {
    const recovered = await recoverMasterKey(store.protection, this.#ports, passphrase);
    if (recovered === undefined) return false;
    const { master, isStale } = recovered;
    const ring = openStore(store, master);
    if (ring === undefined) {
      wipe(master);
      return false;
    }
    this.#forget();
    this.#adopt({ master, stored: store.protection, ring });
    if (isStale) await this.#protect(this.#unlocked(), 'keychain');
    return true;
  }

  async #knows(stored: Protection, passphrase: string | undefined): Promise<boolean> {
    const recovered = await recoverMasterKey(stored, this.#ports, passphrase);
    wipe(recovered?.master);
    return recovered !== undefined;
  }

  async #fresh(master: Uint8Array): Promise<KeyRing> {
    const store = await readStore(this.#ports.dir, this.#ports.disk);
    const ring = typeof store === 'object' ? openStore(store, master) : undefined;
    if (ring === undefined) throw new Refusal('vault.damaged', 'the key store on disk is not the one that was opened');
    return ring;
  }

  #adopt(open: Open): void {
    this.#open = open;
    this.#protection = open.stored.kind;
    this.touch();
    this.#tell();
  }

  async #write<T>(open: Open, act: (ring: KeyRing) => T): Promise<T> {
    const ring = await this.#fresh(open.master);
    const counted = this.#uses;
    this.#uses = new Map();
    try {
      const result = act(ring);
      countUses(ring, counted);
      await writeStore(this.#ports.dir, this.#ports.disk, open.stored, open.master, ring);
      wipeRing(open.ring);
      this.#open = { ...open, ring };
      this.touch();
      this.#tell();
      return result;
    } catch (error) {
      wipeRing(ring);
      for (const [keyId, { uses }] of counted) this.#addUses(keyId, uses);
      throw error;
    }
  }

  #addUses(keyId: string, more: number): void {
    const uses = this.#uses.get(keyId)?.uses ?? 0;
    this.#uses.set(keyId, { uses: uses + more, lastUsedAt: this.now() });
  }

  async #protect(open: Open, kind: KeyProtection, passphrase?: string): Promise<void> {
    // A master key that lay in a file may have been copied; one that will lie there must still open the old store.
    const master = kind === 'file' ? open.master.slice() : generateMasterKey();
    const ring = await this.#fresh(open.master);
    const stored = await protectMasterKey(master, kind, this.#ports, passphrase);
    await writeStore(this.#ports.dir, this.#ports.disk, stored, master, ring);
    if (stored.kind !== 'file') await forgetMasterFile(this.#ports);
    wipe(open.master);
    wipeRing(open.ring);
    this.#open = { master, stored, ring };
    this.#protection = stored.kind;
    this.#tell();
  }

  #unlocked(): Open {
    if (this.#open === undefined) throw new Refusal('vault.locked', 'the key store is locked');
    return this.#open;
  }

  #forget(): void {
    clearTimeout(this.#autoLock);
    if (this.#open === undefined) return;
    wipe(this.#open.master);
    wipeRing(this.#open.ring);
    this.#open = undefined;
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function countUses(ring: KeyRing, uses: ReadonlyMap<string, { uses: number; lastUsedAt: number }>): void {
  for (const key of ring.keys) {
    const pending = uses.get(key.keyId);
    if (pending === undefined) continue;
    key.uses += pending.uses;
    key.lastUsedAt = pending.lastUsedAt;
  }
}

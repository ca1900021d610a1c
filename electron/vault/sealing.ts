import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SealedKind } from '../../shared/contract/sealing.ts';
import { type KeyId, keyId } from '../../shared/model/scalars.ts';
import { Refusal } from '../../shared/result.ts';
import { collect } from './backup.ts';
import { ByteReader, type ByteSource } from './byte-reader.ts';
import type { AeadName } from './engine.ts';
import type { Envelope, SealTo } from './envelope.ts';
import { type KeyRing, noteSealing } from './key-ring.ts';
import { findByKeys, findByPassphrase, isAnonymous, isFor, type OpeningKey, wantsPassphrase } from './opener.ts';
import { pointOfSpki } from './p256.ts';
import { type Argon2, checkNewPassphrase } from './passphrase.ts';
import {
  type KeyFinder,
  openStream,
  readEnvelope,
  type SealedMeta,
  type SealOptions,
  type StreamOptions,
  sealStream,
} from './sealed-stream.ts';
import { hasExpired } from './signer.ts';
import type { VaultCore } from './vault-core.ts';

/**
 * To whom something is sealed: own keys and contacts by id, or a passphrase. `publicKeys`, where given, are what
 * `publicKeysOf` said of the recipients before: sealing then works while the vault is locked.
 */
export type SealRequest = {
  readonly name: string;
  readonly mediaType?: string | undefined;
  readonly kind: SealedKind;
  readonly suite?: AeadName | undefined;
  readonly recipients: readonly string[];
  readonly publicKeys?: readonly Uint8Array[] | undefined;
  readonly passphrase?: string | undefined;
  readonly isAnonymous?: boolean | undefined;
} & StreamOptions;

export type OpenRequest = {
  readonly passphrase?: string | undefined;
  /** try this own key only */
  readonly keyId?: string | undefined;
} & StreamOptions;

/** What was opened, and by which own key (null: by a passphrase). */
export type Opened = { readonly kind: SealedKind; readonly meta: SealedMeta; readonly keyId: KeyId | null };

/** What a header tells anyone. */
export type Inspection = {
  readonly kind: SealedKind;
  readonly suite: AeadName;
  readonly hasPassphrase: boolean;
  readonly recipients: { keyId: KeyId | null; isOwn: boolean; isAnonymous: boolean }[];
};

/** Seals to own keys, contacts and passphrases, and opens with own keys. All of it throws `Refusal`s. */
export class SealingDesk {
  readonly #core: VaultCore;
  readonly #argon2: Argon2 | undefined;

  constructor(core: VaultCore, argon2?: Argon2) {
    this.#core = core;
    this.#argon2 = argon2;
  }

  /** Seals bytes in memory. */
  async seal(content: Uint8Array, request: SealRequest): Promise<Uint8Array> {
    const sealed = await collect(sealStream([content], this.#options(request, content.length)));
    await this.#note(request, sealed.length);
    return sealed;
  }

  /** Opens bytes in memory; nothing is handed out before the last chunk was good. @throws Refusal `vault.cannot-open` */
  async open(sealed: Uint8Array, request: OpenRequest = {}): Promise<Opened & { content: Uint8Array }> {
    const { opened, content } = await this.#open([sealed], request);
    return { ...opened, content: await collect(content) };
  }

  /** Seals a file into another, streaming. Nothing is left under `to` when it fails. @throws Refusal `disk.failed` */
  async sealFile(from: string, to: string, request: SealRequest): Promise<{ sizeBytes: number }> {
    const { size } = await onDisk(() => stat(from));
    const options = this.#options(request, size);
    const sizeBytes = await copy(from, to, (source) => sealStream(source, options));
    await this.#note(request, sizeBytes);
    return { sizeBytes };
  }

  /** Opens a file into another, streaming; what is not whole and good never gets the name `to`. */
  async openFile(from: string, to: string, request: OpenRequest = {}): Promise<Opened & { sizeBytes: number }> {
    let found: Opened | undefined;
    const sizeBytes = await copy(from, to, async (source) => {
      const { opened, content } = await this.#open(source, request);
      found = opened;
      return content;
    });
    return { ...(found as Opened), sizeBytes };
  }

  /** Reads a header without opening it. @throws Refusal `vault.cannot-open` when it is none */
  async inspect(header: Uint8Array): Promise<Inspection> {
    const envelope = await readEnvelope(new ByteReader([header]));
    const { keys, contacts } = this.#core.ring();
    const known = [
      ...keys.map((key) => ({ keyId: key.keyId, point: key.point, isOwn: true })),
      ...contacts.map((one) => ({ keyId: one.keyId, point: pointOf(one.publicKey), isOwn: false })),
    ];
    return {
      kind: envelope.kind,
      suite: envelope.suite,
      hasPassphrase: wantsPassphrase(envelope),
      recipients: envelope.stanzas.flatMap((stanza): Inspection['recipients'] => {
        if (stanza.type !== 'hpke') return [];
        if (isAnonymous(stanza)) return [{ keyId: null, isOwn: false, isAnonymous: true }];
        const one = known.find((candidate) => isFor(stanza, candidate));
        return [{ keyId: one?.keyId ?? null, isOwn: one?.isOwn ?? false, isAnonymous: false }];
      }),
    };
  }

  /** The public keys behind ids. @throws Refusal `vault.key-not-found`, `vault.key-unusable` */
  publicKeysOf(recipients: readonly string[]): Uint8Array[] {
    const ring = this.#core.ring();
    return recipients.map((id) => recipientPoint(ring, id, this.#core.now()));
  }

  async #open(source: ByteSource, request: OpenRequest) {
    let usedKey: KeyId | null = null;
    const find = this.#finder(request, (key) => {
      usedKey = keyId.parse(key.keyId);
      this.#core.countUse(key.keyId);
    });
    const { kind, meta, content } = await openStream(source, find, request);
    return { opened: { kind, meta, keyId: usedKey } satisfies Opened, content };
  }

  #finder(request: OpenRequest, onFound: (key: OpeningKey) => void): KeyFinder {
    return (envelope: Envelope, isRight) => {
      if (wantsPassphrase(envelope)) {
        return request.passphrase === undefined
          ? Promise.resolve(undefined)
          : findByPassphrase(request.passphrase, this.#argon2)(envelope, isRight);
      }
      const keys = this.#core.ring().keys.flatMap(({ keyId: id, point, secret, role }) => {
        const isWanted = role === 'seal' && (request.keyId === undefined || request.keyId === id);
        return secret !== undefined && isWanted ? [{ keyId: id, point, secret }] : [];
      });
      return findByKeys(keys, onFound)(envelope, isRight);
    };
  }

  #options(request: SealRequest, sizeBytes: number): SealOptions {
    const { name, kind, signal, onProgress } = request;
    const meta = { name: basename(name), mediaType: request.mediaType ?? 'application/octet-stream', sizeBytes };
    return { suite: request.suite ?? 'aes-256-gcm', kind, to: this.#to(request), meta, signal, onProgress };
  }

  #to(request: SealRequest): SealTo {
    const recipients = request.publicKeys ?? this.publicKeysOf(request.recipients);
    if (request.passphrase !== undefined) {
      if (recipients.length > 0)
        throw new Refusal('vault.key-unusable', 'seal to recipients or to a passphrase, not both');
      checkNewPassphrase(request.passphrase);
      return { passphrase: request.passphrase, argon2: this.#argon2 };
    }
    if (recipients.length < 1 || recipients.length > 32) {
      throw new Refusal('vault.key-unusable', 'seal to 1 to 32 recipients, or to a passphrase');
    }
    return { recipients, isAnonymous: request.isAnonymous ?? false };
  }

  async #note(request: SealRequest, sizeBytes: number): Promise<void> {
    if (this.#core.status().state !== 'unlocked') return;
    const own = new Set<string>(this.#core.ring().keys.map((key) => key.keyId));
    const keyIds = request.recipients.filter((id) => own.has(id)).map((id) => keyId.parse(id));
    if (keyIds.length === 0) return;
    for (const id of keyIds) this.#core.countUse(id);
    const note = { name: `${basename(request.name)}.sealed`, keyIds, createdAt: this.#core.now(), sizeBytes };
    await this.#core.change((ring) => noteSealing(ring, note));
  }
}

function recipientPoint(ring: KeyRing, id: string, now: number): Uint8Array {
  const key = ring.keys.find((one) => one.keyId === id);
  if (key !== undefined) {
    if (key.role === 'seal' && key.state === 'active' && !hasExpired(key, now)) return key.point;
    throw new Refusal('vault.key-unusable', 'recipient must be an active sealing key');
  }
  const contact = ring.contacts.find((one) => one.keyId === id);
  if (contact === undefined) throw new Refusal('vault.key-not-found', 'recipient must be an own key or a contact');
  if (contact.role !== 'seal') throw new Refusal('vault.key-unusable', 'recipient must be a contact to seal to');
  return pointOf(contact.publicKey);
}

function pointOf(spki: string): Uint8Array {
  return pointOfSpki(new Uint8Array(Buffer.from(spki, 'base64')));
}

// Streams a file through `change` into a file that gets its name only when it is whole and on disk.
async function copy(
  from: string,
  to: string,
  change: (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>,
): Promise<number> {
  const source = await onDisk(() => open(from, 'r'));
  const temporary = join(dirname(to), `.${randomBytes(8).toString('hex')}.tmp`);
  let sizeBytes = 0;
  try {
    const target = await onDisk(() => open(temporary, 'wx', 0o600));
    try {
      for await (const piece of await change(readable(source))) {
        await onDisk(() => target.writeFile(piece));
        sizeBytes += piece.length;
      }
      await onDisk(() => target.sync());
    } finally {
      await target.close();
    }
    await onDisk(() => rename(temporary, to));
    return sizeBytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await source.close();
  }
}

async function* readable(source: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = new Uint8Array(1024 * 1024);
    const { bytesRead } = await onDisk(() => source.read(piece, 0, piece.length, null));
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
  }
}

// The system's own message would name the path.
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new Refusal('disk.failed', 'a file could not be read or written');
  }
}

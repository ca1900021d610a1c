import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { Cancellation } from '../../shared/cancellation.ts';
import type { SealedKind } from '../../shared/contract/sealing.ts';
import { count } from '../../shared/model/scalars.ts';
import { Refusal } from '../../shared/result.ts';
import { ByteReader, type ByteSource } from './byte-reader.ts';
import { bigEndian, concatBytes, utf8, wipe } from './bytes.ts';
import {
  CHUNK_BYTES,
  type ChunkCipher,
  chunkCipher,
  openChunks,
  PREFIX_BYTES,
  SALT_BYTES,
  SEALED_CHUNK_BYTES,
  TAG_BYTES,
} from './chunks.ts';
import type { AeadName } from './engine.ts';
import {
  bodyKey,
  type Envelope,
  FIXED_BYTES,
  isHeaderOf,
  MAC_BYTES,
  parseEnvelope,
  type SealTo,
  sealEnvelope,
  stanzaBytes,
} from './envelope.ts';

/** What travels inside the encrypted body, before the content. `sizeBytes` null: not known when sealing began. */
const sealedMeta = z.strictObject({
  name: z.string().check(z.maxLength(1024)),
  mediaType: z.string().check(z.maxLength(256)),
  sizeBytes: z.nullable(count),
});
export type SealedMeta = z.infer<typeof sealedMeta>;
const META_MAX_BYTES = 8192;
// What is handed on at a time: large enough to be fast, small enough to stop and to bound memory.
const PIECE_CHUNKS = 64;

export type SealOptions = {
  readonly suite: AeadName;
  readonly kind: SealedKind;
  readonly to: SealTo;
  readonly meta: SealedMeta;
} & StreamOptions;

export type StreamOptions = {
  readonly signal?: Cancellation | undefined;
  /** content bytes sealed or opened so far */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
};

/** Finds the file key of a header among what the opener has; undefined when nothing fits. */
export type KeyFinder = (
  envelope: Envelope,
  isRight: (fileKey: Uint8Array) => boolean,
) => Promise<Uint8Array | undefined>;

/**
 * Seals a stream (format of CRYPTO §2) with memory of a few MiB whatever its length.
 * @throws Refusal `call.cancelled`; RangeError when the content has another length than `meta.sizeBytes`
 */
export async function* sealStream(source: ByteSource, options: SealOptions): AsyncGenerator<Uint8Array> {
  const header = await sealEnvelope(options.suite, options.kind, options.to);
  const key = bodyKey(header.fileKey);
  wipe(header.fileKey);
  const cipher = chunkCipher(key, new Uint8Array(randomBytes(SALT_BYTES)), header.bytes, options.suite);
  wipe(key);
  try {
    yield header.bytes;
    yield cipher.prefix;
    const meta = utf8(JSON.stringify(sealedMeta.parse(options.meta)));
    const metaBytes = concatBytes(bigEndian(meta.length, 4), meta);
    const reader = new ByteReader(source, metaBytes);
    let doneBytes = -metaBytes.length;
    while (!cipher.isComplete) {
      throwIfCancelled(options.signal);
      const piece = await reader.read(CHUNK_BYTES * PIECE_CHUNKS);
      doneBytes += piece.length;
      yield sealPiece(cipher, piece, piece.length < CHUNK_BYTES * PIECE_CHUNKS);
      options.onProgress?.(doneBytes);
    }
    const expected = options.meta.sizeBytes;
    if (expected !== null && expected !== doneBytes)
      throw new RangeError('content must have the size it was said to have');
  } finally {
    cipher.wipe();
  }
}

/** A sealed stream whose header was good; `content` throws as soon as anything is wrong. */
export type OpenedStream = {
  readonly kind: SealedKind;
  readonly meta: SealedMeta;
  readonly content: AsyncGenerator<Uint8Array>;
};

/**
 * Opens a sealed stream. Whatever is wrong, the error is the same; until `content` has ended, its end may still be
 * missing, so nothing may be done with it that cannot be undone.
 * @throws Refusal `vault.cannot-open`, `call.cancelled`
 */
export async function openStream(
  source: ByteSource,
  findKey: KeyFinder,
  options: StreamOptions = {},
): Promise<OpenedStream> {
  const reader = new ByteReader(source);
  const envelope = await readEnvelope(reader);
  const mac = await reader.read(MAC_BYTES);
  const header = concatBytes(envelope.bytes, mac);
  const fileKey = await findKey(envelope, (candidate) => isHeaderOf(candidate, envelope.bytes, mac));
  if (fileKey === undefined) throw cannotOpen();
  const key = bodyKey(fileKey);
  wipe(fileKey);
  const cipher = openChunks(key, await reader.read(PREFIX_BYTES), header, envelope.suite);
  wipe(key);
  if (cipher === undefined) throw cannotOpen();
  const plaintext = new ByteReader(openPieces(reader, cipher, options.signal));
  const meta = await readMeta(plaintext);
  return { kind: envelope.kind, meta, content: contentOf(plaintext, meta, options.onProgress) };
}

/** Reads a header; no more than 65,568 bytes are taken before it is known to be one. @throws Refusal `vault.cannot-open` */
export async function readEnvelope(reader: ByteReader): Promise<Envelope> {
  const fixed = await reader.read(FIXED_BYTES);
  const length = stanzaBytes(fixed);
  if (length === undefined) throw cannotOpen();
  const envelope = parseEnvelope(concatBytes(fixed, await reader.read(length)));
  if (envelope === undefined) throw cannotOpen();
  return envelope;
}

/** The one error of sealed files. */
export function cannotOpen(): Refusal<'vault.cannot-open'> {
  return new Refusal('vault.cannot-open', 'the sealed data could not be opened');
}

function sealPiece(cipher: ChunkCipher, piece: Uint8Array, isLast: boolean): Uint8Array {
  const wholeChunks = Math.floor(piece.length / CHUNK_BYTES);
  const sealed = new Uint8Array(piece.length + (wholeChunks + (isLast ? 1 : 0)) * TAG_BYTES);
  for (let i = 0; i < wholeChunks + (isLast ? 1 : 0); i++) {
    const chunk = piece.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    cipher.seal(chunk, sealed.subarray(i * SEALED_CHUNK_BYTES, i * SEALED_CHUNK_BYTES + chunk.length + TAG_BYTES));
  }
  wipe(piece);
  return sealed;
}

function openPiece(cipher: ChunkCipher, piece: Uint8Array): Uint8Array {
  const chunks = Math.max(1, Math.ceil(piece.length / SEALED_CHUNK_BYTES));
  const opened = new Uint8Array(Math.max(0, piece.length - chunks * TAG_BYTES));
  for (let i = 0; i < chunks; i++) {
    const chunk = piece.subarray(i * SEALED_CHUNK_BYTES, (i + 1) * SEALED_CHUNK_BYTES);
    const end = Math.max(0, i * CHUNK_BYTES + chunk.length - TAG_BYTES);
    if (cipher.open(chunk, opened.subarray(i * CHUNK_BYTES, end)) === undefined) {
      wipe(opened);
      throw cannotOpen();
    }
  }
  return opened;
}

async function* openPieces(reader: ByteReader, cipher: ChunkCipher, signal?: Cancellation): AsyncGenerator<Uint8Array> {
  try {
    while (!cipher.isComplete) {
      throwIfCancelled(signal);
      const piece = await reader.read(SEALED_CHUNK_BYTES * PIECE_CHUNKS);
      yield openPiece(cipher, piece);
    }
    // A chunk is short only where the source ends: bytes after the last chunk would have been part of it, and spoilt it.
  } finally {
    cipher.wipe();
  }
}

async function readMeta(plaintext: ByteReader): Promise<SealedMeta> {
  const prefix = await plaintext.read(4);
  if (prefix.length < 4) throw cannotOpen();
  const length = new DataView(prefix.buffer, prefix.byteOffset, 4).getUint32(0);
  if (length > META_MAX_BYTES) throw cannotOpen();
  const bytes = await plaintext.read(length);
  try {
    return sealedMeta.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    throw cannotOpen();
  }
}

async function* contentOf(
  plaintext: ByteReader,
  meta: SealedMeta,
  onProgress: StreamOptions['onProgress'],
): AsyncGenerator<Uint8Array> {
  let doneBytes = 0;
  for await (const piece of plaintext.rest()) {
    doneBytes += piece.length;
    yield piece;
    onProgress?.(doneBytes);
  }
  if (meta.sizeBytes !== null && meta.sizeBytes !== doneBytes) throw cannotOpen();
}

function throwIfCancelled(signal: Cancellation | undefined): void {
  if (signal?.aborted) throw new Refusal('call.cancelled', 'sealing or opening was cancelled');
}

import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { type Contact, contact, type KeyRole, keyLabel, keyRecord } from '../../shared/model/key.ts';
import { count, keyId, timestamp } from '../../shared/model/scalars.ts';
import { bigEndian, concatBytes, utf8, wipe } from './bytes.ts';
import { engine } from './engine.ts';
import { checkSecret, fingerprintOf, keyIdOf, pointOfSpki } from './p256.ts';
import { spkiOfPoint } from './p256-encoding.ts';

/** A key as the ring keeps it; `expired` is not stored but follows from `expiresAt`. */
const storedKey = z.extend(keyRecord, { state: z.enum(['active', 'retired', 'revoked', 'destroyed']) });
type StoredKey = z.infer<typeof storedKey>;
export type HeldKey = StoredKey & { readonly point: Uint8Array; readonly secret: Uint8Array | undefined };

/** That something was sealed to own keys: what a key's destruction makes unreadable. Names never leave the vault. */
const sealing = z.strictObject({ name: z.string(), keyIds: z.array(keyId), createdAt: timestamp, sizeBytes: count });
export type Sealing = z.infer<typeof sealing>;
const SEALINGS_MAX = 10_000;

const ringBody = z.strictObject({
  v: z.literal(1),
  keys: z.array(storedKey),
  contacts: z.array(contact),
  sealings: z.array(sealing),
  autoLockMs: z.nullable(count),
});

/** Everything the vault keeps, unlocked. Changing it is changing memory; `key-store.ts` writes it. */
export type KeyRing = {
  keys: HeldKey[];
  contacts: Contact[];
  sealings: Sealing[];
  autoLockMs: number | null;
  /** what the owner's records beside the store (openings) are encrypted under; outlives a change of protection */
  readonly dataKey: Uint8Array;
};

/** An empty ring. */
export function emptyRing(): KeyRing {
  return { keys: [], contacts: [], sealings: [], autoLockMs: null, dataKey: new Uint8Array(randomBytes(32)) };
}

/** A new key for the ring, of a scalar that the ring now owns. @throws KeyError for a bad scalar */
export function heldKey(
  secret: Uint8Array,
  role: KeyRole,
  label: string,
  origin: StoredKey['origin'],
  now: number,
): HeldKey {
  const point = engine().curve.publicKeyOf(checkSecret(secret));
  const record = {
    keyId: keyId.parse(keyIdOf(point)),
    role,
    label: keyLabel.parse(label),
    state: 'active' as const,
    fingerprint: fingerprintOf(point),
    publicKey: Buffer.from(spkiOfPoint(point)).toString('base64'),
    createdAt: now,
    changedAt: now,
    expiresAt: null,
    origin,
    uses: 0,
    lastUsedAt: null,
  };
  return { ...record, point, secret };
}

/** Notes that something was sealed to own keys; the oldest notes go first when there are very many. */
export function noteSealing(ring: KeyRing, note: Sealing): void {
  ring.sealings.push(note);
  if (ring.sealings.length > SEALINGS_MAX) ring.sealings.splice(0, ring.sealings.length - SEALINGS_MAX);
}

/**
 * Length and JSON of what is public, the data key, then the 32-byte scalars in order: secrets never become strings. The
 * caller wipes it.
 */
export function encodeRing(ring: KeyRing): Uint8Array {
  const keys = ring.keys.map(({ point: _point, secret: _secret, ...record }) => record);
  const { contacts, sealings, autoLockMs } = ring;
  const body = utf8(JSON.stringify({ v: 1, keys, contacts, sealings, autoLockMs }));
  const secrets = ring.keys.flatMap(({ secret }) => (secret === undefined ? [] : [secret]));
  return concatBytes(bigEndian(body.length, 4), body, ring.dataKey, ...secrets);
}

/** Reads what `encodeRing` wrote; scalars are copied. @throws on anything else */
export function decodeRing(bytes: Uint8Array): KeyRing {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0);
  const { keys, ...rest } = ringBody.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))));
  const dataKey = bytes.slice(4 + length, 36 + length);
  let offset = 36 + length;
  const held = keys.map((record): HeldKey => {
    const point = pointOfSpki(new Uint8Array(Buffer.from(record.publicKey, 'base64')));
    if (record.state === 'destroyed') return { ...record, point, secret: undefined };
    const secret = checkSecret(bytes.slice(offset, offset + 32));
    offset += 32;
    return { ...record, point, secret };
  });
  if (offset !== bytes.length) throw new RangeError('key ring has trailing bytes');
  return { keys: held, contacts: rest.contacts, sealings: rest.sealings, autoLockMs: rest.autoLockMs, dataKey };
}

/** Wipes every secret of a ring that is no longer used. */
export function wipeRing(ring: KeyRing): void {
  wipe(ring.dataKey, ...ring.keys.map((key) => key.secret));
}

import * as z from 'zod/mini';
import { type KeyRole, keyLabel, keyRole } from '../../shared/model/key.ts';
import { timestamp } from '../../shared/model/scalars.ts';
import { bigEndian, concatBytes, equalBytes, utf8, wipe } from './bytes.ts';
import type { HeldKey } from './key-ring.ts';
import { findByPassphrase } from './opener.ts';
import { checkSecret } from './p256.ts';
import type { Argon2 } from './passphrase.ts';
import { cannotOpen, openStream, sealStream } from './sealed-stream.ts';

const backupBody = z.strictObject({
  v: z.literal(1),
  keys: z.array(z.strictObject({ role: keyRole, label: keyLabel, createdAt: timestamp })).check(z.maxLength(10_000)),
});
/** A key of a backup. */
export type BackedUpKey = { role: KeyRole; label: string; createdAt: number; secret: Uint8Array };
const BACKUP_MAX_BYTES = 4 * 1024 * 1024;

/**
 * Private keys as one sealed file of kind backup under a passphrase: length and JSON of labels and roles, then the
 * scalars. Opened again before it is handed out.
 * @throws Error when what was written does not open to the same keys
 */
export async function writeBackup(keys: readonly HeldKey[], passphrase: string, argon2?: Argon2): Promise<Uint8Array> {
  const held = keys.flatMap(({ role, label, createdAt, secret }) =>
    secret ? [{ role, label, createdAt, secret }] : [],
  );
  const body = utf8(
    JSON.stringify({ v: 1, keys: held.map(({ role, label, createdAt }) => ({ role, label, createdAt })) }),
  );
  const content = concatBytes(bigEndian(body.length, 4), body, ...held.map(({ secret }) => secret));
  const meta = { name: 'glovebox-keys', mediaType: 'application/octet-stream', sizeBytes: content.length };
  const sealed = await collect(
    sealStream([content], { suite: 'aes-256-gcm', kind: 'backup', to: { passphrase, argon2 }, meta }),
  );
  wipe(content);
  const again = await readBackup(sealed, passphrase, argon2);
  const isSame =
    again.length === held.length &&
    again.every((key, i) => equalBytes(key.secret, held[i]?.secret ?? key.secret.subarray(1)));
  wipe(...again.map(({ secret }) => secret));
  if (!isSame) throw new Error('backup did not open to the keys it was made of');
  return sealed;
}

/** The keys of a backup; the caller wipes them. @throws Refusal `vault.cannot-open` */
export async function readBackup(sealed: Uint8Array, passphrase: string, argon2?: Argon2): Promise<BackedUpKey[]> {
  const { kind, content } = await openStream([sealed], findByPassphrase(passphrase, argon2));
  const bytes = await collect(content, BACKUP_MAX_BYTES);
  if (kind !== 'backup') throw cannotOpen();
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0);
    const { keys } = backupBody.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))));
    if (bytes.length !== 4 + length + keys.length * 32) throw new RangeError('backup has another length');
    return keys.map((key, i) => {
      const start = 4 + length + i * 32;
      return { ...key, secret: checkSecret(bytes.slice(start, start + 32)) };
    });
  } catch {
    throw cannotOpen();
  } finally {
    wipe(bytes);
  }
}

/** All pieces of a stream as one. @throws Refusal `vault.cannot-open` when there are more than `maxBytes` */
export async function collect(
  source: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    length += piece.length;
    if (length > maxBytes) throw cannotOpen();
    pieces.push(piece);
  }
  const whole = concatBytes(...pieces);
  wipe(...pieces);
  return whole;
}

import { createHash, webcrypto } from 'node:crypto';
import type { ModuleDigest } from '../../shared/model/scalars.ts';
import { MiB } from '../../shared/units.ts';

/** SHA-256 as lower-case hex; large inputs are hashed off this thread. */
export async function sha256Of(bytes: Uint8Array): Promise<ModuleDigest> {
  if (bytes.length < MiB) return createHash('sha256').update(bytes).digest('hex') as ModuleDigest;
  const digest = await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Buffer.from(digest).toString('hex') as ModuleDigest;
}

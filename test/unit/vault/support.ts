import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { nobleEngine } from '../../../electron/vault/noble-engine.ts';
import type { Argon2 } from '../../../electron/vault/passphrase.ts';

/** The path of a file of the shared vectors, or undefined where they are not there: tests then skip visibly. */
export function sharedFile(name: string): string | undefined {
  const path = resolve(import.meta.dirname, '../../../../shared', name);
  return existsSync(path) ? path : undefined;
}

/** Bytes of hex text. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Argon2id replaced by one HMAC: for tests that are not about stretching. */
export const quickArgon2: Argon2 = async (secret, salt) => nobleEngine.hmac('sha256', salt, secret);

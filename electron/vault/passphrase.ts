import * as nodeCrypto from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { Refusal } from '../../shared/result.ts';
import { utf8, wipe } from './bytes.ts';

/** Argon2id (RFC 9106), version 0x13. */
export type Argon2Parameters = { readonly memoryKiB: number; readonly passes: number; readonly lanes: number };

/** What Glovebox writes: 64 MiB, three passes, four lanes. */
export const argon2Defaults: Argon2Parameters = { memoryKiB: 64 * 1024, passes: 3, lanes: 4 };

/** The shortest passphrase that is taken for something new, in characters. */
export const PASSPHRASE_MIN = 12;
const PASSPHRASE_MAX_BYTES = 4096;

/** How Argon2id is computed; the native one is in newer Node and not in Electron. */
export type Argon2 = (secret: Uint8Array, salt: Uint8Array, parameters: Argon2Parameters) => Promise<Uint8Array>;

/**
 * Refuses parameters that are too weak to protect or so large that they are an attack: below 19 MiB, 2 passes, 1 lane,
 * above 1 GiB, 16 passes, 16 lanes. Checked before any memory is taken.
 */
export function areAcceptable({ memoryKiB, passes, lanes }: Argon2Parameters): boolean {
  return (
    isBetween(memoryKiB, 19 * 1024, 1024 * 1024) &&
    isBetween(passes, 2, 16) &&
    isBetween(lanes, 1, 16) &&
    // the product bounds time: 1 GiB at 16 passes would take most of a minute on a laptop
    memoryKiB * passes <= 4 * 1024 * 1024
  );
}

/** A passphrase as bytes: NFKC, UTF-8, so that it is the same typed on another keyboard. The caller wipes it. */
export function passphraseBytes(passphrase: string | Uint8Array): Uint8Array {
  return typeof passphrase === 'string' ? utf8(passphrase.normalize('NFKC')) : passphrase.slice();
}

/** @throws Refusal `vault.weak-passphrase` for a new passphrase that is too short, or too long to be one */
export function checkNewPassphrase(passphrase: string | Uint8Array): void {
  const text = typeof passphrase === 'string' ? passphrase : new TextDecoder().decode(passphrase);
  const length = [...text.normalize('NFKC')].length;
  if (length < PASSPHRASE_MIN || utf8(text).length > PASSPHRASE_MAX_BYTES) {
    throw new Refusal('vault.weak-passphrase', `passphrase must have ${PASSPHRASE_MIN} to 4096 characters`);
  }
}

/**
 * 32 bytes from a passphrase, computed off this thread. `parameters` must be acceptable.
 * @throws RangeError when they are not
 */
export async function stretchPassphrase(
  passphrase: string | Uint8Array,
  salt: Uint8Array,
  parameters: Argon2Parameters,
  argon2: Argon2 = detectArgon2(),
): Promise<Uint8Array> {
  if (!areAcceptable(parameters)) throw new RangeError('argon2 parameters are outside what is accepted');
  const secret = passphraseBytes(passphrase);
  try {
    return await argon2(secret, salt, parameters);
  } finally {
    wipe(secret);
  }
}

/** The runtime's Argon2id where there is one, else noble's in a worker. */
export function detectArgon2(): Argon2 {
  return typeof nodeCrypto.argon2 === 'function' ? nativeArgon2 : workerArgon2;
}

/** On the thread pool of Node. */
export const nativeArgon2: Argon2 = (secret, salt, { memoryKiB, passes, lanes }) =>
  new Promise((resolve, reject) => {
    const options = { message: secret, nonce: salt, memory: memoryKiB, passes, parallelism: lanes, tagLength: 32 };
    nodeCrypto.argon2('argon2id', options, (error, key) => {
      if (error) reject(new Error('argon2 failed'));
      else resolve(new Uint8Array(key.buffer, key.byteOffset, key.length));
    });
  });

/** On noble in a worker thread of its own. */
export const workerArgon2: Argon2 = (secret, salt, parameters) =>
  new Promise((resolve, reject) => {
    // From source this file is `.ts`; a build puts the worker beside the bundle as `.js`.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./argon2-worker.${extension}`, import.meta.url), {
      workerData: { secret, salt, parameters },
      env: {},
      execArgv: [],
    });
    worker.once('message', (key: Uint8Array) => resolve(key));
    worker.once('error', () => reject(new Error('argon2 failed')));
    worker.once('exit', () => reject(new Error('argon2 ended early')));
  });

function isBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

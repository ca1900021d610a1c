import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from '@noble/hashes/argon2.js';
import type { Argon2Parameters } from './passphrase.ts';

// One derivation, then the worker ends: see `passphrase.ts`.
const { secret, salt, parameters } = workerData as {
  secret: Uint8Array;
  salt: Uint8Array;
  parameters: Argon2Parameters;
};
const key = argon2id(secret, salt, {
  m: parameters.memoryKiB,
  t: parameters.passes,
  p: parameters.lanes,
  dkLen: 32,
  maxmem: (parameters.memoryKiB + 1024) * 1024,
});
secret.fill(0);
parentPort?.postMessage(key);

import { chacha20 } from '@noble/ciphers/chacha.js';
import type { WasiPorts } from './ports.ts';

/** Fills `target`; successive calls continue one stream. */
export type RandomSource = (target: Uint8Array) => void;

/** Unpredictable bytes of the host; `getRandomValues` takes 65536 at a time and no shared memory. */
export function createHostRandom(ports: WasiPorts): RandomSource {
  const scratch = new Uint8Array(65536);
  return (target) => {
    for (let at = 0; at < target.length; at += scratch.length) {
      const part = scratch.subarray(0, Math.min(scratch.length, target.length - at));
      ports.randomFill(part);
      target.set(part, at);
    }
    scratch.fill(0);
  };
}

/**
 * The key stream of ChaCha20 (RFC 8439) under `seed` as key and a zero nonce, from block 0 on.
 * How a guest cuts its requests does not change the bytes. The 256 GiB of one key outlast the longest run.
 * @throws RangeError when the seed is not 32 bytes
 */
export function createSeededRandom(seed: Uint8Array): RandomSource {
  if (seed.length !== 32) throw new RangeError('seed must be 32 bytes');
  const key = seed.slice();
  const nonce = new Uint8Array(12);
  const stream = new Uint8Array(BLOCKS_AT_ONCE * 64);
  let counter = 0;
  let used = stream.length;
  function refill(): void {
    stream.fill(0);
    chacha20(key, nonce, stream, stream, counter);
    counter += BLOCKS_AT_ONCE;
    used = 0;
  }
  return (target) => {
    for (let at = 0; at < target.length; ) {
      if (used === stream.length) refill();
      const part = stream.subarray(used, used + Math.min(stream.length - used, target.length - at));
      target.set(part, at);
      at += part.length;
      used += part.length;
    }
  };
}

const BLOCKS_AT_ONCE = 64;

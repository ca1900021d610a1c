import { randomBytes } from 'node:crypto';
import type { Commitment } from '../../shared/model/receipt.ts';
import { equalBytes, toHex } from '../vault/bytes.ts';
import { engine } from '../vault/engine.ts';

/**
 * Commits to data: HMAC-SHA-256 under a fresh 32-byte opening. Whoever has only the commitment cannot try guesses; the
 * owner can show data and opening later.
 */
export function commit(data: Uint8Array): { commitment: Commitment; opening: Uint8Array } {
  const opening = new Uint8Array(randomBytes(32));
  return { commitment: { algorithm: 'hmac-sha256', value: toHex(engine().hmac('sha256', opening, data)) }, opening };
}

/** Whether data and opening are those of the commitment; in constant time. */
export function opensTo(commitment: Commitment, opening: Uint8Array, data: Uint8Array): boolean {
  const expected = new Uint8Array(Buffer.from(commitment.value, 'hex'));
  return opening.length === 32 && equalBytes(engine().hmac('sha256', opening, data), expected);
}

import { randomFillSync } from 'node:crypto';
import type { RunId } from '../../shared/model/scalars.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new run's name: `run_` and a ULID, 48 bits of time and 80 of chance. */
export function createRunId(nowMs: number = Date.now()): RunId {
  let value = BigInt(nowMs);
  for (const byte of randomFillSync(new Uint8Array(10))) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < 26; i++, value >>= 5n) text = ALPHABET[Number(value & 31n)]! + text;
  return `run_${text}` as RunId;
}

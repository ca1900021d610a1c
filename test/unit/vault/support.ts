import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The path of a file of the shared vectors, or undefined where they are not there: tests then skip visibly. */
export function sharedFile(name: string): string | undefined {
  const path = resolve(import.meta.dirname, '../../../../shared', name);
  return existsSync(path) ? path : undefined;
}

/** Bytes of hex text. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

import type { InputPort } from './ports.ts';

/** Standard input that is all there from the beginning. */
export function createBytesInput(bytes: Uint8Array = new Uint8Array(0)): InputPort {
  let at = 0;
  return {
    read(maxBytes) {
      const part = bytes.subarray(at, at + maxBytes);
      at += part.length;
      return part;
    },
    wait: () => (at === bytes.length ? 'end' : bytes.length - at),
  };
}

import { bigEndian, concatBytes } from './bytes.ts';

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** One element in DER (X.690), lengths in their shortest form. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  if (content.length < 0x80) return concatBytes(Uint8Array.of(tag, content.length), content);
  const length = bigEndian(content.length, content.length < 0x100 ? 1 : 2);
  return concatBytes(Uint8Array.of(tag, 0x80 + length.length), length, content);
}

/** INTEGER of a whole number below 2^31. */
export function derInteger(value: number): Uint8Array {
  const bytes = bigEndian(value, 5);
  let start = 0;
  while (start < 4 && bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80) start++;
  return der(TAG.integer, bytes.subarray(start));
}

/** Thrown by `DerReader` for anything that is not the DER it was asked for. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** Reads elements one after the other; only DER lengths, at most 65,535 bytes. */
export class DerReader {
  #rest: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#rest = bytes;
  }

  get isAtEnd(): boolean {
    return this.#rest.length === 0;
  }

  /** Whether an element with this tag is next. */
  isNext(tag: number): boolean {
    return this.#rest[0] === tag;
  }

  /** The content of the next element. @throws DerError unless it has this tag */
  read(tag: number): Uint8Array {
    const [found, first = 0] = this.#rest;
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    if (found !== tag || this.#rest.length < 2 || lengthBytes > 2 || first === 0x80)
      throw new DerError('expected another element');
    let length = first;
    if (lengthBytes > 0) {
      length = this.#rest.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
      if (length < (lengthBytes === 1 ? 0x80 : 0x100)) throw new DerError('length must be in its shortest form');
    }
    const start = 2 + lengthBytes;
    if (start + length > this.#rest.length) throw new DerError('element must end inside its parent');
    const content = this.#rest.subarray(start, start + length);
    this.#rest = this.#rest.subarray(start + length);
    return content;
  }

  /** A reader of the elements inside the next one. */
  enter(tag: number): DerReader {
    return new DerReader(this.read(tag));
  }

  /** A whole number from 0 to 2^31 - 1. */
  readInteger(): number {
    const digits = this.read(TAG.integer);
    const isPadded = digits[0] === 0 && digits.length > 1;
    const value = digits.reduce((sum, byte) => sum * 256 + byte, 0);
    if (digits.length < 1 || digits.length > 5 || (digits[0] ?? 0) >= 0x80 || value > 0x7fffffff) {
      throw new DerError('integer must be from 0 to 2147483647');
    }
    if (isPadded && (digits[1] ?? 0) < 0x80) throw new DerError('integer must be in its shortest form');
    return value;
  }

  /** @throws DerError unless everything was read */
  end(): void {
    if (!this.isAtEnd) throw new DerError('expected no more elements');
  }
}

/** A growing byte buffer that writes the primitive forms of the binary format. */
export class ByteWriter {
  #bytes: Uint8Array;
  length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.length++] = value;
  }

  /** Bytes given one by one. */
  put(...values: number[]): void {
    for (const value of values) this.byte(value);
  }

  /** An unsigned LEB128 below 2^53. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** A signed LEB128 of magnitude below 2^53. */
  signed(value: number): void {
    let rest = value;
    while (rest < -64 || rest > 63) {
      const low = ((rest % 0x80) + 0x80) % 0x80;
      this.byte(low | 0x80);
      rest = (rest - low) / 0x80;
    }
    this.byte(rest & 0x7f);
  }

  /** An unsigned LEB128 of 64 bits. */
  unsigned64(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  /** The bytes `[start, end)` of `source`. */
  copy(source: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (this.length + size > this.#bytes.length) this.#grow(size);
    if (size > 48) this.#bytes.set(source.subarray(start, end), this.length);
    else for (let i = 0; i < size; i++) this.#bytes[this.length + i] = source[start + i]!;
    this.length += size;
  }

  append(other: Uint8Array): void {
    this.copy(other, 0, other.length);
  }

  name(text: string): void {
    this.unsigned(text.length);
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  /** A view of what was written; valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(size: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + size));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}

/** How many bytes `value` takes as an unsigned LEB128. */
export function unsignedSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

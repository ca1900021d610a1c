import { malformed } from './error.ts';

// Encoding is part of every engine that runs Glovebox, but not of the language's own types.
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the primitive forms of the binary format (WebAssembly core specification §5.2) from a range of bytes.
 * Every method throws a malformed WasmError with the offset when the bytes end early or are not in that form.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  position: number;
  end: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  byte(): number {
    if (this.position >= this.end) throw malformed('unexpected end, expected one more byte', this.position);
    return this.bytes[this.position++]!;
  }

  skip(length: number): void {
    if (length > this.end - this.position) throw malformed(`unexpected end, expected ${length} bytes`, this.position);
    this.position += length;
  }

  /** An unsigned 32-bit LEB128 of at most five bytes. */
  u32(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    const last = this.byte();
    if (last > 0x0f) throw malformed('expected an unsigned LEB128 of 32 bits', this.position - 1);
    return (value | (last << 28)) >>> 0;
  }

  /** An unsigned 64-bit LEB128 of at most ten bytes. */
  u64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    const last = this.byte();
    if (last > 1) throw malformed('expected an unsigned LEB128 of 64 bits', this.position - 1);
    return value | (BigInt(last) << 63n);
  }

  /** A signed 32-bit LEB128. */
  s32(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value << (25 - shift)) >> (25 - shift);
    }
    const last = this.byte();
    if (last > 0x7f || ((last & 0x78) !== 0 && (last & 0x78) !== 0x78)) {
      throw malformed('expected a signed LEB128 of 32 bits', this.position - 1);
    }
    return value | (last << 28);
  }

  /** A signed 33-bit LEB128 as block types and heap types use it. */
  s33(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 4; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte < 0x80) return byte & 0x40 ? value - scale : value;
    }
    const last = this.byte();
    const sign = last & 0x70;
    if (last > 0x7f || (sign !== 0 && sign !== 0x70)) {
      throw malformed('expected a signed LEB128 of 33 bits', this.position - 1);
    }
    value += (last & 0x1f) * scale;
    return last & 0x10 ? value - scale * 0x20 : value;
  }

  /** A signed 64-bit LEB128. */
  s64(): bigint {
    let value = 0n;
    let shift = 0n;
    for (; shift < 63n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(Number(shift) + 7, value);
    }
    const last = this.byte();
    if (last !== 0 && last !== 0x7f) throw malformed('expected a signed LEB128 of 64 bits', this.position - 1);
    return BigInt.asIntN(64, value | (BigInt(last) << 63n));
  }

  /** A length-prefixed name in UTF-8. */
  name(): string {
    const start = this.position;
    const length = this.u32();
    const from = this.position;
    this.skip(length);
    let text = '';
    for (let i = from; i < this.position; i++) {
      const byte = this.bytes[i]!;
      if (byte >= 0x80 || length > 64) return this.#decode(from, start);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #decode(from: number, start: number): string {
    try {
      return utf8.decode(this.bytes.subarray(from, this.position));
    } catch {
      throw malformed('expected a name in UTF-8', start);
    }
  }
}

import { refuse } from './errno.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The guest's memory with every access checked.
 * Views are made again whenever the buffer is another one (after growth). Integers are little endian.
 * @throws WasiError `fault` for an address outside the memory, or before a memory is attached
 */
export class GuestMemory {
  #memory: WebAssembly.Memory | undefined;
  #bytes = new Uint8Array(0);
  #view = new DataView(new ArrayBuffer(0));

  /** Gives the instance's memory, once it exists. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** A view of `length` bytes at `address`; valid until the guest runs again. */
  slice(address: number, length: number): Uint8Array {
    this.#check(address, length);
    return this.#bytes.subarray(address, address + length);
  }

  readU8(address: number): number {
    this.#check(address, 1);
    return this.#view.getUint8(address);
  }

  readU16(address: number): number {
    this.#check(address, 2);
    return this.#view.getUint16(address, true);
  }

  readU32(address: number): number {
    this.#check(address, 4);
    return this.#view.getUint32(address, true);
  }

  readU64(address: number): bigint {
    this.#check(address, 8);
    return this.#view.getBigUint64(address, true);
  }

  writeU8(address: number, value: number): void {
    this.#check(address, 1);
    this.#view.setUint8(address, value);
  }

  writeU16(address: number, value: number): void {
    this.#check(address, 2);
    this.#view.setUint16(address, value, true);
  }

  writeU32(address: number, value: number): void {
    this.#check(address, 4);
    this.#view.setUint32(address, value, true);
  }

  writeU64(address: number, value: bigint): void {
    this.#check(address, 8);
    this.#view.setBigUint64(address, value, true);
  }

  writeBytes(address: number, bytes: Uint8Array): void {
    this.#check(address, bytes.length);
    this.#bytes.set(bytes, address);
  }

  /** Zeros `length` bytes: padding of structures must not keep what was there. */
  clear(address: number, length: number): void {
    this.#check(address, length);
    this.#bytes.fill(0, address, address + length);
  }

  /** Reads UTF-8. @throws WasiError `ilseq` when it is not, `nametoolong` above `maxBytes` */
  readText(address: number, length: number, maxBytes: number): string {
    if (length > maxBytes) {
      this.#check(address, length);
      refuse('nametoolong');
    }
    // A copy: text cannot be decoded from shared memory.
    const bytes = Uint8Array.from(this.slice(address, length));
    try {
      return decoder.decode(bytes);
    } catch {
      return refuse('ilseq');
    }
  }

  #check(address: number, length: number): void {
    if (!this.#memory) refuse('fault');
    if (this.#memory.buffer !== this.#bytes.buffer) {
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#view = new DataView(this.#memory.buffer);
    }
    if (address + length > this.#bytes.length) refuse('fault');
  }
}

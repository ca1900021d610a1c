/** Bytes that arrive in chunks and are read by ranges. */
export class OutputStore {
  readonly #chunks: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  #totalBytes = 0;

  get totalBytes(): number {
    return this.#totalBytes;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push({ start: this.#totalBytes, bytes });
    this.#totalBytes += bytes.length;
  }

  /** Up to `length` bytes from `offset`; fewer where there are no more. */
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.#totalBytes, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const whole = new Uint8Array(end - offset);
    for (let i = this.#chunkAt(offset); i < this.#chunks.length; i++) {
      const { start, bytes } = this.#chunks[i]!;
      if (start >= end) break;
      const from = Math.max(0, offset - start);
      whole.set(bytes.subarray(from, Math.min(bytes.length, end - start)), start + from - offset);
    }
    return whole;
  }

  readAll(): Uint8Array {
    return this.read(0, this.#totalBytes);
  }

  /** The index of the chunk that holds byte `offset`. */
  #chunkAt(offset: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#chunks[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

import { concatBytes } from './bytes.ts';

/** Bytes in pieces of any size. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Reads a source in lengths of its own choosing, holding no more than was asked for and one piece of the source. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #held: Uint8Array;
  #hasEnded = false;

  /** @param before bytes to be read before those of the source */
  constructor(source: ByteSource, before: Uint8Array = new Uint8Array()) {
    this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#held = before;
  }

  /** `length` bytes, or fewer at the end. A copy that the caller owns. */
  async read(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#held.length === 0 && !(await this.#pull())) break;
      const part = this.#held.subarray(0, missing);
      parts.push(part);
      this.#held = this.#held.subarray(part.length);
      missing -= part.length;
    }
    return concatBytes(...parts);
  }

  /** Everything that is left, piece by piece as the source has it. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (this.#held.length > 0 || (await this.#pull())) {
      const piece = this.#held;
      this.#held = new Uint8Array();
      yield piece;
    }
  }

  async #pull(): Promise<boolean> {
    while (!this.#hasEnded) {
      const next = await this.#source.next();
      this.#hasEnded = next.done === true;
      if (next.done !== true && next.value.length > 0) {
        this.#held = next.value;
        return true;
      }
    }
    return false;
  }
}

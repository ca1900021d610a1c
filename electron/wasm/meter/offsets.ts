/** The original of code that has none. */
export const NOWHERE = 0;

/** Which bytes of the metered code came from where: runs of copied bytes, ascending in the metered module. */
export class OffsetMap {
  #metered = new Uint32Array(1024);
  #original = new Uint32Array(1024);
  #size = new Uint32Array(1024);
  #length = 0;
  #base = 0;

  get length(): number {
    return this.#length;
  }

  add(metered: number, original: number, size: number): void {
    if (this.#length === this.#metered.length) this.#grow();
    this.#metered[this.#length] = metered;
    this.#original[this.#length] = original;
    this.#size[this.#length] = size;
    this.#length++;
  }

  /** Moves the runs from `first` on by `distance`. */
  shift(first: number, distance: number): void {
    for (let i = first; i < this.#length; i++) this.#metered[i]! += distance;
  }

  /** Where the code that the runs lie in begins in the metered module. */
  setBase(offset: number): void {
    this.#base = offset;
  }

  /** The byte of the original module; for a byte that was added, the instruction it stands before; null outside code. */
  originalOffset(offset: number): number | null {
    const wanted = offset - this.#base;
    if (this.#length === 0 || wanted < this.#metered[0]!) return null;
    let low = 0;
    let high = this.#length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#metered[middle]! <= wanted) low = middle;
      else high = middle - 1;
    }
    if (this.#original[low] === NOWHERE) return null;
    const into = wanted - this.#metered[low]!;
    if (into < this.#size[low]!) return this.#original[low]! + into;
    return this.#original[low + 1] || null;
  }

  #grow(): void {
    const grow = (from: Uint32Array): Uint32Array<ArrayBuffer> => {
      const to = new Uint32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.#metered = grow(this.#metered);
    this.#original = grow(this.#original);
    this.#size = grow(this.#size);
  }
}

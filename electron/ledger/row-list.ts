/** An ascending list of row numbers that grows. */
export class RowList {
  #rows = new Uint32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(row: number): void {
    if (this.#length === this.#rows.length) {
      const larger = new Uint32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows[this.#length++] = row;
  }

  /** The rows at positions `from` to `to`; a view, valid until the next push. */
  slice(from = 0, to: number = this.#length): Uint32Array {
    return this.#rows.subarray(Math.min(from, this.#length), Math.min(to, this.#length));
  }

  /** The first position whose row fails `isBefore`, which must hold for a beginning of the list only. */
  partition(isBefore: (row: number) => boolean): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#rows[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

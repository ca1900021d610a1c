/** An ascending list of row numbers that grows. */
export class RowList {
  #rows = new Uint32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(row: number): void {
    if (this.#length === this.#rows.length) this.#reserve(this.#length + 1);
    this.#rows[this.#length++] = row;
  }

  append(rows: Uint32Array): void {
    this.#reserve(this.#length + rows.length);
    this.#rows.set(rows, this.#length);
    this.#length += rows.length;
  }

  /** The rows at positions `from` to `to`; a view, valid until the next push. */
  slice(from = 0, to: number = this.#length): Uint32Array {
    return this.#rows.subarray(Math.min(from, this.#length), Math.min(to, this.#length));
  }

  /** The first position, at or after `from`, of a row that is not below `row`. Near positions are found sooner. */
  positionOf(row: number, from = 0): number {
    const rows = this.#rows;
    let low = from;
    let step = 1;
    while (low + step <= this.#length && rows[low + step - 1]! < row) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step - 1, this.#length);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(length: number): void {
    if (length <= this.#rows.length) return;
    const larger = new Uint32Array(Math.max(length, this.#rows.length * 2));
    larger.set(this.#rows);
    this.#rows = larger;
  }
}

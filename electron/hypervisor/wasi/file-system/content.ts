import { refuse } from '../errno.ts';

/** Counts the bytes and entries of one file system against its limits. */
export class Budget {
  readonly #maxBytes: number;
  readonly #maxEntries: number;
  #bytes = 0;
  #entries = 0;

  constructor(maxBytes: number, maxEntries: number) {
    this.#maxBytes = maxBytes;
    this.#maxEntries = maxEntries;
  }

  /** @throws WasiError `nospc` when more than the limit would be used; then nothing is taken */
  takeBytes(count: number): void {
    if (this.#bytes + count > this.#maxBytes) refuse('nospc');
    this.#bytes += count;
  }

  /** How many bytes may still be taken. */
  get freeBytes(): number {
    return this.#maxBytes - this.#bytes;
  }

  giveBytes(count: number): void {
    this.#bytes -= count;
  }

  /** @throws WasiError `nospc` */
  takeEntry(): void {
    if (this.#entries >= this.#maxEntries) refuse('nospc');
    this.#entries++;
  }

  giveEntry(): void {
    this.#entries--;
  }
}

const EMPTY = new Uint8Array(0);

/** The bytes of one file: given bytes are shared until the first change, then copied; room grows by half. */
export class FileContent {
  readonly #budget: Budget;
  #room: Uint8Array = EMPTY;
  #size = 0;
  #isShared = false;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** A file that holds `bytes`, which must not change from now on. @throws WasiError `nospc` */
  static of(bytes: Uint8Array, budget: Budget): FileContent {
    budget.takeBytes(bytes.length);
    const content = new FileContent(budget);
    content.#room = bytes;
    content.#size = bytes.length;
    content.#isShared = true;
    return content;
  }

  get size(): number {
    return this.#size;
  }

  /** A view from `offset`, at most `length` bytes; empty at or past the end. Valid until the next change. */
  view(offset: number, length: number): Uint8Array {
    return this.#room.subarray(Math.min(offset, this.#size), Math.min(offset + length, this.#size));
  }

  /** How many bytes can be written at `offset` before the file system is full: at most `length`. */
  writable(offset: number, length: number): number {
    const growthAllowed = this.#size + this.#budget.freeBytes - offset;
    return Math.max(0, Math.min(length, growthAllowed));
  }

  /** Writes at `offset`, filling a gap before it with zeros. @throws WasiError `nospc`; then nothing is written */
  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#reserve(Math.max(this.#size, offset + bytes.length));
    this.#room.set(bytes, offset);
  }

  /** Cuts or extends with zeros. @throws WasiError `nospc` */
  resize(size: number): void {
    if (size >= this.#size) {
      this.#reserve(size);
      return;
    }
    this.#budget.giveBytes(this.#size - size);
    if (this.#isShared || size < this.#room.length / 4) {
      this.#room = this.#room.slice(0, size);
      this.#isShared = false;
    } else {
      this.#room.fill(0, size, this.#size);
    }
    this.#size = size;
  }

  /** Gives everything back to the budget, when the last name and descriptor are gone. */
  release(): void {
    this.#budget.giveBytes(this.#size);
    this.#room = EMPTY;
    this.#size = 0;
  }

  /** Makes the file `size` bytes long, at least what it is, in memory of its own. */
  #reserve(size: number): void {
    const growth = size - this.#size;
    this.#budget.takeBytes(growth);
    if (size > this.#room.length || this.#isShared) {
      const spare = Math.min(Math.floor(this.#size / 2), this.#budget.freeBytes);
      const room = allocate(Math.max(size, this.#size + spare));
      if (!room) {
        this.#budget.giveBytes(growth);
        refuse('nomem');
      }
      room.set(this.#room.subarray(0, this.#size));
      this.#room = room;
      this.#isShared = false;
    }
    this.#size = size;
  }
}

/** Zeros, or undefined when the engine has no memory for as many. */
function allocate(bytes: number): Uint8Array | undefined {
  try {
    return new Uint8Array(bytes);
  } catch {
    return undefined;
  }
}

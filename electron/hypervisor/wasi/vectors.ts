import { structBytes } from './abi.ts';
import type { WasiContext } from './context.ts';
import { bytesCost, itemsCost, SLICE_BYTES } from './cost.ts';
import { refuse } from './errno.ts';

/** Vectors are looked at in groups of this many between checkpoints; the first group comes with the call. */
const GROUP = 64;

/**
 * The list of buffers of `fd_read`, `fd_write` and their kin, checked whole before anything moves.
 * The list is never copied, however long it is: it is read from the guest's memory twice.
 */
export class BufferVectors {
  /** bytes of all buffers together */
  readonly totalBytes: number;
  readonly #context: WasiContext;
  readonly #address: number;
  readonly #count: number;

  /** @throws WasiError `fault` when the list or a buffer is outside the memory, `inval` above 2^32 - 1 bytes in total */
  constructor(context: WasiContext, address: number, count: number) {
    this.#context = context;
    this.#address = address;
    this.#count = count;
    context.memory.slice(address, count * structBytes.iovec);
    let total = 0;
    this.#forEach((bufferAddress, length) => {
      context.memory.slice(bufferAddress, length);
      total += length;
      return true;
    });
    if (total > 0xffff_ffff) refuse('inval');
    this.totalBytes = total;
  }

  /**
   * Hands the buffers on in order, in slices with a checkpoint before each, until `use` takes less than it is given.
   * @param use returns how many bytes it filled or took
   * @returns the bytes used in all
   */
  move(use: (slice: Uint8Array) => number): number {
    let moved = 0;
    this.#forEach((address, length) => {
      for (let at = 0; at < length; at += SLICE_BYTES) {
        const sliceBytes = Math.min(SLICE_BYTES, length - at);
        this.#context.ports.checkpoint(bytesCost(sliceBytes));
        const used = use(this.#context.memory.slice(address + at, sliceBytes));
        moved += used;
        if (used < sliceBytes) return false;
      }
      return true;
    });
    return moved;
  }

  #forEach(visit: (address: number, length: number) => boolean): void {
    const { memory, ports } = this.#context;
    for (let index = 0; index < this.#count; index++) {
      if (index > 0 && index % GROUP === 0) ports.checkpoint(itemsCost(GROUP));
      const at = this.#address + index * structBytes.iovec;
      if (!visit(memory.readU32(at), memory.readU32(at + 4))) return;
    }
  }
}

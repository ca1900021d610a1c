/**
 * The shared numbers of one worker: what it is told to do, and how far it is. The guest process's main thread and the
 * worker both see it, so the worker can be commanded while wasm keeps its event loop from turning.
 *
 * Int32 0: command. Int32 1: 1 while the worker waits in a pause. Then, as BigInt64: fuel used (-1 unknown), memory
 * bytes (-1 unknown), output bytes, and a count that the owner of the worker advances while it is well.
 */
const GAUGE_BYTES = 40;
const COMMAND = 0;
const WAITING = 1;
const FUEL = 1;
const MEMORY = 2;
const OUTPUT = 3;
const HEARTBEAT = 4;

export const commands = { run: 0, pause: 1, stop: 2 } as const;
export type Command = (typeof commands)[keyof typeof commands];

/** Makes the memory behind a gauge. */
export function createGaugeMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(GAUGE_BYTES);
}

/** Typed access to a gauge's memory; cheap to make, holds nothing of its own. */
export class Gauge {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #numbers: BigInt64Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#numbers = new BigInt64Array(memory);
  }

  /** Forgets the last execution's numbers and commands. */
  reset(): void {
    Atomics.store(this.#words, COMMAND, commands.run);
    Atomics.store(this.#words, WAITING, 0);
    this.publish(-1n, -1n, 0n);
  }

  get command(): Command {
    return Atomics.load(this.#words, COMMAND) as Command;
  }

  /** Sets the command and wakes a worker that waits for one. */
  set command(command: Command) {
    Atomics.store(this.#words, COMMAND, command);
    Atomics.notify(this.#words, COMMAND);
  }

  get isWaiting(): boolean {
    return Atomics.load(this.#words, WAITING) === 1;
  }

  /** Blocks this thread while the command is still `command`, at most `timeoutMs`. Never on a main thread. */
  waitWhile(command: Command, timeoutMs: number): void {
    Atomics.wait(this.#words, COMMAND, command, timeoutMs);
  }

  setWaiting(isWaiting: boolean): void {
    Atomics.store(this.#words, WAITING, isWaiting ? 1 : 0);
  }

  get heartbeat(): bigint {
    return Atomics.load(this.#numbers, HEARTBEAT);
  }

  beat(): void {
    Atomics.add(this.#numbers, HEARTBEAT, 1n);
  }

  publish(fuelUsed: bigint, memoryBytes: bigint, outputBytes: bigint): void {
    Atomics.store(this.#numbers, FUEL, fuelUsed);
    Atomics.store(this.#numbers, MEMORY, memoryBytes);
    Atomics.store(this.#numbers, OUTPUT, outputBytes);
  }

  read(): { fuelUsed: bigint | null; memoryBytes: number | null; outputBytes: number } {
    const fuelUsed = Atomics.load(this.#numbers, FUEL);
    const memoryBytes = Atomics.load(this.#numbers, MEMORY);
    return {
      fuelUsed: fuelUsed < 0n ? null : fuelUsed,
      memoryBytes: memoryBytes < 0n ? null : Number(memoryBytes),
      outputBytes: Number(Atomics.load(this.#numbers, OUTPUT)),
    };
  }
}

import type { Gauge } from './gauge.ts';

/** How long the owner of a worker may be silent before the worker takes it for dead, ms. */
const SILENCE_MS = 15_000;
/** A look this long after the last was made by a worker that was itself not running; it proves nothing, ms. */
const GAP_MS = 5_000;

/**
 * Watches from inside the worker that the thread that owns it still turns. A guest process whose main thread is stuck
 * would hear neither its supervisor nor that the supervisor has died: nobody else could end it then.
 */
export class Watchdog {
  readonly #gauge: Gauge;
  readonly #onDead: () => void;
  readonly #now: () => number;
  #heartbeat = -1n;
  #heardMs = 0;
  #lookedMs = 0;

  constructor(gauge: Gauge, onDead: () => void, now: () => number = () => performance.now()) {
    this.#gauge = gauge;
    this.#onDead = onDead;
    this.#now = now;
  }

  /** Called often by whatever keeps the worker busy. */
  look(): void {
    const nowMs = this.#now();
    const { heartbeat } = this.#gauge;
    // After a machine was asleep, both sides get their time anew.
    if (heartbeat !== this.#heartbeat || nowMs - this.#lookedMs > GAP_MS) this.#heardMs = nowMs;
    this.#heartbeat = heartbeat;
    this.#lookedMs = nowMs;
    if (nowMs - this.#heardMs > SILENCE_MS) this.#onDead();
  }
}

/** A place among the running executions. */
export type Ticket = { release(): void };

type Waiting = { admit(ticket: Ticket): void };

/**
 * Lets a bounded number of executions run and a bounded number wait. The queue is fair between its keys (a module, a
 * caller): each key's turn comes round, however many of another key wait.
 */
export class Admission {
  readonly #concurrent: number;
  readonly #queueLimit: number;
  readonly #queues = new Map<string, Waiting[]>();
  #running = 0;
  #waiting = 0;

  /** @param limits `concurrent` executions run, `queued` wait */
  constructor(limits: { readonly concurrent: number; readonly queued: number }) {
    this.#concurrent = limits.concurrent;
    this.#queueLimit = limits.queued;
  }

  get runningCount(): number {
    return this.#running;
  }

  get waitingCount(): number {
    return this.#waiting;
  }

  /** Whether `count` more executions would find a place to run or to wait. */
  hasRoomFor(count: number): boolean {
    return this.#running + this.#waiting + count <= this.#concurrent + this.#queueLimit;
  }

  /** Waits for a place. `leave` gives the wait up; the promise then never resolves. */
  enter(key: string): { readonly ticket: Promise<Ticket>; leave(): void } {
    const { promise, resolve } = Promise.withResolvers<Ticket>();
    if (this.#running < this.#concurrent && this.#waiting === 0) {
      resolve(this.#createTicket());
      return { ticket: promise, leave: () => {} };
    }
    const waiting: Waiting = { admit: resolve };
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, [waiting]);
    else queue.push(waiting);
    this.#waiting++;
    return { ticket: promise, leave: () => this.#leave(key, waiting) };
  }

  #createTicket(): Ticket {
    this.#running++;
    let isReleased = false;
    return {
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#running--;
        this.#admitNext();
      },
    };
  }

  #admitNext(): void {
    const next = this.#queues.entries().next();
    if (next.done === true || this.#running >= this.#concurrent) return;
    const [key, queue] = next.value;
    const waiting = queue.shift()!;
    // The key goes to the back of the round.
    this.#queues.delete(key);
    if (queue.length > 0) this.#queues.set(key, queue);
    this.#waiting--;
    waiting.admit(this.#createTicket());
  }

  #leave(key: string, waiting: Waiting): void {
    const queue = this.#queues.get(key);
    const at = queue?.indexOf(waiting) ?? -1;
    if (queue === undefined || at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(key);
    this.#waiting--;
  }
}

import type { WorkerShape } from './guest/protocol.ts';
import { type GuestGone, GuestProcess } from './guest-process.ts';
import type { SpawnGuest } from './spawn.ts';

export type GuestPoolOptions = {
  readonly spawn: SpawnGuest;
  /** what the first worker of a blank process is booted with */
  readonly shape: WorkerShape;
  /** blank processes that stand ready */
  readonly blank: number;
  /** executions that share one process; V8 holds about 124 memories in one */
  readonly perProcess: number;
  /** idle processes kept with their module for its next run */
  readonly warm: number;
  /** an idle process is let go after this time */
  readonly warmMs: number;
};

/** The right to use a guest process for one execution or inspection. */
export type Lease = {
  readonly guest: GuestProcess;
  /** `condemn` when what ran there must be the last: the process is killed rather than reused */
  release(fate: 'reuse' | 'condemn'): void;
};

type Bound = {
  readonly guest: GuestProcess;
  readonly sha256: string;
  readonly loaded: Promise<void>;
  leases: number;
  idleTimer: ReturnType<typeof setTimeout> | null;
};

/** Processes that boot at the same time; more only slow each other down. */
const BOOTING_LIMIT = 4;
/** Processes that fail to boot one after the other before those who wait are told. */
const BOOT_ATTEMPTS = 3;

/** Owns every guest process: blank ones that stand ready, and those bound to a module. No two modules share one. */
export class GuestPool {
  readonly #options: GuestPoolOptions;
  readonly #all = new Set<GuestProcess>();
  readonly #blank: GuestProcess[] = [];
  readonly #waiting: PromiseWithResolvers<GuestProcess>[] = [];
  /** in order of last use */
  readonly #bound = new Map<GuestProcess, Bound>();
  /** modules whose next process is not there yet, with how many will use it */
  readonly #binding = new Map<string, { readonly bound: Promise<Bound>; expected: number }>();
  #bootingCount = 0;
  #failedBoots = 0;
  #isClosed = false;

  constructor(options: GuestPoolOptions) {
    this.#options = options;
    this.#boot();
  }

  get processCount(): number {
    return this.#all.size;
  }

  /** A process bound to this module and loaded with it. @throws GuestGone when none can be had */
  async acquire(sha256: string, bytes: Uint8Array): Promise<Lease> {
    const bound = this.#findBound(sha256) ?? (await this.#bindBlank(sha256, bytes));
    this.#addLease(bound);
    try {
      await bound.loaded;
    } catch (error) {
      this.#release(bound, 'condemn');
      throw error;
    }
    return this.#createLease(bound);
  }

  /** Kills every process and waits until all have gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#all];
    for (const guest of all) guest.kill();
    await Promise.all(all.map((guest) => guest.gone));
  }

  #findBound(sha256: string): Bound | undefined {
    let best: Bound | undefined;
    for (const bound of this.#bound.values()) {
      const hasRoom = bound.sha256 === sha256 && bound.guest.isUsable && bound.leases < this.#options.perProcess;
      if (hasRoom && (best === undefined || bound.leases < best.leases)) best = bound;
    }
    return best;
  }

  /** Binds a blank process, or joins in where one is being bound to this module and still has room. */
  #bindBlank(sha256: string, bytes: Uint8Array): Promise<Bound> {
    const pending = this.#binding.get(sha256);
    if (pending !== undefined && pending.expected < this.#options.perProcess) {
      pending.expected++;
      return pending.bound;
    }
    const bound = this.#takeBlank().then((guest) => this.#bind(guest, sha256, bytes));
    const started = { bound, expected: 1 };
    this.#binding.set(sha256, started);
    const forget = () => {
      if (this.#binding.get(sha256) === started) this.#binding.delete(sha256);
    };
    bound.then(forget, forget);
    return bound;
  }

  #takeBlank(): Promise<GuestProcess> {
    const ready = this.#blank.shift();
    if (ready !== undefined) {
      this.#boot();
      return Promise.resolve(ready);
    }
    const waiter = Promise.withResolvers<GuestProcess>();
    this.#waiting.push(waiter);
    this.#boot();
    return waiter.promise;
  }

  #bind(guest: GuestProcess, sha256: string, bytes: Uint8Array): Bound {
    const bound: Bound = { guest, sha256, loaded: guest.load(bytes), leases: 0, idleTimer: null };
    this.#bound.set(guest, bound);
    return bound;
  }

  #addLease(bound: Bound): void {
    bound.leases++;
    if (bound.idleTimer !== null) clearTimeout(bound.idleTimer);
    bound.idleTimer = null;
    this.#bound.delete(bound.guest);
    this.#bound.set(bound.guest, bound);
  }

  #createLease(bound: Bound): Lease {
    let isReleased = false;
    return {
      guest: bound.guest,
      release: (fate) => {
        if (!isReleased) this.#release(bound, fate);
        isReleased = true;
      },
    };
  }

  #release(bound: Bound, fate: 'reuse' | 'condemn'): void {
    bound.leases--;
    if (fate === 'condemn') bound.guest.condemn();
    if (!bound.guest.isUsable || bound.leases > 0) return;
    bound.idleTimer = setTimeout(() => bound.guest.kill(), this.#options.warmMs);
    this.#trimIdle();
  }

  /** Lets the idle processes go that were used longest ago. */
  #trimIdle(): void {
    const idle = [...this.#bound.values()].filter(({ leases, guest }) => leases === 0 && guest.isUsable);
    for (const { guest } of idle.slice(0, Math.max(0, idle.length - this.#options.warm))) guest.kill();
  }

  /** Starts as many blank processes as are wanted. */
  #boot(): void {
    while (!this.#isClosed && this.#bootingCount < BOOTING_LIMIT) {
      const wanted = this.#waiting.length + this.#options.blank - this.#blank.length - this.#bootingCount;
      if (wanted <= 0) return;
      void this.#bootOne();
    }
  }

  async #bootOne(): Promise<void> {
    this.#bootingCount++;
    const guest = new GuestProcess(this.#options.spawn(), this.#options.shape);
    this.#all.add(guest);
    void guest.gone.then(() => this.#forget(guest));
    try {
      await guest.ready;
      this.#failedBoots = 0;
      this.#offer(guest);
    } catch (error) {
      this.#failBoot(error as GuestGone);
    } finally {
      this.#bootingCount--;
      if (this.#failedBoots < BOOT_ATTEMPTS) this.#boot();
    }
  }

  #offer(guest: GuestProcess): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#blank.push(guest);
    else waiter.resolve(guest);
  }

  #failBoot(error: GuestGone): void {
    this.#failedBoots++;
    if (this.#failedBoots < BOOT_ATTEMPTS && !this.#isClosed) return;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
    // The next run tries again.
    this.#failedBoots = 0;
  }

  #forget(guest: GuestProcess): void {
    this.#all.delete(guest);
    const bound = this.#bound.get(guest);
    if (bound?.idleTimer) clearTimeout(bound.idleTimer);
    this.#bound.delete(guest);
    const at = this.#blank.indexOf(guest);
    if (at < 0) return;
    this.#blank.splice(at, 1);
    this.#boot();
  }
}

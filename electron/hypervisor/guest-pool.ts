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

/** Executions of one module that wait for a place in a process of it. */
type Demand = {
  readonly bytes: Uint8Array;
  readonly waiters: PromiseWithResolvers<Bound>[];
  /** processes being bound for them */
  bindingCount: number;
};

/** Processes that boot at the same time; more only slow each other down. */
const BOOTING_LIMIT = 4;
/** A process that has not booted after this time never will. */
const BOOT_LIMIT_MS = 30_000;
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
  readonly #demands = new Map<string, Demand>();
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
    const bound = this.#leaseBound(sha256) ?? (await this.#waitForRoom(sha256, bytes));
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

  /** Takes a place in the least used process of the module that has room. */
  #leaseBound(sha256: string): Bound | undefined {
    let best: Bound | undefined;
    for (const bound of this.#bound.values()) {
      const hasRoom = bound.sha256 === sha256 && bound.guest.isUsable && bound.leases < this.#options.perProcess;
      if (hasRoom && (best === undefined || bound.leases < best.leases)) best = bound;
    }
    if (best !== undefined) this.#addLease(best);
    return best;
  }

  /** Waits for a place in a process of the module: one that is given back, or one in a process bound anew. */
  #waitForRoom(sha256: string, bytes: Uint8Array): Promise<Bound> {
    const waiter = Promise.withResolvers<Bound>();
    const demand = this.#demands.get(sha256) ?? { bytes, waiters: [], bindingCount: 0 };
    this.#demands.set(sha256, demand);
    demand.waiters.push(waiter);
    this.#bindWanted(sha256, demand);
    return waiter.promise;
  }

  #bindWanted(sha256: string, demand: Demand): void {
    while (demand.bindingCount * this.#options.perProcess < demand.waiters.length) {
      demand.bindingCount++;
      void this.#bindOne(sha256, demand);
    }
  }

  async #bindOne(sha256: string, demand: Demand): Promise<void> {
    try {
      this.#bind(await this.#takeBlank(), sha256, demand.bytes);
    } catch (error) {
      for (const waiter of demand.waiters.splice(0)) waiter.reject(error);
    } finally {
      demand.bindingCount--;
      this.#serveDemand(sha256);
    }
  }

  /** Gives the places that there are to those who wait for them. */
  #serveDemand(sha256: string): void {
    const demand = this.#demands.get(sha256);
    if (demand === undefined) return;
    while (demand.waiters.length > 0) {
      const bound = this.#leaseBound(sha256);
      if (bound === undefined) break;
      demand.waiters.shift()!.resolve(bound);
    }
    this.#bindWanted(sha256, demand);
    if (demand.waiters.length === 0 && demand.bindingCount === 0) this.#demands.delete(sha256);
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

  #bind(guest: GuestProcess, sha256: string, bytes: Uint8Array): void {
    const loaded = guest.load(bytes);
    loaded.catch(() => {});
    const bound: Bound = { guest, sha256, loaded, leases: 0, idleTimer: null };
    this.#bound.set(guest, bound);
    if ((this.#demands.get(sha256)?.waiters.length ?? 0) === 0) this.#idle(bound);
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
    this.#serveDemand(bound.sha256);
    if (bound.guest.isUsable && bound.leases === 0) this.#idle(bound);
  }

  #idle(bound: Bound): void {
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
    const giveUp = setTimeout(() => guest.kill(), BOOT_LIMIT_MS);
    try {
      await guest.ready;
      this.#failedBoots = 0;
      this.#offer(guest);
    } catch (error) {
      this.#failBoot(error as GuestGone);
    } finally {
      clearTimeout(giveUp);
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

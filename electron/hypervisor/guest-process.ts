import type { Preparation } from './guest/preparation.ts';
import type { Execution, ExecutionResult, FromGuest, GaugeReading, Inspection, WorkerShape } from './guest/protocol.ts';
import { parseGuestMessage } from './guest-message.ts';
import type { GuestChannel, GuestExit } from './spawn.ts';

/** How an execution left its guest process. */
export type ExecutionEnd =
  | { readonly how: 'ended'; readonly result: ExecutionResult }
  | {
      readonly how: 'lost';
      readonly cause: 'terminated' | 'out-of-memory' | 'crashed';
      readonly message: string;
      readonly reading: GaugeReading;
    }
  | { readonly how: 'exited'; readonly exit: GuestExit };

/** What an execution tells while it goes on. `onEnd` comes once, last, and always. */
export type ExecutionListener = {
  onStarted(): void;
  onCompiled(): void;
  onPaused(): void;
  onPrinted(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  onGauge(reading: GaugeReading): void;
  onEnd(end: ExecutionEnd): void;
};

/** Thrown into whoever waits for a process that has gone. */
export class GuestGone extends Error {
  readonly exit: GuestExit;
  constructor(exit: GuestExit) {
    super('the guest process has ended');
    this.exit = exit;
  }
}

type Waiter<T> = { resolve(value: T): void; reject(error: GuestGone): void };

/**
 * One guest process from birth to exit, as its only owner. It is blank, then bound to one module for the rest of its
 * life. Once condemned it takes nothing new and is killed when its last execution has ended.
 */
export class GuestProcess {
  /** resolves when its first worker has booted */
  readonly ready: Promise<void>;
  /** resolves when it has gone */
  readonly gone: Promise<GuestExit>;
  readonly #channel: GuestChannel;
  readonly #executions = new Map<number, ExecutionListener>();
  readonly #inspections = new Map<number, Waiter<Inspection> & { readonly onStarted: () => void }>();
  readonly #readyWaiter: Waiter<void>;
  #loadWaiter: Waiter<void> | null = null;
  #exit: GuestExit | null = null;
  #isCondemned = false;
  #nextId = 0;

  constructor(channel: GuestChannel, shape: WorkerShape) {
    this.#channel = channel;
    const ready = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<GuestExit>();
    this.ready = ready.promise;
    this.gone = gone.promise;
    this.#readyWaiter = ready;
    // Whoever waits for it hears of it; nobody need wait.
    ready.promise.catch(() => {});
    channel.onMessage((message) => this.#receive(message));
    channel.onExit((exit) => {
      this.#leave(exit);
      gone.resolve(exit);
    });
    channel.send({ type: 'boot', shape });
  }

  get pid(): number | undefined {
    return this.#channel.pid;
  }

  /** executions and inspections under way */
  get activeCount(): number {
    return this.#executions.size + this.#inspections.size;
  }

  get isUsable(): boolean {
    return this.#exit === null && !this.#isCondemned;
  }

  /** Binds the process to a module. Once only. @throws GuestGone */
  load(bytes: Uint8Array): Promise<void> {
    return this.#wait<void>((waiter) => {
      this.#loadWaiter = waiter;
      this.#channel.send({ type: 'load', bytes });
    });
  }

  /** Reads and tries to compile the module; `onStarted` when a worker has begun. @throws GuestGone */
  inspect(preparation: Preparation, shape: WorkerShape, onStarted: () => void): Promise<Inspection> {
    return this.#wait<Inspection>((waiter) => {
      const id = this.#nextId++;
      this.#inspections.set(id, { ...waiter, onStarted });
      this.#channel.send({ type: 'inspect', id, shape, preparation });
    });
  }

  /** Starts an execution; returns its number for `command`. */
  execute(execution: Execution, shape: WorkerShape, listener: ExecutionListener): number {
    const id = this.#nextId++;
    if (this.#exit !== null) {
      listener.onEnd({ how: 'exited', exit: this.#exit });
      return id;
    }
    this.#executions.set(id, listener);
    this.#channel.send({ type: 'execute', id, shape, execution });
    return id;
  }

  command(id: number, command: 'stop' | 'pause' | 'resume' | 'terminate'): void {
    if (this.#executions.has(id)) this.#channel.send({ type: 'command', id, command });
  }

  /** Takes nothing new from now on; killed when nothing is under way. */
  condemn(): void {
    this.#isCondemned = true;
    if (this.activeCount === 0) this.kill();
  }

  kill(): void {
    this.#isCondemned = true;
    if (this.#exit === null) this.#channel.kill();
  }

  #wait<T>(start: (waiter: Waiter<T>) => void): Promise<T> {
    if (this.#exit !== null) return Promise.reject(new GuestGone(this.#exit));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    start({ resolve, reject });
    return promise;
  }

  #receive(unknownMessage: unknown): void {
    const message = parseGuestMessage(unknownMessage);
    if (message === undefined) this.kill();
    else if (this.#exit === null) this.#dispatch(message);
  }

  #dispatch(message: FromGuest): void {
    switch (message.type) {
      case 'ready':
        this.#readyWaiter.resolve();
        break;
      case 'loaded':
        this.#loadWaiter?.resolve();
        break;
      case 'inspected':
        this.#inspections.get(message.id)?.resolve(message.inspection);
        this.#inspections.delete(message.id);
        this.#killIfCondemned();
        break;
      default:
        this.#tell(message);
    }
  }

  #tell(message: Exclude<FromGuest, { type: 'ready' | 'loaded' | 'inspected' }>): void {
    if (message.type === 'started') this.#inspections.get(message.id)?.onStarted();
    const listener = this.#executions.get(message.id);
    if (listener === undefined) {
      this.#loseInspection(message);
      return;
    }
    switch (message.type) {
      case 'started':
        listener.onStarted();
        break;
      case 'compiled':
        listener.onCompiled();
        break;
      case 'paused':
        listener.onPaused();
        break;
      case 'printed':
        listener.onPrinted(message.stream, message.bytes);
        break;
      case 'gauge':
        listener.onGauge(message);
        break;
      case 'ended':
        this.#end(message.id, listener, { how: 'ended', result: message.result });
        break;
      case 'lost': {
        const { id, cause, reading } = message;
        this.#end(id, listener, { how: 'lost', cause, message: message.message, reading });
      }
    }
  }

  /** A worker that dies while it reads a module takes its process along: nobody else shall meet that module there. */
  #loseInspection(message: FromGuest): void {
    if (message.type === 'lost' && this.#inspections.has(message.id)) this.kill();
  }

  #end(id: number, listener: ExecutionListener, end: ExecutionEnd): void {
    this.#executions.delete(id);
    listener.onEnd(end);
    this.#killIfCondemned();
  }

  #killIfCondemned(): void {
    if (this.#isCondemned && this.activeCount === 0) this.kill();
  }

  #leave(exit: GuestExit): void {
    this.#exit = exit;
    const gone = new GuestGone(exit);
    this.#readyWaiter.reject(gone);
    this.#loadWaiter?.reject(gone);
    for (const waiter of this.#inspections.values()) waiter.reject(gone);
    const listeners = [...this.#executions.values()];
    this.#inspections.clear();
    this.#executions.clear();
    for (const listener of listeners) listener.onEnd({ how: 'exited', exit });
  }
}

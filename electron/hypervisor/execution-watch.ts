import type { Execution, GaugeReading, WorkerShape } from './guest/protocol.ts';
import type { ExecutionEnd, GuestProcess } from './guest-process.ts';

/** What a worker gets to notice its deadline or a cancellation by itself, before it is terminated. */
const COOPERATION_MS = 8;
/** What terminating a worker may take before its process is killed. */
const TERMINATION_MS = 16;

/** The same where the process has other executions, which must not die with this one. */
const SHARED_TERMINATION_MS = 2_000;
/** A guest process that has not started an execution after this time never will. */
const START_LIMIT_MS = 60_000;

/** Why an execution is being ended from outside. */
export type EndReason = 'deadline' | 'cancel';

/** How far ending it had to go. */
export type Stage = 'cooperative' | 'terminated' | 'killed';

export type WatchedEnd = {
  readonly end: ExecutionEnd;
  /** null when it ended by itself */
  readonly reason: EndReason | null;
  readonly stage: Stage;
};

export type WatchListener = {
  onState(state: 'starting' | 'running' | 'paused' | 'stopping'): void;
  onPrinted(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  onGauge(reading: GaugeReading): void;
};

/**
 * One execution in its guest process: holds the deadline, and ends the execution in three stages (asked, worker
 * terminated, process killed) when it is over or when it is cancelled. A pause stops the clock.
 */
export class ExecutionWatch {
  readonly ended: Promise<WatchedEnd>;
  readonly #guest: GuestProcess;
  readonly #id: number;
  readonly #listener: WatchListener;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #remainingMs: number;
  #runningSinceMs: number | null = null;
  #isPauseWanted = false;
  #reason: EndReason | null = null;
  #stage: Stage = 'cooperative';
  #reading: GaugeReading = { fuelUsed: null, memoryBytes: null, outputBytes: 0 };
  readonly #settle: (ended: WatchedEnd) => void;

  constructor(guest: GuestProcess, execution: Execution, shape: WorkerShape, listener: WatchListener) {
    const ended = Promise.withResolvers<WatchedEnd>();
    this.ended = ended.promise;
    this.#settle = ended.resolve;
    this.#guest = guest;
    this.#listener = listener;
    this.#remainingMs = execution.limits.timeMs + COOPERATION_MS;
    this.#arm(START_LIMIT_MS, () => guest.kill());
    this.#id = guest.execute(execution, shape, {
      onStarted: () => {
        listener.onState('starting');
        this.#startClock();
      },
      onCompiled: () => listener.onState('running'),
      onPaused: () => this.#stopClock(),
      onPrinted: (stream, bytes) => listener.onPrinted(stream, bytes),
      onGauge: (reading) => {
        this.#reading = reading;
        listener.onGauge(reading);
      },
      onEnd: (end) => {
        this.#clearTimer();
        this.#settle({ end, reason: this.#reason, stage: this.#stage });
      },
    });
  }

  cancel(): void {
    if (this.#reason !== null) return;
    this.#reason = 'cancel';
    this.#listener.onState('stopping');
    this.#guest.command(this.#id, 'stop');
    this.#arm(COOPERATION_MS, () => this.#terminate());
  }

  pause(): void {
    if (this.#reason !== null) return;
    this.#isPauseWanted = true;
    this.#guest.command(this.#id, 'pause');
  }

  resume(): void {
    if (this.#reason !== null) return;
    this.#isPauseWanted = false;
    this.#guest.command(this.#id, 'resume');
    if (this.#runningSinceMs !== null) return;
    this.#listener.onState('running');
    this.#startClock();
  }

  #startClock(): void {
    if (this.#reason !== null) return;
    this.#runningSinceMs = performance.now();
    this.#arm(this.#remainingMs, () => {
      this.#reason = 'deadline';
      this.#terminate();
    });
  }

  #stopClock(): void {
    if (!this.#isPauseWanted || this.#reason !== null || this.#runningSinceMs === null) return;
    this.#clearTimer();
    this.#remainingMs -= performance.now() - this.#runningSinceMs;
    this.#runningSinceMs = null;
    this.#listener.onState('paused');
  }

  #terminate(): void {
    this.#stage = 'terminated';
    this.#guest.command(this.#id, 'terminate');
    this.#arm(TERMINATION_MS, () => (this.#guest.activeCount > 1 ? this.#abandon() : this.#kill()));
  }

  #kill(): void {
    this.#stage = 'killed';
    this.#guest.kill();
  }

  /** It is over for whoever waits, while its worker gets longer to die: the other executions of its process go on. */
  #abandon(): void {
    const end = { how: 'lost', cause: 'terminated', message: '', reading: this.#reading } as const;
    this.#settle({ end, reason: this.#reason, stage: this.#stage });
    this.#arm(SHARED_TERMINATION_MS, () => this.#kill());
  }

  #arm(delayMs: number, act: () => void): void {
    this.#clearTimer();
    this.#timer = setTimeout(act, delayMs);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

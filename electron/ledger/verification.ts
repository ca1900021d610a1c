import { Refusal } from '../../shared/result.ts';
import type { VerificationProgress, VerificationReport } from './verify/report.ts';

/** The present verification of a log, or the last one. */
export type VerificationState = {
  readonly state: 'never' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly progress: VerificationProgress | null;
  readonly report: VerificationReport | null;
  /** why it failed */
  readonly message: string | null;
};

type Run = (onProgress: (progress: VerificationProgress) => void, signal: AbortSignal) => Promise<VerificationReport>;

const NEVER: VerificationState = {
  state: 'never',
  startedAt: null,
  finishedAt: null,
  progress: null,
  report: null,
  message: null,
};

/** Runs one verification at a time and remembers how it went. */
export class Verification {
  readonly #run: Run;
  readonly #clock: () => number;
  readonly #listeners = new Set<(state: VerificationState) => void>();
  #state: VerificationState = NEVER;
  #abort = new AbortController();
  #running: Promise<VerificationState> | undefined;

  constructor(run: Run, clock: () => number) {
    this.#run = run;
    this.#clock = clock;
  }

  get state(): VerificationState {
    return this.#state;
  }

  /** Begins one, or joins the one that runs. @returns how it ended; never rejects */
  start(): Promise<VerificationState> {
    this.#running ??= this.#go().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Hears of every change. @returns the unsubscribe */
  onChange(listener: (state: VerificationState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #go(): Promise<VerificationState> {
    this.#abort = new AbortController();
    this.#set({ ...NEVER, state: 'running', startedAt: this.#clock() });
    const onProgress = (progress: VerificationProgress) => this.#set({ ...this.#state, progress });
    try {
      const report = await this.#run(onProgress, this.#abort.signal);
      this.#set({ ...this.#state, state: 'done', finishedAt: this.#clock(), report });
    } catch (error) {
      const isCancelled = error instanceof Refusal && error.code === 'call.cancelled';
      const message = error instanceof Refusal ? error.message : 'the verification broke off';
      this.#set({ ...this.#state, state: isCancelled ? 'cancelled' : 'failed', finishedAt: this.#clock(), message });
    }
    return this.#state;
  }

  #set(state: VerificationState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

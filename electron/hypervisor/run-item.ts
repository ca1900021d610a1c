import type { Limits } from '../../shared/model/limits.ts';
import type { RunItem, RunOutcome } from '../../shared/model/run.ts';
import type { WatchedEnd } from './execution-watch.ts';
import type { GaugeReading } from './guest/protocol.ts';
import type { OutputStream } from './job.ts';
import { outcomeOf } from './outcome.ts';
import { OutputStore } from './output-store.ts';

/** One instance of a run while it goes on: what it printed, how far it is, and what it came to. */
export class ItemProgress {
  readonly #limits: Limits;
  readonly #output = { stdout: new OutputStore(), stderr: new OutputStore() };
  #reading: GaugeReading = { fuelUsed: null, memoryBytes: null, outputBytes: 0 };
  item: RunItem | null = null;
  compileMs = 0;
  runMs = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get reading(): GaugeReading {
    return this.#reading;
  }

  set reading(reading: GaugeReading) {
    this.#reading = reading;
  }

  /** Keeps what was printed, at most the output limit: a guest process is not believed in this either. */
  print(stream: OutputStream, bytes: Uint8Array): Uint8Array {
    const room = Math.max(0, this.#limits.outputBytes - this.#printedBytes());
    const kept = bytes.length > room ? bytes.slice(0, room) : bytes;
    this.#output[stream].append(kept);
    return kept;
  }

  end(watched: WatchedEnd): RunItem {
    const outcome = outcomeOf(watched, this.#limits);
    const { end } = watched;
    if (end.how !== 'ended') {
      const reading = end.how === 'lost' ? end.reading : this.#reading;
      return this.#finish(outcome, { reading, memoryPeakBytes: reading.memoryBytes });
    }
    const { result } = end;
    this.compileMs = result.compileMs;
    this.runMs = result.runMs;
    const reading = { ...this.#reading, fuelUsed: result.fuelUsed };
    const ended = this.#finish(outcome, { reading, memoryPeakBytes: result.memoryPeakBytes });
    this.item = { ...ended, results: [...result.results], files: [...result.files] };
    return this.item;
  }

  /** Ends an instance that never had an execution. */
  endWithout(outcome: RunOutcome): RunItem {
    return this.#finish(outcome, { reading: this.#reading, memoryPeakBytes: null });
  }

  #finish(outcome: RunOutcome, usage: { reading: GaugeReading; memoryPeakBytes: number | null }): RunItem {
    this.#reading = usage.reading;
    this.item = {
      outcome,
      results: [],
      stdout: this.#output.stdout.readAll(),
      stderr: this.#output.stderr.readAll(),
      files: [],
      usage: {
        fuelUsed: usage.reading.fuelUsed === null ? null : String(usage.reading.fuelUsed),
        memoryPeakBytes: usage.memoryPeakBytes,
        outputBytes: this.#printedBytes(),
      },
    };
    return this.item;
  }

  #printedBytes(): number {
    return this.#output.stdout.totalBytes + this.#output.stderr.totalBytes;
  }
}

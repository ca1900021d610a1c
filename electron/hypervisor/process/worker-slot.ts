import { Worker } from 'node:worker_threads';
import { MiB } from '../../../shared/units.ts';
import { type Command, commands, createGaugeMemory, Gauge } from '../guest/gauge.ts';
import type { FromWorker, GaugeReading, ToWorker, WorkerShape } from '../guest/protocol.ts';

/** What Node keeps of a worker's stack for itself: `kStackBufferSize` in node_worker.h. */
const STACK_RESERVE_BYTES = 192 * 1024;

export type SlotEvents = {
  onReady(slot: WorkerSlot): void;
  onMessage(slot: WorkerSlot, message: Exclude<FromWorker, { type: 'ready' }>): void;
  onGone(slot: WorkerSlot, cause: 'terminated' | 'out-of-memory' | 'crashed', message: string): void;
};

/** One worker from birth to exit. It runs one execution at a time. */
export class WorkerSlot {
  readonly shape: WorkerShape;
  readonly #worker: Worker;
  readonly #gauge: Gauge;
  #isReady = false;
  #hasModule = false;
  #isTerminating = false;
  #fault: Error | null = null;
  /** the execution or inspection it serves, null while it is idle */
  id: number | null = null;

  constructor(script: URL, shape: WorkerShape, events: SlotEvents) {
    this.shape = shape;
    const gauge = createGaugeMemory();
    this.#gauge = new Gauge(gauge);
    this.#worker = new Worker(script, {
      env: {},
      stdin: false,
      workerData: { gauge },
      resourceLimits: {
        maxOldGenerationSizeMb: shape.heapBytes / MiB,
        maxYoungGenerationSizeMb: 2,
        stackSizeMb: (shape.stackBytes + STACK_RESERVE_BYTES) / MiB,
      },
    });
    this.#worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready') {
        this.#isReady = true;
        events.onReady(this);
      } else events.onMessage(this, message);
    });
    this.#worker.on('error', (error: Error) => {
      this.#fault = error;
    });
    this.#worker.on('exit', () => events.onGone(this, ...this.#cause()));
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Gives work to an idle worker that is ready; the module goes ahead of the first. */
  serve(message: Extract<ToWorker, { id: number }>, moduleBytes: Uint8Array): void {
    this.id = message.id;
    this.#gauge.reset();
    if (!this.#hasModule) this.#worker.postMessage({ type: 'module', bytes: moduleBytes } satisfies ToWorker);
    this.#hasModule = true;
    this.#worker.postMessage(message);
  }

  set command(command: Command) {
    this.#gauge.command = command;
  }

  get isPaused(): boolean {
    return this.#gauge.isWaiting;
  }

  /** Tells the worker that this thread still turns. */
  beat(): void {
    this.#gauge.beat();
  }

  read(): GaugeReading {
    return this.#gauge.read();
  }

  /** Ends the worker, whatever it is doing. `onGone` tells when it has gone. */
  terminate(): void {
    this.#isTerminating = true;
    this.#gauge.command = commands.stop;
    void this.#worker.terminate();
  }

  #cause(): ['terminated' | 'out-of-memory' | 'crashed', string] {
    const fault = this.#fault as (Error & { code?: unknown }) | null;
    if (fault?.code === 'ERR_WORKER_OUT_OF_MEMORY') return ['out-of-memory', 'the heap of the worker is used up'];
    if (this.#isTerminating) return ['terminated', ''];
    return ['crashed', fault === null ? 'the worker ended by itself' : fault.message];
  }
}

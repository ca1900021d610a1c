import { commands } from '../guest/gauge.ts';
import { preparationKey, preparationOf } from '../guest/preparation.ts';
import type { CompiledModule, FromGuest, FromWorker, ToGuest, WorkerShape } from '../guest/protocol.ts';
import { openParent, type Parent } from './parent.ts';
import { type SlotEvents, WorkerSlot } from './worker-slot.ts';

const GAUGE_PERIOD_MS = 100;
/** Workers of this process that boot at the same time. */
const BOOTING_LIMIT = 2;

type Work = Parameters<WorkerSlot['serve']>[0];

/**
 * A guest process: it has one module and the workers that run it. Its main thread only passes messages on, so that it
 * always hears its supervisor, whatever its workers do.
 */
class GuestProcess implements SlotEvents {
  readonly #parent: Parent;
  readonly #script: URL;
  readonly #slots = new Set<WorkerSlot>();
  readonly #compiled = new Map<string, CompiledModule>();
  readonly #waiting: { readonly shape: WorkerShape; readonly message: Work }[] = [];
  #bytes: Uint8Array | null = null;
  #gaugeTimer: NodeJS.Timeout | null = null;
  #isReady = false;

  constructor(parent: Parent, script: URL) {
    this.#parent = parent;
    this.#script = script;
    parent.onMessage((message) => this.#receive(message));
  }

  onReady(slot: WorkerSlot): void {
    if (!this.#isReady) {
      this.#isReady = true;
      this.#parent.send({ type: 'ready' });
    }
    this.#startWaiting(slot);
  }

  onMessage(slot: WorkerSlot, message: Exclude<FromWorker, { type: 'ready' }>): void {
    if (message.type === 'compiled') {
      if (message.compiled !== null) this.#compiled.set(message.compiled.key, message.compiled);
      this.#parent.send({ type: 'compiled', id: message.id });
      return;
    }
    this.#parent.send(message);
    if (message.type === 'paused' || message.type === 'printed') return;
    this.#release(slot);
    this.#startWaiting(slot);
  }

  onGone(slot: WorkerSlot, cause: 'terminated' | 'out-of-memory' | 'crashed', message: string): void {
    this.#slots.delete(slot);
    // A worker that could not even boot takes along what waits for one like it, or it would be tried for ever.
    const id = slot.isReady ? slot.id : this.#takeWaiting(slot.shape);
    if (id !== null) this.#parent.send({ type: 'lost', id, cause, message, reading: slot.read() });
    this.#release(slot);
    this.#bootWanted();
  }

  #receive(message: ToGuest): void {
    switch (message.type) {
      case 'boot':
        this.#addSlot(message.shape);
        return;
      case 'load':
        this.#bytes = message.bytes;
        this.#parent.send({ type: 'loaded' });
        return;
      case 'inspect':
        this.#serve(message.shape, { type: 'inspect', id: message.id, preparation: message.preparation });
        return;
      case 'execute': {
        const { id, execution, shape } = message;
        this.#serve(shape, {
          type: 'execute',
          id,
          execution,
          compiled: this.#compiled.get(preparationKey(preparationOf(execution))) ?? null,
        });
        return;
      }
      case 'command':
        this.#command(message.id, message.command);
    }
  }

  /** Gives work to an idle worker, or keeps it until one is: a worker that ends its work is sooner there than a new one. */
  #serve(shape: WorkerShape, message: Work): void {
    if (this.#bytes === null) throw new Error('a module must be loaded first');
    const slot = this.#idleSlot(shape);
    if (slot !== undefined) this.#start(slot, message);
    else {
      this.#waiting.push({ shape, message });
      this.#bootWanted();
    }
  }

  #start(slot: WorkerSlot, message: Work): void {
    slot.serve(message, this.#bytes!);
    this.#parent.send({ type: 'started', id: message.id });
    this.#gaugeTimer ??= setInterval(() => this.#sendGauges(), GAUGE_PERIOD_MS);
  }

  /** Gives an idle worker what has waited longest for one like it. */
  #startWaiting(slot: WorkerSlot): void {
    const at = this.#waiting.findIndex(({ shape }) => isSameShape(shape, slot.shape));
    if (at >= 0) this.#start(slot, this.#waiting.splice(at, 1)[0]!.message);
    this.#bootWanted();
  }

  #takeWaiting(wanted: WorkerShape): number | null {
    const at = this.#waiting.findIndex(({ shape }) => isSameShape(shape, wanted));
    return at < 0 ? null : this.#waiting.splice(at, 1)[0]!.message.id;
  }

  /** Boots workers for those that wait, a few at a time: those that are running may be done before. */
  #bootWanted(): void {
    let booting = [...this.#slots].filter(({ isReady }) => !isReady).length;
    for (const { shape } of this.#waiting.slice(booting)) {
      if (booting >= BOOTING_LIMIT) return;
      this.#addSlot(shape);
      booting++;
    }
  }

  #command(id: number, command: 'stop' | 'pause' | 'resume' | 'terminate'): void {
    const slot = [...this.#slots].find((candidate) => candidate.id === id);
    if (slot === undefined) this.#commandWaiting(id, command);
    else if (command === 'terminate') slot.terminate();
    else slot.command = command === 'stop' ? commands.stop : command === 'pause' ? commands.pause : commands.run;
  }

  #commandWaiting(id: number, command: 'stop' | 'pause' | 'resume' | 'terminate'): void {
    const at = this.#waiting.findIndex(({ message }) => message.id === id);
    if (at < 0 || command === 'pause' || command === 'resume') return;
    this.#waiting.splice(at, 1);
    const reading = { fuelUsed: null, memoryBytes: null, outputBytes: 0 };
    this.#parent.send({ type: 'lost', id, cause: 'terminated', message: '', reading });
  }

  #idleSlot(shape: WorkerShape): WorkerSlot | undefined {
    for (const slot of this.#slots) {
      if (slot.isReady && slot.id === null && isSameShape(slot.shape, shape)) return slot;
    }
    return undefined;
  }

  #addSlot(shape: WorkerShape): void {
    this.#slots.add(new WorkerSlot(this.#script, shape, this));
  }

  #release(slot: WorkerSlot): void {
    slot.id = null;
    const isBusy = [...this.#slots].some(({ id }) => id !== null);
    if (isBusy || this.#gaugeTimer === null) return;
    clearInterval(this.#gaugeTimer);
    this.#gaugeTimer = null;
  }

  #sendGauges(): void {
    for (const slot of this.#slots) {
      slot.beat();
      if (slot.id !== null) this.#parent.send({ type: 'gauge', id: slot.id, ...slot.read() } satisfies FromGuest);
    }
  }
}

function isSameShape(a: WorkerShape, b: WorkerShape): boolean {
  return a.stackBytes === b.stackBytes && a.heapBytes === b.heapBytes;
}

new GuestProcess(openParent(), new URL('./worker.mjs', import.meta.url));

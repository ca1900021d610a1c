import { commands } from '../guest/gauge.ts';
import { preparationKey } from '../guest/preparation-key.ts';
import type { CompiledModule, FromGuest, FromWorker, ToGuest, WorkerShape } from '../guest/protocol.ts';
import { openParent, type Parent } from './parent.ts';
import { type SlotEvents, WorkerSlot } from './worker-slot.ts';

const GAUGE_PERIOD_MS = 100;

/**
 * A guest process: it has one module and the workers that run it. Its main thread only passes messages on, so that it
 * always hears its supervisor, whatever its workers do.
 */
class GuestProcess implements SlotEvents {
  readonly #parent: Parent;
  readonly #script: URL;
  readonly #slots = new Set<WorkerSlot>();
  readonly #compiled = new Map<string, CompiledModule>();
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
    if (slot.id !== null) this.#parent.send({ type: 'started', id: slot.id });
  }

  onMessage(slot: WorkerSlot, message: Exclude<FromWorker, { type: 'ready' }>): void {
    if (message.type === 'compiled') {
      if (message.compiled !== null) this.#compiled.set(message.compiled.key, message.compiled);
      this.#parent.send({ type: 'compiled', id: message.id });
      return;
    }
    if (message.type === 'ended' || message.type === 'inspected') this.#release(slot);
    this.#parent.send(message);
  }

  onGone(slot: WorkerSlot, cause: 'terminated' | 'out-of-memory' | 'crashed', message: string): void {
    this.#slots.delete(slot);
    const { id } = slot;
    if (id !== null) this.#parent.send({ type: 'lost', id, cause, message, reading: slot.read() });
    this.#release(slot);
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
        this.#serve(message.shape, { type: 'inspect', id: message.id, statics: message.statics });
        return;
      case 'execute': {
        const { id, execution, shape } = message;
        this.#serve(shape, {
          type: 'execute',
          id,
          execution,
          compiled: this.#compiled.get(preparationKey(execution)) ?? null,
        });
        return;
      }
      case 'command':
        this.#command(message.id, message.command);
    }
  }

  #serve(shape: WorkerShape, message: Parameters<WorkerSlot['serve']>[0]): void {
    if (this.#bytes === null) throw new Error('a module must be loaded first');
    const slot = this.#idleSlot(shape) ?? this.#addSlot(shape);
    slot.serve(message, this.#bytes);
    if (slot.isReady) this.#parent.send({ type: 'started', id: message.id });
    this.#gaugeTimer ??= setInterval(() => this.#sendGauges(), GAUGE_PERIOD_MS);
  }

  #command(id: number, command: 'stop' | 'pause' | 'resume' | 'terminate'): void {
    const slot = [...this.#slots].find((candidate) => candidate.id === id);
    if (slot === undefined) return;
    if (command === 'terminate') slot.terminate();
    else slot.command = command === 'stop' ? commands.stop : command === 'pause' ? commands.pause : commands.run;
  }

  #idleSlot(shape: WorkerShape): WorkerSlot | undefined {
    for (const slot of this.#slots) {
      const fits = slot.shape.stackBytes === shape.stackBytes && slot.shape.heapBytes === shape.heapBytes;
      if (slot.id === null && fits) return slot;
    }
    return undefined;
  }

  #addSlot(shape: WorkerShape): WorkerSlot {
    const slot = new WorkerSlot(this.#script, shape, this);
    this.#slots.add(slot);
    return slot;
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
      if (slot.id !== null) this.#parent.send({ type: 'gauge', id: slot.id, ...slot.read() } satisfies FromGuest);
    }
  }
}

new GuestProcess(openParent(), new URL('./worker.mjs', import.meta.url));

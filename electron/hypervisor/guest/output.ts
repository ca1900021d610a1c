import type { ExecutionControl } from './control.ts';

/** Output goes on its way when this much has gathered, or after this time: a killed guest loses no more. */
const CHUNK_BYTES = 32 * 1024;
const HOLD_MS = 20;

export type OutputStream = 'stdout' | 'stderr';

/** Gathers what a guest prints, bounded by the output limit, and sends it on in chunks. */
export class GuestOutput {
  readonly #send: (stream: OutputStream, bytes: Uint8Array) => void;
  readonly #held: Record<OutputStream, Uint8Array[]> = { stdout: [], stderr: [] };
  #heldBytes = 0;
  #heldSinceMs = 0;

  constructor(send: (stream: OutputStream, bytes: Uint8Array) => void) {
    this.#send = send;
  }

  /** Takes `bytes` over; ends the execution at the output limit, after keeping what still fits. */
  write(control: ExecutionControl, stream: OutputStream, bytes: Uint8Array): void {
    const kept = control.countOutput(bytes.length);
    if (kept > 0) {
      if (this.#heldBytes === 0) this.#heldSinceMs = performance.now();
      this.#held[stream].push(kept === bytes.length ? bytes : bytes.slice(0, kept));
      this.#heldBytes += kept;
    }
    if (kept < bytes.length) control.end(control.outputOutcome());
    this.pulse();
  }

  /** Sends what has been held long enough. */
  pulse(): void {
    if (this.#heldBytes === 0) return;
    if (this.#heldBytes >= CHUNK_BYTES || performance.now() - this.#heldSinceMs >= HOLD_MS) this.flush();
  }

  /** Sends everything. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const parts = this.#held[stream];
      if (parts.length === 0) continue;
      this.#held[stream] = [];
      this.#send(stream, parts.length === 1 ? parts[0]! : concatenate(parts));
    }
    this.#heldBytes = 0;
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

import type { EventData, EventMessage, EventName } from '../../shared/contract/events.ts';

/** Numbers every event of this process and keeps the newest ones for clients that come back. */
export type EventHub = {
  publish<N extends EventName>(name: N, data: EventData<N>): void;
  /**
   * Delivers at once the kept events with a number above `since`, then every new one. A client that finds a gap before
   * the first of them has been away too long and asks for its snapshots again. Returns the unsubscribe.
   */
  subscribe(since: number, listener: (message: EventMessage) => void): () => void;
  /** The number of the newest event, 0 before the first. */
  seq(): number;
};

const KEPT_EVENTS = 4096;

export function createEventHub(clock: () => number = Date.now, kept = KEPT_EVENTS): EventHub {
  const listeners = new Set<(message: EventMessage) => void>();
  const recent: EventMessage[] = [];
  let seq = 0;
  return {
    publish(name, data) {
      seq += 1;
      const message = { seq, ts: clock(), name, data } as EventMessage;
      recent.push(message);
      if (recent.length > kept * 2) recent.splice(0, recent.length - kept);
      for (const listener of listeners) listener(message);
    },
    subscribe(since, listener) {
      for (const message of recent.slice(-kept)) if (message.seq > since) listener(message);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    seq: () => seq,
  };
}

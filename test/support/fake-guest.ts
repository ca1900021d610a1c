import type { FromGuest, ToGuest } from '../../electron/hypervisor/guest/protocol.ts';
import type { GuestExit, SpawnGuest } from '../../electron/hypervisor/index.ts';

/** A guest process that does only what a test says. */
export type FakeGuest = {
  readonly sent: ToGuest[];
  isKilled: boolean;
  say(message: FromGuest | { type: string }): void;
  exit(exit?: Partial<GuestExit>): void;
};

/** A `SpawnGuest` whose guests boot, load and die obediently, and otherwise wait for the test. */
export function createFakeSpawn(options: { readonly isBootable?: boolean } = {}): {
  spawn: SpawnGuest;
  guests: FakeGuest[];
} {
  const guests: FakeGuest[] = [];
  const spawn: SpawnGuest = () => {
    let onMessage: (message: unknown) => void = () => {};
    let onExit: (exit: GuestExit) => void = () => {};
    const guest: FakeGuest = {
      sent: [],
      isKilled: false,
      say: (message) => onMessage(message),
      exit: (exit) => onExit({ code: null, signal: 'SIGKILL', diagnostic: '', ...exit }),
    };
    guests.push(guest);
    return {
      pid: guests.length,
      send(message) {
        guest.sent.push(message);
        if (message.type === 'boot' && options.isBootable === false)
          queueMicrotask(() => guest.exit({ code: 1, signal: null }));
        else if (message.type === 'boot') queueMicrotask(() => guest.say({ type: 'ready' }));
        if (message.type === 'load') queueMicrotask(() => guest.say({ type: 'loaded' }));
      },
      onMessage: (listener) => {
        onMessage = listener;
      },
      onExit: (listener) => {
        onExit = listener;
      },
      kill() {
        if (guest.isKilled) return;
        guest.isKilled = true;
        queueMicrotask(() => guest.exit());
      },
    };
  };
  return { spawn, guests };
}

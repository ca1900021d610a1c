import type { FromGuest, ToGuest } from './guest/protocol.ts';

/** How a guest process ended. */
export type GuestExit = {
  readonly code: number | null;
  readonly signal: string | null;
  /** the end of what it wrote to its standard error: where V8 says that it ran out of memory */
  readonly diagnostic: string;
};

/** One guest process as its owner sees it. Filled by `child_process.fork` or by Electron's `utilityProcess`. */
export type GuestChannel = {
  readonly pid: number | undefined;
  /** Sends by structured clone; silently drops when the process is gone. */
  send(message: ToGuest): void;
  /** What arrives is not trusted: `FromGuest` only once parsed. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the process could not be started. */
  onExit(listener: (exit: GuestExit) => void): void;
  /** SIGKILL, at once; there is no polite form. */
  kill(): void;
};

/** Starts a blank guest process, whose first message is `ready`. */
export type SpawnGuest = () => GuestChannel;

export type { FromGuest, ToGuest };

import type { App } from '../ipc/index.ts';
import type { Terminal } from './terminal.ts';

/** One word after `glovebox`. */
export type Command = {
  readonly name: string;
  /** one line for the list of commands */
  readonly summary: string;
  /** the whole help text, examples included */
  readonly help: string;
  /** Does it and returns the exit status. @throws UsageError, Refusal */
  run(args: readonly string[], shell: Shell): Promise<number>;
};

/** The calls and events of a hypervisor, wherever it runs. */
export type Door = Pick<App, 'call'> & { readonly events: Pick<App['events'], 'subscribe' | 'seq'> };

/** What a command has of the machine. */
export type Shell = {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Where `--data`, the environment or the platform puts everything Glovebox keeps. */
  readonly dataFolder: string;
  /** The passphrase of the key store, from its file or the terminal; undefined where neither can give it. */
  storePassphrase(): Promise<string | undefined>;
  /**
   * Opens the hypervisor over the data folder, or a way into the server that holds it already. Closed by the command line
   * when the command ends.
   */
  openApp(): Promise<Door>;
  /** Opens the hypervisor in this process. */
  openOwnApp(): Promise<App>;
  /** Calls `listener` for each Ctrl-C instead of ending the process. Returns how to stop. */
  onInterrupt(listener: (count: number) => void): () => void;
};

/** The command was used in a way that it does not understand: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

import path from 'node:path';

/** Files that the system asks the app to open: queued until there is someone to open them. */
export type OpenFiles = {
  /** Takes the files named on a command line, ours or a second instance's. */
  addArguments(argv: readonly string[], workingFolder: string): void;
  add(file: string): void;
  /** From now on every file goes to `open`; the queued ones at once. */
  start(open: (file: string) => void): void;
};

export function createOpenFiles(): OpenFiles {
  const queue: string[] = [];
  let deliver = (file: string): void => void queue.push(file);
  return {
    addArguments(argv, workingFolder) {
      for (const file of filesOf(argv)) deliver(path.resolve(workingFolder, file));
    },
    add: (file) => deliver(file),
    start(open) {
      deliver = open;
      for (const file of queue.splice(0)) open(file);
    },
  };
}

/**
 * The arguments that name files: everything but options. In development the first is the app's own folder. Whether it is a
 * module is found out by reading it, with the same care as for any other file.
 */
function filesOf(argv: readonly string[]): string[] {
  return argv.slice(1).filter((argument) => !argument.startsWith('-') && /\.wasm$/i.test(argument));
}

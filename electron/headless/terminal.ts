import { writeSync } from 'node:fs';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where a command's words go. Colours only where they are seen and wanted. */
export type Terminal = {
  /** a line on standard output: the command's answer */
  print(line: string): void;
  /** raw bytes on standard output or standard error: the guest's own */
  pass(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** a line on standard error: what is said about the answer */
  note(line: string): void;
  /** a line on standard error that the next one replaces; nothing where standard error is not a terminal */
  progress(line: string): void;
  /** `text` in a style, on the stream that it is meant for */
  styled(style: Style, text: string, stream?: 'stdout' | 'stderr'): string;
  readonly isInteractive: boolean;
};

const CODES: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** The process's own terminal. `NO_COLOR` (no-color.org) and `TERM=dumb` turn colours off. */
export function openTerminal(env: Readonly<Record<string, string | undefined>>): Terminal {
  const wantsColour = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const isSeen = { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true };
  let hasProgress = false;
  const clear = (): void => {
    if (hasProgress) writeAll(2, Buffer.from('\r\x1b[K'));
    hasProgress = false;
  };
  return {
    print(line) {
      clear();
      writeAll(1, Buffer.from(`${line}\n`));
    },
    pass(stream, bytes) {
      clear();
      writeAll(stream === 'stdout' ? 1 : 2, bytes);
    },
    note(line) {
      clear();
      writeAll(2, Buffer.from(`${line}\n`));
    },
    progress(line) {
      if (!isSeen.stderr) return;
      writeAll(2, Buffer.from(`\r\x1b[K${line}`));
      hasProgress = true;
    },
    styled(style, text, stream = 'stdout') {
      return wantsColour && isSeen[stream] ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text;
    },
    isInteractive: isSeen.stdout && isSeen.stderr,
  };
}

/** Writes everything before it returns, so that an exit right after loses nothing. A reader that has gone is no error. */
function writeAll(descriptor: 1 | 2, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      // A pipe that is full and does not block: let its reader come to it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuestExit, SpawnGuest } from './spawn.ts';

/** Enough of a process's last words to find V8's reason in them. */
const DIAGNOSTIC_CHARS = 16_384;

/**
 * Flags of a guest process. Its own heap holds messages only (buffers lie outside of it), its workers bring their own
 * limits; one helper thread per process compiles, so that a hundred of them stay small.
 */
const V8_FLAGS = [
  '--max-old-space-size=64',
  '--max-semi-space-size=1',
  '--v8-pool-size=1',
  '--disallow-code-generation-from-strings',
  '--no-warnings',
];

/**
 * Guest processes by `child_process.fork`, for everything that is not Electron.
 * The environment is empty; Node's permission model leaves it the folder of the bundle to read and workers to start.
 *
 * @param processScript the built `process.js`, with `worker.js` beside it
 */
export function forkGuest(processScript: URL): SpawnGuest {
  const path = fileURLToPath(processScript);
  // SECURITY: no file system, no child processes, no addons, no network; --allow-worker is what the design needs.
  const permissions = ['--permission', `--allow-fs-read=${dirname(path)}/*`, '--allow-worker'];
  return () => {
    const child = fork(path, [], {
      env: {},
      cwd: '/',
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [...permissions, ...V8_FLAGS],
    });
    return {
      pid: child.pid,
      send: (message) => {
        if (child.connected) child.send(message, undefined, undefined, () => {});
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => watchExit(child, listener),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

function watchExit(child: ChildProcess, listener: (exit: GuestExit) => void): void {
  let diagnostic = '';
  let isTold = false;
  const tell = (code: number | null, signal: string | null) => {
    if (!isTold) listener({ code, signal, diagnostic });
    isTold = true;
  };
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    diagnostic = (diagnostic + text).slice(-DIAGNOSTIC_CHARS);
  });
  // `close` comes after the last of stderr; an error without a process has no `close`.
  child.on('close', tell);
  child.on('error', (error) => {
    diagnostic += error.message;
    if (child.pid === undefined) tell(null, null);
  });
}

import { utilityProcess } from 'electron';
import type { SpawnGuest } from '../hypervisor/index.ts';

/** Enough of a process's last words to find V8's reason in them. */
const DIAGNOSTIC_CHARS = 16_384;

/**
 * Guest processes by Electron's `utilityProcess`, each in Chromium's own process tree: it ends when the app does.
 * The environment is empty.
 *
 * @param processScript the built `process.mjs`, with `worker.mjs` beside it
 */
export function utilityGuest(processScript: string): SpawnGuest {
  return () => {
    const child = utilityProcess.fork(processScript, [], {
      env: {},
      serviceName: 'Glovebox guest',
      stdio: ['ignore', 'ignore', 'pipe'],
      execArgv: ['--disallow-code-generation-from-strings'],
      disclaim: true,
    });
    let diagnostic = '';
    child.stderr?.on('data', (text: Buffer) => {
      diagnostic = (diagnostic + text.toString('utf8')).slice(-DIAGNOSTIC_CHARS);
    });
    return {
      get pid() {
        return child.pid;
      },
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.on('exit', (code) => listener({ code, signal: null, diagnostic })),
      // `kill()` asks with SIGTERM; a guest is not asked.
      kill: () => {
        if (child.pid !== undefined) killNow(child.pid);
        else child.once('spawn', () => killNow(child.pid!));
      },
    };
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it is gone already
  }
}

import { execute } from './execute.ts';
import { Gauge } from './gauge.ts';
import { LoadedModule } from './loaded-module.ts';
import type { ToWorker, WorkerPort } from './protocol.ts';
import { Watchdog } from './watchdog.ts';

/**
 * The guest runtime: serves one module to one owner over `port`, one execution after the other. Uses nothing but
 * WebAssembly, messages, SharedArrayBuffer and Atomics, so it runs in a worker of Node and of Chromium alike.
 */
export function startRuntime(port: WorkerPort, gaugeMemory: SharedArrayBuffer): void {
  // SECURITY: stacks are read for frames of the guest, never shown; a deep one must not cost memory.
  (Error as unknown as { stackTraceLimit: number }).stackTraceLimit = 60;
  const gauge = new Gauge(gaugeMemory);
  const watchdog = new Watchdog(gauge, () => port.abandon());
  let loaded: LoadedModule | null = null;
  port.listen((message) => {
    if (message.type === 'module') loaded = new LoadedModule(message.bytes);
    else if (loaded === null) throw new Error('a module must be loaded first');
    else serve(port, loaded, { gauge, watchdog }, message);
  });
  port.post({ type: 'ready' });
}

function serve(
  port: WorkerPort,
  loaded: LoadedModule,
  { gauge, watchdog }: { readonly gauge: Gauge; readonly watchdog: Watchdog },
  message: Exclude<ToWorker, { type: 'module' }>,
): void {
  const { id } = message;
  if (message.type === 'inspect') {
    const { inspection, compiled } = loaded.inspect(message.preparation);
    port.post({ type: 'compiled', id, compiled });
    port.post({ type: 'inspected', id, inspection });
    return;
  }
  const result = execute(loaded, message.execution, message.compiled, gauge, {
    onCompiled: (compiled) => port.post({ type: 'compiled', id, compiled }),
    onPrinted: (stream, bytes) => port.post({ type: 'printed', id, stream, bytes }),
    onLook: () => watchdog.look(),
    onPaused: () => port.post({ type: 'paused', id }),
  });
  port.post({ type: 'ended', id, result });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Builds the guest's bundles (the process, and the worker it starts) from the sources into a folder of their own, so
 * that tests run what is written now and not what was built once.
 */
export async function buildGuest(): Promise<{ processScript: URL; remove(): Promise<void> }> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'glovebox-guest-'));
  for (const name of ['process', 'worker']) {
    await build({
      root,
      configFile: false,
      envFile: false,
      logLevel: 'error',
      ssr: { noExternal: true, target: 'node' },
      build: {
        ssr: true,
        target: 'node24',
        outDir,
        emptyOutDir: false,
        minify: false,
        rollupOptions: {
          input: { [name]: path.join(root, `electron/hypervisor/process/${name}.ts`) },
          output: { format: 'es', entryFileNames: '[name].mjs' },
        },
      },
    });
  }
  return {
    processScript: pathToFileURL(path.join(outDir, 'process.mjs')),
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}

/** Builds the runtime for a browser's worker, as one script. */
export async function buildWebWorker(): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    envFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'chrome140',
      rollupOptions: {
        input: path.join(root, 'electron/hypervisor/guest/worker-web.ts'),
        output: { format: 'iife', inlineDynamicImports: true },
      },
    },
  });
  const { output } = (Array.isArray(built) ? built[0]! : built) as {
    output: readonly { readonly type: string; readonly code?: string }[];
  };
  const scripts = output.filter(({ type }) => type === 'chunk');
  if (scripts.length !== 1) throw new Error(`expected one script, got ${scripts.length}`);
  return scripts[0]!.code!;
}

import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { build as buildDesktop } from 'electron-vite';
import { build as buildBundle, type InlineConfig, type LogLevel } from 'vite';
import { buildSamples } from '../electron/samples/build.ts';

const root = path.resolve(import.meta.dirname, '..');
const logLevel: LogLevel = process.argv.includes('--verbose') ? 'info' : 'warn';

// Everything there is goes into `out/`: desktop app, command line, guest runtime, samples.
await rm(path.join(root, 'out'), { recursive: true, force: true });
await buildDesktop({ root, logLevel });
await buildBundle(
  nodeBundle(
    'headless',
    'js',
    { cli: 'electron/headless/cli.ts', 'argon2-worker': 'electron/vault/argon2-worker.ts' },
    [],
  ),
);
// `npx glovebox` runs the file itself.
await chmod(path.join(root, 'out/headless/cli.js'), 0o755);
// Each by itself: two entries of one build would share a chunk, and a guest has nothing to import from.
await buildBundle(nodeBundle('guest', 'mjs', { process: 'electron/hypervisor/process/process.ts' }, true));
await buildBundle(nodeBundle('guest', 'mjs', { worker: 'electron/hypervisor/process/worker.ts' }, true));
await buildBundle(nodeBundle('ledger', 'mjs', { verifier: 'electron/ledger/verify/worker.ts' }, true));
const samples = await buildSamples(path.join(root, 'out/samples'));
console.log(`built out/{main,preload,renderer,headless,guest,ledger} and ${samples} samples and hostile guests`);

/** A bundle that runs on Node; `bundled` true takes every dependency into the file, so that it has no imports at run time. */
function nodeBundle(
  folder: string,
  extension: 'js' | 'mjs',
  input: Record<string, string>,
  bundled: true | string[],
): InlineConfig {
  return {
    root,
    configFile: false,
    envDir: false,
    logLevel,
    ssr: { noExternal: bundled, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir: path.join(root, 'out', folder),
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input,
        output: { format: 'es', entryFileNames: `[name].${extension}`, chunkFileNames: '[name]-[hash].js' },
      },
    },
  };
}

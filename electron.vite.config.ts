import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { callNames } from './shared/contract/index.ts';

/** The three bundles of the desktop app; `build/build.ts` adds the command line, the guest and the samples. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      lib: {
        entry: { index: 'electron/main/index.ts', 'argon2-worker': 'electron/vault/argon2-worker.ts' },
        formats: ['es'],
      },
      sourcemap: false,
      minify: false,
    },
  },
  preload: {
    // The sandboxed preload has no imports: the names of the calls are written into it.
    define: { CALL_NAMES: JSON.stringify(callNames) },
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      isolatedEntries: true,
      minify: false,
      rollupOptions: {
        input: { index: 'electron/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome140',
      minify: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: 'renderer/index.html' },
    },
  },
});

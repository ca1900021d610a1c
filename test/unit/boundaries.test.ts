import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** One import as it stands: from which file, of what; `target` is a path from the root, or the package's name. */
type Import = { readonly from: string; readonly target: string };

const imports: readonly Import[] = ['shared', 'electron', 'renderer'].flatMap((folder) =>
  sourcesIn(folder).flatMap(importsOf),
);

function sourcesIn(folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return entries
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')));
}

function importsOf(from: string): Import[] {
  const text = readFileSync(path.join(root, from), 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'|(?:^|\n)import '([^']+)'/g,
  );
  return [...found].map((match) => {
    const named = match[1] ?? match[2] ?? match[3]!;
    return { from, target: named.startsWith('.') ? path.posix.join(path.posix.dirname(from), named) : named };
  });
}

/** The imports that break a rule, readable in a failure. */
function breaking(isBreaking: (found: Import) => boolean): string[] {
  return imports.filter(isBreaking).map(({ from, target }) => `${from} imports ${target}`);
}

const isIn = (place: string, ...folders: string[]) => folders.some((folder) => place.startsWith(`${folder}/`));
const roomOf = (place: string) => /^electron\/([a-z]+)\//.exec(place)?.[1];

test('enough imports are found for the rules to mean something', () => {
  expect(imports.length).toBeGreaterThan(300);
  expect(imports).toContainEqual({ from: 'electron/preload/index.ts', target: 'electron' });
});

test('shared knows nobody but zod', () => {
  expect(
    breaking(({ from, target }) => isIn(from, 'shared') && !isIn(target, 'shared') && !target.startsWith('zod')),
  ).toEqual([]);
});

test('only main and preload use the electron package', () => {
  expect(
    breaking(
      ({ from, target }) =>
        /^electron($|\/(main|common|renderer)$)/.test(target) && !isIn(from, 'electron/main', 'electron/preload'),
    ),
  ).toEqual([]);
});

test('the preload has no dependencies', () => {
  expect(breaking(({ from, target }) => isIn(from, 'electron/preload') && target !== 'electron')).toEqual([]);
});

test('what runs with a guest needs no Node and no window', () => {
  const neutral = ['electron/wasm', 'electron/hypervisor/guest', 'electron/hypervisor/wasi'];
  expect(
    breaking(({ from, target }) => isIn(from, ...neutral) && !isIn(target, ...neutral, 'shared', 'zod', '@noble')),
  ).toEqual([]);
});

test('the rooms know neither the composition nor a transport', () => {
  const rooms = ['hypervisor', 'wasm', 'vault', 'ledger', 'receipt', 'disk'].map((room) => `electron/${room}`);
  const above = ['ipc', 'main', 'preload', 'headless'].map((room) => `electron/${room}`);
  expect(breaking(({ from, target }) => isIn(from, ...rooms) && isIn(target, ...above, 'renderer'))).toEqual([]);
});

/** What the vault and the receipts compute with: bytes and primitives, no state and no key. */
const sharedDoors = ['bytes', 'engine', 'p256', 'p256-encoding'].map((name) => `electron/vault/${name}.ts`);

test('a room is entered through its index', () => {
  expect(
    breaking(({ from, target }) => {
      const room = roomOf(target);
      if (room === undefined || room === roomOf(from) || target === `electron/${room}/index.ts`) return false;
      return !(isIn(from, 'electron/receipt') && sharedDoors.includes(target));
    }),
  ).toEqual([]);
});

test('the window reaches nothing but shared, its own files and browser packages', () => {
  expect(
    breaking(({ from, target }) => isIn(from, 'renderer') && (isIn(target, 'electron') || target.startsWith('node:'))),
  ).toEqual([]);
});

test('features of the window never import each other', () => {
  const featureOf = (place: string) => /^renderer\/features\/([a-z]+)\//.exec(place)?.[1];
  expect(
    breaking(({ from, target }) => {
      const feature = featureOf(target);
      return feature !== undefined && featureOf(from) !== undefined && featureOf(from) !== feature;
    }),
  ).toEqual([]);
});

test('only the bridge touches what the preload exposes, or asks the server', () => {
  const reaching = sourcesIn('renderer').filter((file) => {
    if (isIn(file, 'renderer/bridge')) return false;
    const text = readFileSync(path.join(root, file), 'utf8');
    return /\b(?:window|globalThis)\.glovebox\b|\bfetch\(|\bnew (?:EventSource|WebSocket|XMLHttpRequest)\b/.test(text);
  });
  expect(reaching).toEqual([]);
});

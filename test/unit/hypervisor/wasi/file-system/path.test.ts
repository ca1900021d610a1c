import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WasiError } from '../../../../../electron/hypervisor/wasi/errno.ts';
import { FileSystem } from '../../../../../electron/hypervisor/wasi/file-system/file-system.ts';
import type { DirectoryNode, Node } from '../../../../../electron/hypervisor/wasi/file-system/node.ts';
import { find } from '../../../../../electron/hypervisor/wasi/file-system/path.ts';
import { FileGuest } from '../../../../support/wasi-guest.ts';

test.each([
  ['..'],
  ['../'],
  ['../inside'],
  ['./..'],
  ['dir/../..'],
  ['dir/../../inside/dir'],
  ['dir/./.././..'],
  ['/'],
  ['/inside'],
  ['//dir'],
  ['up'],
  ['up/outside'],
  ['dir/deep'],
  ['dir/deep/x'],
  ['chain'],
  ['dir/up-twice'],
  ['dirlink/../..'],
  ['long/../../../..'],
])('%s does not lead out of the folder it starts from', (path) => {
  const guest = new FileGuest();
  guest.mkdir('inside');
  const inside = guest.openDirectory('inside') as number;
  guest.create('outside', 'secret');
  guest.mkdir('dir', inside);
  guest.mkdir('long', inside);
  guest.symlink('..', 'up', inside);
  guest.symlink('../..', 'dir/deep', inside);
  guest.symlink('up', 'chain', inside);
  guest.symlink('../../outside', 'dir/up-twice', inside);
  guest.symlink('dir', 'dirlink', inside);
  const [text, length] = guest.put(path);
  const other = guest.put('new');
  const answers = [
    guest.open(path, { from: inside, isFollowing: true }),
    guest.open(path, { from: inside, isFollowing: true, flags: ['creat'] }),
    guest.openDirectory(path, { from: inside, isFollowing: true }),
    guest.call('path_filestat_get', inside, 1, text, length, guest.room(64)),
    guest.call('path_filestat_set_times', inside, 1, text, length, 0n, 0n, 0),
    guest.mkdir(`${path}/x`, inside),
    guest.rmdir(`${path}/x`, inside),
    guest.unlink(`${path}/x`, inside),
    guest.symlink('x', `${path}/x`, inside),
    guest.rename('dir', `${path}/x`, inside),
    guest.rename(`${path}/x`, 'new', inside),
    guest.call('path_link', inside, 0, ...guest.put(`${path}/x`), inside, ...other),
    guest.call('path_link', inside, 0, ...guest.put('dir'), inside, ...guest.put(`${path}/x`)),
  ];
  expect(new Set(answers)).toEqual(new Set(['perm']));
  expect(guest.written()).toEqual({ '/outside': 'secret' });
});

test('a link may go up and down again as long as it stays below', () => {
  const guest = new FileGuest();
  guest.mkdir('a');
  guest.mkdir('a/b');
  guest.create('target', 'found');
  guest.symlink('../../target', 'a/b/link');
  expect([guest.content('a/b/link'), guest.content('./a//b/.././b/link')]).toEqual(['found', 'found']);
});

test('forty links in a row are followed, one more is a loop', () => {
  const guest = new FileGuest();
  guest.create('0', 'end');
  for (let index = 1; index <= 41; index++) guest.symlink(String(index - 1), String(index));
  expect([guest.content('40'), guest.content('41')]).toEqual(['end', '<loop>']);
  guest.symlink('x/y', 'x');
  expect([guest.content('x'), guest.content('x/z')]).toEqual(['<loop>', '<loop>']);
});

test('names that mean something to JavaScript or to other systems are names like any other', () => {
  const guest = new FileGuest();
  for (const name of ['__proto__', 'constructor', 'C:', '..\\..', '...', ' ', '\u202e', 'a\\b', '~']) {
    expect(guest.status(name)).toBe('noent');
    guest.create(name, name);
    expect(guest.content(name)).toBe(name);
  }
});

type Tree = { [name: string]: Tree | string | null };

/** The naive model: rewrites the path as text, one component at a time, over a nested object. Strings are links. */
function resolveNaively(tree: Tree, path: string): unknown {
  let done: string[] = [];
  let todo = path.split('/').filter((name) => name !== '');
  let links = 0;
  let wantsDirectory = path.endsWith('/');
  const at = (names: string[]): Tree | string | null | undefined =>
    names.reduce<Tree | string | null | undefined>(
      (node, name) => (node && typeof node === 'object' && Object.hasOwn(node, name) ? node[name] : undefined),
      tree,
    );
  while (todo.length > 0) {
    const [name, ...rest] = todo as [string, ...string[]];
    todo = rest;
    if (name === '.') continue;
    if (name === '..') {
      if (done.length === 0) return 'perm';
      done = done.slice(0, -1);
      continue;
    }
    const node = at([...done, name]);
    if (node === undefined) return 'noent';
    if (typeof node === 'string') {
      if (++links > 40) return 'loop';
      if (todo.length === 0) wantsDirectory ||= node.endsWith('/');
      todo = [...node.split('/').filter((part) => part !== ''), ...todo];
      continue;
    }
    if (node === null && (todo.length > 0 || wantsDirectory)) return 'notdir';
    done = [...done, name];
  }
  return at(done);
}

const name = fc.constantFrom('a', 'b', 'c');
const step = fc.constantFrom('a', 'b', 'c', '.', '..', '');
const relative = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => steps.join('/'));
const plainRelative = relative.filter((path) => path !== '' && !path.startsWith('/'));
const { tree: anyTree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.dictionary(name, fc.oneof({ maxDepth: 4 }, fc.constant(null), plainRelative, tie('tree')), {
    maxKeys: 3,
  }) as never,
}));

function build(files: FileSystem, parent: DirectoryNode, tree: Tree, seen: Map<unknown, Node>): void {
  seen.set(tree, parent);
  for (const [key, value] of Object.entries(tree)) {
    if (value === null) seen.set(`${parent.ino}/${key}`, files.createFile(parent, key));
    else if (typeof value === 'string') files.createSymlink(parent, key, value);
    else build(files, files.createDirectory(parent, key), value, seen);
  }
}

test('paths lead where a naive model says, and never out', () => {
  fc.assert(
    fc.property(
      anyTree,
      relative.filter((path) => path !== '' && !path.startsWith('/')),
      (tree, path) => {
        const files = new FileSystem({ fileBytes: 1e6, fileEntries: 1e4 }, () => 0n, true);
        const seen = new Map<unknown, Node>();
        build(files, files.root, tree, seen);
        const expected = resolveNaively(tree, path);
        let found: unknown;
        try {
          found = find(files.root, path, true);
        } catch (error) {
          if (!(error instanceof WasiError)) throw error;
          found = error.message;
        }
        if (expected === null) expect((found as Node).kind).toBe('file');
        else expect(found).toBe(typeof expected === 'string' ? expected : seen.get(expected));
      },
    ),
    { numRuns: 3000 },
  );
});

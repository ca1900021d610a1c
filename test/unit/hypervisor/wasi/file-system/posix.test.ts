import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileGuest } from '../../../../support/wasi-guest.ts';

/**
 * Random operations on random paths, done by a guest and by the machine's own file system, must come to the same.
 * Where the guest says `perm` the path would have led out of its folder (or linked a directory): the machine is not
 * asked, and `path.test.ts` checks that answer against a model of its own.
 */
const isLinux = process.platform === 'linux';

type Operation = { name: 'mkdir' | 'rmdir' | 'unlink' | 'create' | 'read' | 'stat' | 'readlink'; path: string };
type TwoPaths = { name: 'symlink' | 'link' | 'rename'; path: string; to: string };

const component = fc.constantFrom('a', 'b', 'c', 'd', '.', '..');
const path = fc
  .tuple(fc.array(component, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '', '', '/'))
  .map(([names, slash]) => names.join('/') + slash);
const operation = fc.oneof(
  fc.record({
    name: fc.constantFrom('mkdir', 'mkdir', 'rmdir', 'unlink', 'create', 'create', 'read', 'stat', 'readlink'),
    path,
  }),
  fc.record({ name: fc.constantFrom('symlink', 'link', 'rename', 'rename'), path, to: path }),
) as fc.Arbitrary<Operation | TwoPaths>;

function onGuest(guest: FileGuest, step: Operation | TwoPaths): string {
  switch (step.name) {
    case 'mkdir':
    case 'rmdir':
    case 'unlink':
      return guest[step.name](step.path);
    case 'symlink':
    case 'link':
    case 'rename':
      return guest[step.name](step.path, step.to);
    case 'create': {
      const fd = guest.open(step.path, { flags: ['creat', 'trunc'], isFollowing: true });
      if (typeof fd === 'string') return fd;
      guest.write(fd, step.path);
      guest.call('fd_close', fd);
      return 'success';
    }
    case 'read': {
      const fd = guest.open(step.path, { isFollowing: true, rights: 2 });
      if (typeof fd === 'string') return fd;
      const text = guest.read(fd, 99);
      guest.call('fd_close', fd);
      return text === '<badf>' ? 'isdir' : `text ${text}`;
    }
    case 'stat': {
      const status = guest.status(step.path);
      return typeof status === 'string' ? status : `type ${status.type} size ${status.type === 3 ? 0 : status.size}`;
    }
    case 'readlink':
      return guest.readlink(step.path).replace(/^<(.*)>$/, '$1');
  }
}

function onMachine(root: string, step: Operation | TwoPaths): string {
  const at = (relative: string) => `${root}/${relative}`;
  try {
    switch (step.name) {
      case 'mkdir':
        fs.mkdirSync(at(step.path));
        return 'success';
      case 'rmdir':
        fs.rmdirSync(at(step.path));
        return 'success';
      case 'unlink':
        fs.unlinkSync(at(step.path));
        return 'success';
      case 'create':
        fs.writeFileSync(at(step.path), step.path);
        return 'success';
      case 'read':
        return `text ${fs.readFileSync(at(step.path), 'utf8')}`;
      case 'stat': {
        const stat = fs.lstatSync(at(step.path));
        const type = stat.isDirectory() ? 3 : stat.isFile() ? 4 : 7;
        return `type ${type} size ${type === 3 ? 0 : stat.size}`;
      }
      case 'readlink':
        return fs.readlinkSync(at(step.path));
      case 'symlink':
        fs.symlinkSync(step.path, at(step.to));
        return 'success';
      case 'link':
        fs.linkSync(at(step.path), at(step.to));
        return 'success';
      case 'rename':
        fs.renameSync(at(step.path), at(step.to));
        return 'success';
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code!.slice(1).toLowerCase();
  }
}

/**
 * Answers that differ in kind but not in what happened: what names no entry is refused before its state is looked at,
 * a file to be made through a loop of links that end in slashes is a loop, where Linux says `isdir` before it follows it,
 * and a link to be made at `file/` is `notdir`, as in Wasmtime, where Linux says `exist`.
 */
function isSameRefusal(guest: string, machine: string, step: Operation | TwoPaths): boolean {
  const namesNoEntry = (text: string) => /(^|\/)\.\.?\/?$/.test(text);
  if (step.name === 'symlink' && guest === 'notdir' && machine === 'exist') return step.to.endsWith('/');
  if (step.name === 'create' && guest === 'loop' && machine === 'isdir') return true;
  const ends = 'to' in step ? [step.path, step.to] : [step.path];
  return ends.some(namesNoEntry) && guest !== 'success' && machine !== 'success';
}

function tree(root: string, below = ''): string[] {
  return fs
    .readdirSync(`${root}/${below}`, { withFileTypes: true })
    .flatMap((entry) => {
      const name = `${below}/${entry.name}`;
      if (entry.isDirectory()) return [`${name}/`, ...tree(root, name)];
      return [entry.isSymbolicLink() ? `${name} -> ${fs.readlinkSync(root + name)}` : name];
    })
    .sort();
}

function guestTree(guest: FileGuest, below = '.'): string[] {
  const fd = guest.openDirectory(below) as number;
  const entries = guest.list(fd, 2n, 65536);
  guest.call('fd_close', fd);
  return entries
    .flatMap(({ name, type }) => {
      const inner = `${below}/${name}`;
      const shown = inner.slice(1);
      if (type === 3) return [`${shown}/`, ...guestTree(guest, inner)];
      return [type === 7 ? `${shown} -> ${guest.readlink(inner)}` : shown];
    })
    .sort();
}

test.runIf(isLinux)('a guest sees what a program on this machine would', { timeout: 60_000 }, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'wasi-posix-'));
  let round = 0;
  try {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 5, maxLength: 40 }), (steps) => {
        const root = join(base, String(round++), 'outer', 'root');
        fs.mkdirSync(root, { recursive: true });
        const guest = new FileGuest();
        for (const step of steps) {
          const answer = onGuest(guest, step);
          if (answer === 'perm') continue;
          const expected = onMachine(root, step);
          if (answer === expected || isSameRefusal(answer, expected, step)) continue;
          expect({ step, answer, tree: tree(root) }).toEqual({ step, answer: expected, tree: guestTree(guest) });
        }
        expect(guestTree(guest)).toEqual(tree(root));
      }),
      { numRuns: 300 },
    );
  } finally {
    fs.rmSync(base, { recursive: true });
  }
});

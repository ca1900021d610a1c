import { expect, test } from 'vitest';
import { DIRECTORY_RIGHTS, fileType, right } from '../../../../../electron/hypervisor/wasi/abi.ts';
import { FileGuest, type FileStatus } from '../../../../support/wasi-guest.ts';

test('directories are made once, where their parent is', () => {
  const guest = new FileGuest();
  expect([guest.mkdir('a'), guest.mkdir('a/b'), guest.mkdir('a/c/')]).toEqual(['success', 'success', 'success']);
  expect(guest.status('a/b')).toMatchObject({ type: fileType.directory });
  guest.create('file');
  guest.symlink('a', 'link');
  expect(['a', 'a/', '.', 'a/..', 'file', 'link', 'no/b', 'file/b', 'link/d'].map((path) => guest.mkdir(path))).toEqual(
    ['exist', 'exist', 'exist', 'exist', 'exist', 'exist', 'noent', 'notdir', 'success'],
  );
  expect(guest.status('a/d')).toMatchObject({ type: fileType.directory });
});

test('directories are removed when empty, and nothing else is', () => {
  const guest = new FileGuest();
  guest.mkdir('a');
  guest.mkdir('a/b');
  guest.create('file');
  guest.symlink('a', 'link');
  const remove = (path: string) => guest.rmdir(path);
  expect(['a', 'file', 'file/', 'link', 'none', '.', 'a/..', 'a/.'].map(remove)).toEqual([
    'notempty',
    'notdir',
    'notdir',
    'notdir',
    'noent',
    'inval',
    'inval',
    'inval',
  ]);
  expect(['a/b/', 'a'].map(remove)).toEqual(['success', 'success']);
  expect(guest.status('a')).toBe('noent');
});

test('a removed directory that is still open is empty and takes nothing', () => {
  const guest = new FileGuest();
  guest.mkdir('dir');
  const fd = guest.openDirectory('dir') as number;
  guest.rmdir('dir');
  expect([
    guest.mkdir('x', fd),
    guest.symlink('a', 'x', fd),
    guest.open('x', { from: fd, flags: ['creat'] }),
    guest.open('x', { from: fd }),
  ]).toEqual(['noent', 'noent', 'noent', 'noent']);
  expect([guest.status(fd), guest.list(fd).map(({ name }) => name)]).toMatchObject([{ links: 0n }, ['.', '..']]);
});

test('files and links are unlinked by name, directories never', () => {
  const guest = new FileGuest();
  guest.mkdir('dir');
  guest.create('file');
  guest.symlink('nowhere', 'dangling');
  guest.symlink('dir', 'link');
  expect(
    ['dir', 'dir/', 'file/', 'none', 'none/x', 'file/x', '.', 'dir/..', 'link/'].map((p) => guest.unlink(p)),
  ).toEqual(['isdir', 'isdir', 'notdir', 'noent', 'noent', 'notdir', 'isdir', 'isdir', 'notdir']);
  expect(['file', 'dangling', 'link'].map((path) => guest.unlink(path))).toEqual(['success', 'success', 'success']);
  expect(guest.list(3).map(({ name }) => name)).toEqual(['.', '..', 'dir']);
});

test('an unlinked file stays for those who have it open', () => {
  const guest = new FileGuest();
  guest.create('file', 'still here');
  const fd = guest.open('file') as number;
  expect([guest.unlink('file'), guest.read(fd, 99), guest.open('file')]).toEqual(['success', 'still here', 'noent']);
  expect(guest.status(fd)).toMatchObject({ links: 0n, size: 10n });
  expect(guest.written()).toEqual({});
});

test('symbolic links keep their text and are read as far as there is room', () => {
  const guest = new FileGuest();
  expect(guest.symlink('../some/ümlaut', 'link')).toBe('success');
  expect([guest.readlink('link'), guest.readlink('link', 7), guest.readlink('link', 0)]).toEqual([
    '../some/ümlaut',
    '../some',
    '',
  ]);
  guest.create('file');
  guest.mkdir('dir');
  expect(['file', '.', 'dir', 'none', 'link/'].map((path) => guest.readlink(path))).toEqual([
    '<inval>',
    '<inval>',
    '<inval>',
    '<noent>',
    '<perm>',
  ]);
});

test('a symbolic link is made where nothing is, and never to an absolute place', () => {
  const guest = new FileGuest();
  guest.mkdir('dir');
  guest.create('file');
  const make = ([target, path]: string[]) => guest.symlink(target!, path!);
  expect(
    [
      ['x', 'dir'],
      ['x', 'dir/'],
      ['x', 'file'],
      ['x', 'file/'],
      ['x', 'new/'],
      ['x', '.'],
      ['', 'new'],
      ['/etc/passwd', 'new'],
      ['a\0b', 'new'],
      ['x', 'none/new'],
    ].map(make),
  ).toEqual(['exist', 'exist', 'exist', 'notdir', 'noent', 'exist', 'noent', 'perm', 'inval', 'noent']);
});

test('a hard link is the same file under another name', () => {
  const guest = new FileGuest();
  guest.create('file', 'one');
  guest.mkdir('dir');
  const dir = guest.openDirectory('dir') as number;
  expect([guest.link('file', 'second'), guest.link('second', 'third', 3, dir)]).toEqual(['success', 'success']);
  expect(guest.status('dir/third')).toEqual(guest.status('file'));
  expect(guest.status('file')).toMatchObject({ links: 3n });
  guest.write(guest.open('second') as number, 'two');
  guest.unlink('file');
  expect([guest.content('dir/third'), (guest.status('second') as FileStatus).links]).toEqual(['two', 2n]);
});

test('links can be linked, directories cannot, and nothing is overwritten or followed', () => {
  const guest = new FileGuest();
  guest.create('file');
  guest.mkdir('dir');
  guest.symlink('nowhere', 'dangling');
  guest.symlink('loop', 'loop');
  expect([guest.link('dangling', 'a'), guest.link('loop', 'b'), guest.readlink('b')]).toEqual([
    'success',
    'success',
    'loop',
  ]);
  const attempts = [
    ['file', 'file'],
    ['file', 'dir'],
    ['file', 'dangling'],
    ['dir', 'new'],
    ['file', 'new/'],
    ['file/', 'new'],
    ['none', 'new'],
    ['file', 'none/new'],
  ];
  expect(attempts.map(([from, to]) => guest.link(from!, to!))).toEqual([
    'exist',
    'exist',
    'exist',
    'perm',
    'noent',
    'notdir',
    'noent',
    'noent',
  ]);
  expect(guest.call('path_link', 3, 1, ...guest.put('dangling'), 3, ...guest.put('c'))).toBe('inval');
});

test('files and directories are renamed, and replaced as POSIX has it', () => {
  const guest = new FileGuest();
  guest.create('file', 'moved');
  guest.create('old', 'old');
  guest.mkdir('dir');
  guest.mkdir('dir/inner');
  guest.mkdir('empty');
  expect([guest.rename('file', 'old'), guest.content('old'), guest.status('file')]).toEqual([
    'success',
    'moved',
    'noent',
  ]);
  expect([guest.rename('dir', 'empty'), guest.status('empty/inner')]).toMatchObject(['success', { links: 1n }]);
  guest.create('empty/inner/x');
  guest.mkdir('source');
  expect([
    guest.rename('source', 'empty'),
    guest.rename('source', 'old'),
    guest.rename('old', 'source'),
    guest.rename('none', 'new'),
    guest.rename('source', 'none/new'),
    guest.rename('.', 'new'),
    guest.rename('source', 'source/..'),
  ]).toEqual(['notempty', 'notdir', 'isdir', 'noent', 'noent', 'busy', 'busy']);
});

test('a directory cannot be moved into itself', () => {
  const guest = new FileGuest();
  guest.mkdir('a');
  guest.mkdir('a/b');
  expect([
    guest.rename('a', 'a/b/c'),
    guest.rename('a', 'a/x'),
    guest.rename('a/b', 'b'),
    guest.rename('a', 'b/a'),
  ]).toEqual(['inval', 'inval', 'success', 'success']);
  expect(guest.status('b/a')).toMatchObject({ type: fileType.directory });
});

test('slashes at the end of a rename want a directory', () => {
  const guest = new FileGuest();
  guest.mkdir('source');
  guest.create('file');
  expect([
    guest.rename('source/', 'target'),
    guest.rename('target', 'source/'),
    guest.rename('source/', 'target/'),
    guest.rename('file/', 'new'),
    guest.rename('file', 'new/'),
  ]).toEqual(['success', 'success', 'success', 'notdir', 'notdir']);
});

test('renaming a name to itself or to another name of the same file changes nothing', () => {
  const guest = new FileGuest();
  guest.create('file', 'x');
  guest.link('file', 'second');
  expect([guest.rename('file', 'file'), guest.rename('file', 'second')]).toEqual(['success', 'success']);
  expect([guest.content('file'), guest.content('second')]).toEqual(['x', 'x']);
});

test('renaming replaces a link itself, and frees what it replaces', () => {
  const guest = new FileGuest({ limits: { fileBytes: 12, fileEntries: 3 } });
  guest.create('big', '0123456789');
  guest.create('small', 'x');
  guest.symlink('x', 'link');
  expect(guest.rename('small', 'big')).toBe('success');
  expect(guest.rename('big', 'link')).toBe('success');
  expect(guest.list(3).map(({ name }) => name)).toEqual(['.', '..', 'link']);
  guest.create('again', '0123456789');
  expect([guest.content('again'), guest.content('link')]).toEqual(['0123456789', 'x']);
});

test('every function of paths needs its right on the directory', () => {
  const guest = new FileGuest();
  guest.create('file');
  guest.symlink('file', 'link');
  guest.mkdir('dir');
  const without = (missing: number) => guest.openDirectory('.', { rights: DIRECTORY_RIGHTS & ~missing }) as number;
  const refused = [
    guest.mkdir('x', without(right.pathCreateDirectory)),
    guest.rmdir('dir', without(right.pathRemoveDirectory)),
    guest.unlink('file', without(right.pathUnlinkFile)),
    guest.symlink('a', 'b', without(right.pathSymlink)),
    guest.link('file', 'x', without(right.pathLinkSource), 3),
    guest.link('file', 'x', 3, without(right.pathLinkTarget)),
    guest.rename('file', 'x', without(right.pathRenameSource), 3),
    guest.rename('file', 'x', 3, without(right.pathRenameTarget)),
    guest.open('file', { from: without(right.pathOpen) }),
    guest.open('new', { from: without(right.pathCreateFile), flags: ['creat'] }),
    guest.open('file', { from: without(right.pathFilestatSetSize), flags: ['trunc'] }),
    guest.call('path_filestat_get', without(right.pathFilestatGet), 0, ...guest.put('file'), guest.room(64)),
    guest.call('path_readlink', without(right.pathReadlink), ...guest.put('link'), 0, 0, guest.room(4)),
    guest.call('fd_readdir', without(right.fdReaddir), 0, 0, 0n, guest.room(4)),
  ];
  expect(new Set(refused)).toEqual(new Set(['perm']));
});

test('a path from what is no directory is refused, and from nothing too', () => {
  const guest = new FileGuest();
  guest.create('file');
  const file = guest.open('file') as number;
  expect([guest.mkdir('x', file), guest.mkdir('x', 1), guest.mkdir('x', 55)]).toEqual(['notdir', 'notdir', 'badf']);
});

test('paths must be text that is there, and not too long', () => {
  const guest = new FileGuest();
  const long = `${'d/'.repeat(2048)}x`;
  expect([guest.status(''), guest.status('a\0'), guest.status(long), guest.status('n'.repeat(256))]).toEqual([
    'noent',
    'inval',
    'nametoolong',
    'nametoolong',
  ]);
  expect([guest.mkdir('n'.repeat(255)), guest.mkdir('ü'.repeat(128)), guest.mkdir('ü'.repeat(127))]).toEqual([
    'success',
    'nametoolong',
    'success',
  ]);
  expect(guest.open(new Uint8Array([0x66, 0xff, 0x66]))).toBe('ilseq');
  expect(guest.call('path_create_directory', 3, guest.memory.buffer.byteLength - 2, 3)).toBe('fault');
  expect(guest.call('path_create_directory', 3, 0, 0x7fff_ffff)).toBe('fault');
});

test('a folder the guest was given stays, wherever it is', () => {
  const guest = new FileGuest({
    folders: [
      { path: '/', isWritable: true },
      { path: '/a/given', isWritable: true },
    ],
  });
  expect([guest.rmdir('a/given'), guest.rename('a/given', 'x'), guest.rmdir('a')]).toEqual([
    'busy',
    'busy',
    'notempty',
  ]);
});

test('as many entries as the limit allows can be made, hard links among them', () => {
  const guest = new FileGuest({ limits: { fileBytes: 100, fileEntries: 3 } });
  guest.create('a');
  expect([
    guest.mkdir('b'),
    guest.link('a', 'c'),
    guest.link('a', 'd'),
    guest.mkdir('e'),
    guest.symlink('x', 'f'),
  ]).toEqual(['success', 'success', 'nospc', 'nospc', 'nospc']);
  expect([guest.unlink('c'), guest.symlink('x'.repeat(101), 'f'), guest.symlink('x', 'f')]).toEqual([
    'success',
    'nospc',
    'success',
  ]);
});

import { expect, test } from 'vitest';
import { DIRECTORY_RIGHTS, descriptorFlag, FILE_RIGHTS, right } from '../../../../../electron/hypervisor/wasi/abi.ts';
import { FileGuest } from '../../../../support/wasi-guest.ts';

function rightsOf(guest: FileGuest, fd: number): [base: number, inheriting: number] {
  const at = guest.room(24);
  guest.call('fd_fdstat_get', fd, at);
  return [Number(guest.u64(at + 8)), Number(guest.u64(at + 16))];
}

function guestWithThings(): FileGuest {
  const guest = new FileGuest();
  guest.create('file', 'text');
  guest.mkdir('dir');
  guest.symlink('file', 'link');
  guest.symlink('dir', 'dirlink');
  guest.symlink('nowhere', 'dangling');
  return guest;
}

test('a file is made, kept, cut or refused as the flags say', () => {
  const guest = guestWithThings();
  expect(guest.open('new')).toBe('noent');
  expect(guest.open('new', { flags: ['creat', 'excl'] })).toBe(4);
  expect(guest.open('new', { flags: ['creat', 'excl'] })).toBe('exist');
  expect([guest.open('file', { flags: ['creat'] }), guest.content('file')]).toEqual([5, 'text']);
  expect([guest.open('file', { flags: ['trunc'] }), guest.content('file')]).toEqual([6, '']);
  expect([guest.open('file', { flags: ['excl'] }), guest.open('dir/x/y', { flags: ['creat'] })]).toEqual([7, 'noent']);
});

test('a directory is opened with or without saying so, never to be written', () => {
  const guest = guestWithThings();
  expect([guest.open('dir', { rights: 0 }), guest.openDirectory('dir'), guest.openDirectory('dir/')]).toEqual([
    4, 5, 6,
  ]);
  expect(guest.open('.', { flags: ['directory'], rights: right.fdRead })).toBe(7);
  const refused = [
    guest.open('dir', { rights: right.fdRead | right.fdWrite }),
    guest.open('dir', { flags: ['creat'], rights: 0 }),
    guest.open('dir', { flags: ['trunc'], rights: 0 }),
    guest.openDirectory('file'),
    guest.openDirectory('none'),
    guest.open('x', { flags: ['creat', 'directory'] }),
  ];
  expect(refused).toEqual(['isdir', 'isdir', 'isdir', 'notdir', 'noent', 'inval']);
});

test('a slash at the end wants a directory', () => {
  const guest = guestWithThings();
  expect(['file/', 'file///', 'dir///', 'none/', 'link/'].map((path) => guest.open(path, { rights: 0 }))).toEqual([
    'notdir',
    'notdir',
    4,
    'noent',
    'notdir',
  ]);
  expect(guest.open('new/', { flags: ['creat'] })).toBe('isdir');
  expect(guest.open('dirlink/', { rights: 0 })).toBe(5);
});

test('a link in last place is followed only when told to', () => {
  const guest = guestWithThings();
  expect([guest.open('link'), guest.openDirectory('dirlink'), guest.open('dangling')]).toEqual([
    'loop',
    'notdir',
    'loop',
  ]);
  expect([guest.content('link'), guest.openDirectory('dirlink', { isFollowing: true })]).toEqual(['text', 4]);
  expect(guest.openDirectory('link', { isFollowing: true })).toBe('notdir');
  expect(guest.open('dangling', { isFollowing: true })).toBe('noent');
});

test('creating through a dangling link makes its target, unless it must be new', () => {
  const guest = guestWithThings();
  expect(guest.open('dangling', { flags: ['creat', 'excl'], isFollowing: true })).toBe('exist');
  expect(guest.open('dangling', { flags: ['creat'], isFollowing: true })).toBe(4);
  expect(guest.status('nowhere')).toMatchObject({ size: 0n });
});

test('rights are those asked for, as far as the directory hands them on and they mean something', () => {
  const guest = guestWithThings();
  expect(rightsOf(guest, guest.open('file', { rights: -1, inheriting: 0 }) as number)).toEqual([FILE_RIGHTS, 0]);
  expect(rightsOf(guest, guest.open('dir', { rights: DIRECTORY_RIGHTS, inheriting: right.fdRead }) as number)).toEqual([
    DIRECTORY_RIGHTS,
    right.fdRead,
  ]);
  const narrow = guest.openDirectory('.', { inheriting: right.fdRead | right.pathOpen }) as number;
  const file = guest.open('file', { from: narrow }) as number;
  expect(rightsOf(guest, file)).toEqual([right.fdRead, right.fdRead | right.pathOpen]);
  expect(guest.write(file, 'x')).toBe('badf');
});

test('a file can be cut by one who may set sizes by path but not write', () => {
  const guest = guestWithThings();
  expect(guest.open('file', { flags: ['trunc'], rights: 0 })).toBe(4);
  expect(guest.content('file')).toBe('');
});

test('flags that are none are invalid, and the place for the result is checked first', () => {
  const guest = guestWithThings();
  const open = (lookup: number, flags: number, descriptorFlags: number, result: number) =>
    guest.call('path_open', 3, lookup, ...guest.put('new'), flags, 0n, 0n, descriptorFlags, result);
  const result = guest.room(4);
  expect([open(2, 1, 0, result), open(0, 16, 0, result), open(0, 1, 32, result), open(0, 1, 0, -2)]).toEqual([
    'inval',
    'inval',
    'inval',
    'fault',
  ]);
  expect(guest.status('new')).toBe('noent');
});

test('descriptor flags given at opening are shown', () => {
  const guest = guestWithThings();
  const flags = descriptorFlag.append | descriptorFlag.nonblock | descriptorFlag.dsync;
  const fd = guest.open('file', { descriptorFlags: flags }) as number;
  const at = guest.room(24);
  guest.call('fd_fdstat_get', fd, at);
  expect(guest.u16(at + 2)).toBe(flags);
});

test('nothing in a read-only folder can be changed, also through one above it', () => {
  const guest = new FileGuest({
    folders: [
      { path: '/', isWritable: true },
      { path: '/given', isWritable: false },
    ],
    files: [
      { path: '/given/file', content: new TextEncoder().encode('given') },
      { path: '/own', content: new TextEncoder().encode('own') },
    ],
  });
  expect(guest.content('given/file')).toBe('<rofs>');
  const fd = guest.open('given/file', { rights: FILE_RIGHTS & ~right.fdWrite }) as number;
  expect(guest.read(fd, 9)).toBe('given');
  expect([
    guest.open('given/new', { flags: ['creat'] }),
    guest.open('given/file', { flags: ['trunc'], rights: 0 }),
    guest.mkdir('given/d'),
    guest.unlink('given/file'),
    guest.symlink('x', 'given/l'),
    guest.rename('given/file', 'mine'),
    guest.rename('own', 'given/own'),
    guest.link('own', 'given/own'),
    guest.link('given/file', 'mine'),
    guest.call('fd_filestat_set_size', fd, 1n),
    guest.call('fd_filestat_set_times', fd, 0n, 0n, 1),
    guest.call('fd_allocate', fd, 0n, 100n),
    guest.call('path_filestat_set_times', 3, 0, ...guest.put('given/file'), 0n, 0n, 1),
  ]).toEqual([...new Array(8).fill('rofs'), 'xdev', ...new Array(4).fill('rofs')]);
  expect(guest.open('file', { from: 4, rights: right.fdRead })).toBe(6);
  expect(guest.written()).toEqual({});
});

import { expect, test } from 'vitest';
import { fileType } from '../../../../../electron/hypervisor/wasi/abi.ts';
import { FileGuest, type FileStatus } from '../../../../support/wasi-guest.ts';

const inoOf = (guest: FileGuest, path: string) => (guest.status(path) as FileStatus).ino;

test('a directory lists itself, the one above, and its entries by name', () => {
  const guest = new FileGuest();
  guest.mkdir('dir');
  const fd = guest.openDirectory('dir') as number;
  guest.create('dir/b');
  guest.mkdir('dir/a');
  guest.symlink('b', 'dir/c');
  expect(guest.list(fd)).toEqual([
    { name: '.', next: 1n, ino: inoOf(guest, 'dir'), type: fileType.directory },
    { name: '..', next: 2n, ino: inoOf(guest, '.'), type: fileType.directory },
    { name: 'a', next: 3n, ino: inoOf(guest, 'dir/a'), type: fileType.directory },
    { name: 'b', next: 4n, ino: inoOf(guest, 'dir/b'), type: fileType.regularFile },
    { name: 'c', next: 5n, ino: inoOf(guest, 'dir/c'), type: fileType.symbolicLink },
  ]);
});

test('reading goes on from any cookie, and past the end there is nothing', () => {
  const guest = new FileGuest();
  for (const name of ['x', 'y', 'z']) guest.create(name);
  expect(guest.list(3, 3n).map(({ name }) => name)).toEqual(['y', 'z']);
  expect([guest.list(3, 5n), guest.list(3, 0xffff_ffff_ffff_ffffn)]).toEqual([[], []]);
});

test('what does not fit is cut, and the room used in full tells that there is more', () => {
  const guest = new FileGuest();
  guest.create('name');
  const [buffer, result] = [guest.room(64), guest.room(4)];
  expect(guest.call('fd_readdir', 3, buffer, 55, 0n, result)).toBe('success');
  expect(guest.u32(result)).toBe(55);
  expect(guest.list(3, 0n, 55).map(({ name }) => name)).toEqual(['.', '..']);
  expect(guest.list(3, 2n, 55).map(({ name }) => name)).toEqual(['name']);
  expect(guest.call('fd_readdir', 3, buffer, 0, 0n, result)).toBe('success');
  expect(guest.u32(result)).toBe(0);
  expect(guest.call('fd_readdir', 3, guest.memory.buffer.byteLength - 4, 8, 0n, result)).toBe('fault');
});

test('a thousand entries are each seen once in small pieces', () => {
  const guest = new FileGuest();
  for (let index = 0; index < 1000; index++) guest.create(`file.${index}`);
  const seen: string[] = [];
  for (let cookie = 0n; ; ) {
    const piece = guest.list(3, cookie, 256);
    if (piece.length === 0) break;
    seen.push(...piece.map(({ name }) => name));
    cookie = piece.at(-1)!.next;
  }
  expect([seen.length, new Set(seen).size]).toEqual([1002, 1002]);
});

test('a guest that removes what it reads sees every name, and what is new only when it begins again', () => {
  const guest = new FileGuest();
  for (const name of ['a', 'b', 'c', 'd']) guest.create(name);
  const seen: string[] = [];
  for (let cookie = 2n; ; ) {
    const [entry] = guest.list(3, cookie, 25);
    if (!entry) break;
    seen.push(entry.name);
    guest.unlink(entry.name);
    guest.create(`new-${entry.name}`);
    cookie = entry.next;
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
  expect(guest.list(3, 0n).map(({ name }) => name)).toEqual(['.', '..', 'new-a', 'new-b', 'new-c', 'new-d']);
});

test('names removed since reading began are left out', () => {
  const guest = new FileGuest();
  for (const name of ['a', 'b', 'c']) guest.create(name);
  guest.list(3, 0n, 25);
  guest.unlink('b');
  expect(guest.list(3, 2n).map(({ name }) => name)).toEqual(['a', 'c']);
});

test('only directories can be listed', () => {
  const guest = new FileGuest();
  const fd = guest.open('file', { flags: ['creat'] }) as number;
  const list = (number: number) => guest.call('fd_readdir', number, 0, 0, 0n, 0);
  expect([list(fd), list(1), list(44)]).toEqual(['notdir', 'notdir', 'badf']);
});

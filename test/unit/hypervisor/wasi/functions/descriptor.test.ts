import { expect, test } from 'vitest';
import {
  ALL_RIGHTS,
  DIRECTORY_RIGHTS,
  descriptorFlag,
  FILE_RIGHTS,
  fileType,
  INPUT_RIGHTS,
  OUTPUT_RIGHTS,
  right,
} from '../../../../../electron/hypervisor/wasi/abi.ts';
import { FileGuest, WasiGuest } from '../../../../support/wasi-guest.ts';

const MAX = 0x7fff_ffff_ffff_ffffn;

function state(guest: WasiGuest, fd: number) {
  const at = guest.room(24);
  const error = guest.call('fd_fdstat_get', fd, at);
  if (error !== 'success') return error;
  return {
    type: guest.u8(at),
    flags: guest.u16(at + 2),
    rights: Number(guest.u64(at + 8)),
    inheriting: Number(guest.u64(at + 16)),
  };
}

function seek(guest: WasiGuest, fd: number, delta: bigint, whence: number): bigint | string {
  const at = guest.room(8);
  const error = guest.call('fd_seek', fd, delta, whence, at);
  return error === 'success' ? guest.u64(at) : error;
}

test('standard streams are of unknown type with the rights of streams, so nothing takes them for a terminal', () => {
  const guest = new FileGuest();
  const stream = { type: fileType.unknown, flags: 0, inheriting: 0 };
  expect(state(guest, 0)).toEqual({ ...stream, rights: INPUT_RIGHTS });
  expect(state(guest, 1)).toEqual({ ...stream, rights: OUTPUT_RIGHTS });
  expect(state(guest, 2)).toEqual({ ...stream, rights: OUTPUT_RIGHTS });
  expect(state(guest, 9)).toBe('badf');
});

test('a preopened folder can do what directories can, and hand on every right', () => {
  const guest = new FileGuest();
  const folder = { type: fileType.directory, flags: 0, rights: DIRECTORY_RIGHTS, inheriting: ALL_RIGHTS };
  expect(state(guest, 3)).toEqual(folder);
  expect(DIRECTORY_RIGHTS & (right.fdWrite | right.fdFilestatSetSize | right.fdSeek)).toBe(0);
});

test('the state of a file leaves no byte of what was there before', () => {
  const guest = new FileGuest();
  const fd = guest.open('file', { flags: ['creat'], rights: right.fdRead, inheriting: 0 }) as number;
  const at = guest.room(24);
  new Uint8Array(guest.memory.buffer).fill(0xff, at, at + 24);
  expect(guest.call('fd_fdstat_get', fd, at)).toBe('success');
  expect([...guest.bytes(at, 24)]).toEqual([4, 0, 0, 0, 0, 0, 0, 0, 2, ...new Array(15).fill(0)]);
});

test('flags can be set as far as there are any, with the right to', () => {
  const guest = new FileGuest();
  const fd = guest.open('file', { flags: ['creat'] }) as number;
  const bare = guest.open('file', { rights: FILE_RIGHTS & ~right.fdFdstatSetFlags }) as number;
  expect(guest.call('fd_fdstat_set_flags', fd, descriptorFlag.append | descriptorFlag.sync)).toBe('success');
  expect(state(guest, fd)).toMatchObject({ flags: 17 });
  expect(guest.call('fd_fdstat_set_flags', fd, 32)).toBe('inval');
  expect(guest.call('fd_fdstat_set_flags', bare, 0)).toBe('perm');
  expect(guest.call('fd_fdstat_set_flags', 3, 0)).toBe('badf');
  expect(guest.call('fd_fdstat_set_flags', 50, 0)).toBe('badf');
});

test('appending can be switched off and on', () => {
  const guest = new FileGuest();
  guest.create('file', 'abc');
  const fd = guest.open('file', { descriptorFlags: descriptorFlag.append }) as number;
  guest.write(fd, 'd');
  guest.call('fd_fdstat_set_flags', fd, 0);
  seek(guest, fd, 0n, 0);
  guest.write(fd, 'A');
  expect(guest.content('file')).toBe('Abcd');
});

test('rights can be given up, never taken back', () => {
  const guest = new FileGuest();
  const fd = guest.open('file', { flags: ['creat'] }) as number;
  const { rights, inheriting } = state(guest, fd) as { rights: number; inheriting: number };
  const set = (base: bigint, handedOn: bigint) => guest.call('fd_fdstat_set_rights', fd, base, handedOn);
  expect(set(BigInt(rights & ~right.fdWrite), 0n)).toBe('success');
  expect(state(guest, fd)).toMatchObject({ rights: rights & ~right.fdWrite, inheriting: 0 });
  expect(guest.write(fd, 'x')).toBe('badf');
  expect(set(BigInt(rights), 0n)).toBe('notcapable');
  expect(set(0n, BigInt(inheriting))).toBe('notcapable');
  expect(set(1n << 40n, 0n)).toBe('notcapable');
  expect(guest.call('fd_fdstat_set_rights', 77, 0n, 0n)).toBe('badf');
});

test('positions move from the start, the place and the end, and never before the start', () => {
  const guest = new FileGuest();
  guest.create('file', '0123456789');
  const fd = guest.open('file') as number;
  expect([seek(guest, fd, 4n, 0), seek(guest, fd, -1n, 1), seek(guest, fd, -2n, 2)]).toEqual([4n, 3n, 8n]);
  expect([seek(guest, fd, -9n, 1), seek(guest, fd, -1n, 0), seek(guest, fd, 0n, 3)]).toEqual([
    'inval',
    'inval',
    'inval',
  ]);
  const at = guest.room(8);
  expect(guest.call('fd_tell', fd, at)).toBe('success');
  expect(guest.u64(at)).toBe(8n);
  expect([seek(guest, fd, MAX, 0), seek(guest, fd, 1n, 1)]).toEqual([MAX, 'inval']);
  expect(guest.read(fd, 1)).toBe('');
  expect(guest.write(fd, 'x')).toBe('fbig');
  expect(guest.call('fd_seek', fd, 0n, 0, -4)).toBe('fault');
  expect(seek(guest, fd, 0n, 1)).toBe(MAX);
});

test('asking where one is needs only the right to tell', () => {
  const guest = new FileGuest();
  const teller = guest.open('file', { flags: ['creat'], rights: right.fdTell }) as number;
  expect([seek(guest, teller, 0n, 1), seek(guest, teller, 0n, 0), seek(guest, teller, 1n, 1)]).toEqual([
    0n,
    'badf',
    'badf',
  ]);
  const neither = guest.open('file', { rights: right.fdRead }) as number;
  expect(seek(guest, neither, 0n, 1)).toBe('badf');
  expect(guest.call('fd_tell', neither, guest.room(8))).toBe('badf');
  expect([seek(guest, 3, 0n, 1), guest.call('fd_tell', 3, guest.room(8))]).toEqual(['badf', 'badf']);
});

test('space can be allocated for files, growing them with zeros and never shrinking', () => {
  const guest = new FileGuest({ limits: { fileBytes: 100, fileEntries: 5 } });
  guest.create('file', 'abc');
  const fd = guest.open('file') as number;
  const allocate = (offset: bigint, length: bigint) => guest.call('fd_allocate', fd, offset, length);
  expect([allocate(2n, 3n), guest.content('file')]).toEqual(['success', 'abc\0\0']);
  expect([allocate(0n, 1n), guest.content('file')]).toEqual(['success', 'abc\0\0']);
  expect([allocate(0n, 0n), allocate(1n << 63n, 1n), allocate(0n, 1n << 63n)]).toEqual(['inval', 'inval', 'inval']);
  expect([allocate(90n, 20n), allocate(MAX, MAX)]).toEqual(['nospc', 'fbig']);
  expect([guest.call('fd_allocate', 3, 0n, 1n), guest.call('fd_allocate', 1, 0n, 1n)]).toEqual(['badf', 'spipe']);
});

test('advice is checked and otherwise ignored', () => {
  const guest = new FileGuest();
  const fd = guest.open('file', { flags: ['creat'] }) as number;
  const advise = (offset: bigint, length: bigint, advice: number) =>
    guest.call('fd_advise', fd, offset, length, advice);
  expect([0, 1, 2, 3, 4, 5].map((advice) => advise(0n, 0n, advice))).toEqual(new Array(6).fill('success'));
  expect([advise(0n, 0n, 6), advise(1n << 63n, 0n, 0), advise(0n, 1n << 63n, 0)]).toEqual(['inval', 'inval', 'inval']);
  expect([guest.call('fd_advise', 3, 0n, 0n, 0), guest.call('fd_advise', 0, 0n, 0n, 0)]).toEqual(['badf', 'spipe']);
});

test('everything is synchronised at once, where there is anything to synchronise', () => {
  const guest = new FileGuest();
  const fd = guest.open('file', { flags: ['creat'] }) as number;
  const bare = guest.open('file', { rights: right.fdRead }) as number;
  for (const name of ['fd_sync', 'fd_datasync'] as const) {
    expect([fd, 3, bare, 1, 60].map((number) => guest.call(name, number))).toEqual([
      'success',
      'success',
      'badf',
      'inval',
      'badf',
    ]);
  }
});

test('preopened folders tell their names, which need not fit exactly', () => {
  const guest = new WasiGuest({
    folders: [
      { path: '/', isWritable: true },
      { path: '/däta', isWritable: false },
    ],
  });
  const at = guest.room(16);
  expect([guest.call('fd_prestat_get', 4, at), guest.u8(at), guest.u32(at + 4)]).toEqual(['success', 0, 6]);
  expect([guest.call('fd_prestat_dir_name', 4, at, 6), guest.text(at, 6)]).toEqual(['success', '/däta']);
  expect(guest.call('fd_prestat_dir_name', 4, at, 16)).toBe('success');
  expect(guest.call('fd_prestat_dir_name', 4, at, 5)).toBe('nametoolong');
  expect(guest.call('fd_prestat_get', 5, at)).toBe('badf');
  expect(guest.call('fd_prestat_get', 1, at)).toBe('badf');
});

test('a folder opened again is no preopen', () => {
  const guest = new FileGuest();
  const fd = guest.openDirectory('.') as number;
  expect(guest.call('fd_prestat_get', fd, guest.room(8))).toBe('badf');
});

test('the lowest free number is given out', () => {
  const guest = new FileGuest();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => guest.open(name, { flags: ['creat'] }) as number);
  expect([a, b, c]).toEqual([4, 5, 6]);
  expect([guest.call('fd_close', 5), guest.call('fd_close', 0), guest.call('fd_close', 5)]).toEqual([
    'success',
    'success',
    'badf',
  ]);
  expect(['a', 'a', 'a'].map((name) => guest.open(name))).toEqual([0, 5, 7]);
});

test('a descriptor can be moved over another, which is closed', () => {
  const guest = new FileGuest();
  guest.create('from', 'from');
  guest.create('to', 'to');
  const [from, to] = [guest.open('from') as number, guest.open('to') as number];
  const before = state(guest, from);
  expect(guest.call('fd_renumber', from, to)).toBe('success');
  expect([state(guest, to), state(guest, from)]).toEqual([before, 'badf']);
  expect(guest.read(to, 9)).toBe('from');
  expect(guest.call('fd_renumber', to, from)).toBe('badf');
  expect(guest.call('fd_renumber', from, to)).toBe('badf');
  expect([guest.call('fd_renumber', to, to), guest.read(to, 1)]).toEqual(['success', '']);
  expect(guest.call('fd_renumber', to, 3)).toBe('success');
  expect(guest.call('fd_prestat_get', 3, guest.room(8))).toBe('badf');
});

test('no more descriptors are open than the limit allows', () => {
  const guest = new FileGuest({ limits: { fileBytes: 100, fileEntries: 5, descriptors: 5 } });
  expect([guest.open('a', { flags: ['creat'] }), guest.open('b', { flags: ['creat'] })]).toEqual([4, 'mfile']);
  expect(guest.status('b')).toBe('noent');
  guest.call('fd_close', 4);
  expect(guest.open('a')).toBe(4);
});

test('sockets say that what is open is none', () => {
  const guest = new FileGuest();
  for (const fd of [0, 1, 3]) {
    expect([
      guest.call('sock_accept', fd, 0, 0),
      guest.call('sock_recv', fd, 0, 0, 0, 0, 0),
      guest.call('sock_send', fd, 0, 0, 0, 0),
      guest.call('sock_shutdown', fd, 1),
    ]).toEqual(['notsock', 'notsock', 'notsock', 'notsock']);
  }
  expect(guest.call('sock_shutdown', 99, 1)).toBe('badf');
});

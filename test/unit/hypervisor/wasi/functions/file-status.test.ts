import { expect, test } from 'vitest';
import {
  DIRECTORY_RIGHTS,
  FILE_RIGHTS,
  fileType,
  right,
  timesFlag,
} from '../../../../../electron/hypervisor/wasi/abi.ts';
import { VIRTUAL_EPOCH_NS } from '../../../../../electron/hypervisor/wasi/index.ts';
import { FileGuest, type FileStatus } from '../../../../support/wasi-guest.ts';

const T0 = 1_700_000_000_000n * 1_000_000n;
const ms = (count: number) => BigInt(count) * 1_000_000n;

test('files, directories and links show type, size, links and times', () => {
  const guest = new FileGuest();
  guest.create('file', 'héllo');
  guest.mkdir('dir');
  guest.symlink('höme', 'link');
  const times = { atim: T0, mtim: T0, ctim: T0 };
  const ino = expect.any(BigInt);
  expect(guest.status('file')).toEqual({ ...times, ino, type: fileType.regularFile, links: 1n, size: 6n });
  expect(guest.status('dir')).toEqual({ ...times, ino, type: fileType.directory, links: 1n, size: 0n });
  expect(guest.status('link')).toEqual({ ...times, ino, type: fileType.symbolicLink, links: 1n, size: 5n });
  const inos = ['file', 'dir', 'link', '.'].map((path) => (guest.status(path) as FileStatus).ino);
  expect(new Set(inos).size).toBe(4);
});

test('a descriptor and its path show the same, and streams show nothing', () => {
  const guest = new FileGuest();
  guest.create('file', 'x');
  expect(guest.status(guest.open('file') as number)).toEqual(guest.status('file'));
  expect(guest.status(3)).toEqual(guest.status('.'));
  expect(guest.status(1)).toEqual({ ino: 0n, type: 0, links: 0n, size: 0n, atim: 0n, mtim: 0n, ctim: 0n });
  expect([guest.status(40), guest.status(guest.open('file', { rights: 0 }) as number)]).toEqual(['badf', 'perm']);
});

test('reading, writing and naming move the times they should', () => {
  const guest = new FileGuest();
  guest.create('file', 'text');
  const steps: Record<string, () => void> = {
    read: () => guest.content('file'),
    write: () => guest.write(guest.open('file') as number, 'T'),
    link: () => guest.link('file', 'second'),
  };
  const seen: Record<string, number[]> = {};
  for (const [name, step] of Object.entries(steps)) {
    guest.host.sleep(10);
    step();
    const { atim, mtim, ctim } = guest.status('file') as FileStatus;
    seen[name] = [atim, mtim, ctim].map((time) => Number((time - T0) / 1_000_000n));
  }
  expect(seen).toEqual({ read: [10, 0, 0], write: [10, 20, 20], link: [10, 20, 30] });
  guest.host.sleep(10);
  guest.unlink('second');
  expect(guest.status('.')).toMatchObject({ mtim: T0 + ms(40), ctim: T0 + ms(40) });
  expect(guest.status('file')).toMatchObject({ links: 1n, ctim: T0 + ms(40) });
});

test('without the clock the times of files do not tell the time', () => {
  const guest = new FileGuest({ grants: ['wasi', 'files'] });
  guest.create('file');
  expect(guest.status('file')).toMatchObject({ mtim: VIRTUAL_EPOCH_NS });
});

test('each time can be set, set to now, or left', () => {
  const guest = new FileGuest();
  guest.create('file');
  const fd = guest.open('file') as number;
  guest.host.sleep(5);
  const set = (flags: number) => guest.call('fd_filestat_set_times', fd, 100n, 200n, flags);
  expect(set(timesFlag.atim)).toBe('success');
  expect(guest.status(fd)).toMatchObject({ atim: 100n, mtim: T0, ctim: T0 + ms(5) });
  expect(set(timesFlag.mtim | timesFlag.atimNow)).toBe('success');
  expect(guest.status(fd)).toMatchObject({ atim: T0 + ms(5), mtim: 200n });
  expect(set(timesFlag.mtimNow)).toBe('success');
  expect(guest.status(fd)).toMatchObject({ mtim: T0 + ms(5) });
  expect(set(0)).toBe('success');
});

test('a time cannot be set to two things, and then nothing is set', () => {
  const guest = new FileGuest();
  guest.create('file');
  const fd = guest.open('file') as number;
  const before = guest.status(fd);
  const bad = [timesFlag.atim | timesFlag.atimNow, timesFlag.mtim | timesFlag.mtimNow, 16];
  for (const flags of bad) {
    expect(guest.call('fd_filestat_set_times', fd, 1n, 2n, flags)).toBe('inval');
    expect(guest.call('path_filestat_set_times', 3, 0, ...guest.put('file'), 1n, 2n, flags)).toBe('inval');
  }
  expect(guest.status(fd)).toEqual(before);
});

test('by path, a link has times of its own', () => {
  const guest = new FileGuest();
  guest.create('file');
  guest.symlink('file', 'link');
  const set = (follow: number, time: bigint) =>
    guest.call('path_filestat_set_times', 3, follow, ...guest.put('link'), 0n, time, timesFlag.mtim);
  expect([set(0, 11n), set(1, 22n), set(2, 33n)]).toEqual(['success', 'success', 'inval']);
  expect([guest.status('link'), guest.status('link', true)]).toMatchObject([{ mtim: 11n }, { mtim: 22n }]);
});

test('times need the right, also by path, and no stream has any', () => {
  const guest = new FileGuest();
  guest.create('file');
  const bare = guest.open('file', { rights: FILE_RIGHTS & ~right.fdFilestatSetTimes }) as number;
  expect(guest.call('fd_filestat_set_times', bare, 0n, 0n, 0)).toBe('perm');
  expect(guest.call('fd_filestat_set_times', 1, 0n, 0n, 0)).toBe('badf');
  expect(guest.call('fd_filestat_set_times', 3, 0n, 9n, timesFlag.mtim)).toBe('success');
  const from = guest.openDirectory('.', { rights: DIRECTORY_RIGHTS & ~right.pathFilestatSetTimes }) as number;
  expect(guest.call('path_filestat_set_times', from, 0, ...guest.put('file'), 0n, 0n, 0)).toBe('perm');
});

test('a file can be cut and extended with zeros, and its place stays', () => {
  const guest = new FileGuest({ limits: { fileBytes: 64, fileEntries: 4 } });
  guest.create('file', 'abcdef');
  const fd = guest.open('file') as number;
  guest.read(fd, 5);
  const resize = (size: bigint) => guest.call('fd_filestat_set_size', fd, size);
  expect([resize(2n), guest.content('file'), guest.read(fd, 1)]).toEqual(['success', 'ab', '']);
  expect([resize(4n), guest.content('file')]).toEqual(['success', 'ab\0\0']);
  guest.write(fd, '!');
  expect(guest.content('file')).toBe('ab\0\0\0!');
  expect([resize(65n), resize(1n << 63n), resize((1n << 63n) - 1n)]).toEqual(['nospc', 'inval', 'fbig']);
  const bare = guest.open('file', { rights: FILE_RIGHTS & ~right.fdFilestatSetSize }) as number;
  expect(guest.call('fd_filestat_set_size', bare, 0n)).toBe('badf');
  expect(guest.call('fd_filestat_set_size', 3, 0n)).toBe('badf');
});

test('what was cut off does not come back when the file grows again', () => {
  const guest = new FileGuest();
  guest.create('file', 'secret'.repeat(1000));
  const fd = guest.open('file') as number;
  for (const size of [5000n, 10n, 0n]) {
    guest.call('fd_filestat_set_size', fd, size);
    guest.call('fd_filestat_set_size', fd, 6000n);
    expect(
      guest.wasi
        .files()[0]
        ?.content.subarray(Number(size))
        .every((byte) => byte === 0),
    ).toBe(true);
  }
});

import { expect, test } from 'vitest';
import { descriptorFlag, FILE_RIGHTS, right } from '../../../../../electron/hypervisor/wasi/abi.ts';
import { chunkedInput, FileGuest, GuestStopped, WasiGuest } from '../../../../support/wasi-guest.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

test('buffers of one write leave together, in order', () => {
  const chunks: string[] = [];
  const guest = new WasiGuest({ ports: { writeOut: (stream, bytes) => chunks.push(`${stream}: ${bytes.length}`) } });
  const result = guest.room(4);
  const list = guest.vectors(guest.put('one '), guest.put(''), guest.put('two '), guest.put('three'));
  expect(guest.call('fd_write', 2, ...list, result)).toBe('success');
  expect([guest.u32(result), chunks]).toEqual([13, ['stderr: 13']]);
});

test('a large write leaves in chunks that are copies of their own', () => {
  const chunks: Uint8Array[] = [];
  const guest = new WasiGuest({ ports: { writeOut: (_, bytes) => chunks.push(bytes) } });
  const content = new Uint8Array(600_000).map((_, index) => index % 251);
  const [at, length] = guest.put(content);
  const list = guest.vectors([at, 100], [at + 100, length - 100]);
  expect(guest.call('fd_write', 1, ...list, guest.room(4))).toBe('success');
  new Uint8Array(guest.memory.buffer).fill(0);
  expect(chunks.map((chunk) => chunk.length)).toEqual([262_144, 262_144, 75_712]);
  expect(Buffer.concat(chunks).equals(content)).toBe(true);
});

test('a port that stops at its limit ends the run, with the prefix printed', () => {
  let room = 5;
  const guest = new WasiGuest({
    ports: {
      writeOut(_, bytes) {
        room -= bytes.length;
        if (room < 0) throw new GuestStopped('output limit');
      },
    },
  });
  expect(guest.write(1, 'hello')).toBe(5);
  expect(() => guest.write(1, '!')).toThrow('output limit');
});

test('streams go one way and cannot be sought', () => {
  const guest = new WasiGuest({ stdin: bytesOf('in') });
  expect(guest.write(0, 'x')).toBe('badf');
  expect(guest.read(1, 1)).toBe('<badf>');
  const list = guest.vectors([guest.room(4), 4]);
  expect(guest.call('fd_pread', 0, ...list, 0n, guest.room(4))).toBe('spipe');
  expect(guest.call('fd_pwrite', 1, ...list, 0n, guest.room(4))).toBe('spipe');
  expect(guest.call('fd_seek', 1, 0n, 0, guest.room(8))).toBe('spipe');
  expect(guest.call('fd_tell', 0, guest.room(8))).toBe('spipe');
});

test('standard input is read to its end, then reads are empty', () => {
  const guest = new WasiGuest({ stdin: bytesOf('standard') });
  expect([guest.read(0, 5), guest.read(0, 5), guest.read(0, 5)]).toEqual(['stand', 'ard', '']);
  expect(new WasiGuest().read(0, 5)).toBe('');
});

test('input that is streamed is read as it comes, scattered over the buffers', () => {
  const guest = new WasiGuest({ stdin: chunkedInput(['abc', 'defgh', 'i']) });
  const [first, second, result] = [guest.room(2), guest.room(4), guest.room(4)];
  const list = guest.vectors([first, 2], [second, 0], [second, 4]);
  expect(guest.call('fd_read', 0, ...list, result)).toBe('success');
  expect([guest.u32(result), guest.text(first, 2), guest.text(second, 1)]).toEqual([3, 'ab', 'c']);
  expect([guest.read(0, 4), guest.read(0, 4), guest.read(0, 4), guest.read(0, 4)]).toEqual(['defg', 'h', 'i', '']);
});

test('a read of nothing does not wait for input', () => {
  const waiting = {
    read: () => {
      throw new GuestStopped('waited');
    },
    wait: () => 0,
  };
  const guest = new WasiGuest({ stdin: waiting });
  expect(guest.read(0, 0)).toBe('');
  expect(guest.call('fd_fdstat_set_flags', 0, descriptorFlag.nonblock)).toBe('success');
  expect(guest.read(0, 1)).toBe('<again>');
  expect(guest.call('fd_fdstat_set_flags', 0, 0)).toBe('success');
  expect(() => guest.read(0, 1)).toThrow('waited');
});

test('files are written and read at a place of their own for each descriptor', () => {
  const guest = new FileGuest();
  const writer = guest.open('file', { flags: ['creat'] }) as number;
  const reader = guest.open('file') as number;
  expect([guest.write(writer, 'hello '), guest.write(writer, 'world')]).toEqual([6, 5]);
  expect([guest.read(reader, 6), guest.read(reader, 99), guest.read(reader, 1)]).toEqual(['hello ', 'world', '']);
  expect(guest.read(writer, 5)).toBe('');
});

test('reading and writing at an offset leave the place where it was', () => {
  const guest = new FileGuest();
  guest.create('file', '0123456789');
  const fd = guest.open('file') as number;
  const [buffer, result] = [guest.room(4), guest.room(4)];
  expect(guest.call('fd_pread', fd, ...guest.vectors([buffer, 4]), 3n, result)).toBe('success');
  expect([guest.u32(result), guest.text(buffer, 4)]).toEqual([4, '3456']);
  expect(guest.call('fd_pread', fd, ...guest.vectors([buffer, 4]), 8n, result)).toBe('success');
  expect(guest.u32(result)).toBe(2);
  expect(guest.call('fd_pread', fd, ...guest.vectors([buffer, 4]), 1n << 62n, result)).toBe('success');
  expect(guest.u32(result)).toBe(0);
  expect(guest.call('fd_pread', fd, ...guest.vectors([buffer, 4]), 1n << 63n, result)).toBe('inval');
  expect(guest.call('fd_pwrite', fd, ...guest.vectors(guest.put('ab')), 12n, result)).toBe('success');
  expect(guest.read(fd, 99)).toBe('0123456789\0\0ab');
});

test('an appending descriptor writes at the end, with an offset too', () => {
  const guest = new FileGuest();
  guest.create('file', 'start');
  const fd = guest.open('file', { descriptorFlags: descriptorFlag.append }) as number;
  const other = guest.open('file') as number;
  guest.write(fd, '-one');
  guest.call('fd_seek', other, 0n, 2, guest.room(8));
  guest.write(other, '-other');
  guest.call('fd_seek', fd, 0n, 0, guest.room(8));
  guest.write(fd, '-two');
  expect(guest.call('fd_pwrite', fd, ...guest.vectors(guest.put('-three')), 0n, guest.room(4))).toBe('success');
  expect(guest.content('file')).toBe('start-one-other-two-three');
});

test('what a descriptor was not opened for is a bad descriptor', () => {
  const guest = new FileGuest();
  guest.create('file', 'text');
  const list = guest.vectors([guest.room(4), 4]);
  const none = guest.open('file', { rights: 0 }) as number;
  expect([guest.read(none, 1), guest.write(none, 'x')]).toEqual(['<badf>', 'badf']);
  const forward = guest.open('file', { rights: FILE_RIGHTS & ~right.fdSeek }) as number;
  expect(guest.read(forward, 2)).toBe('te');
  expect(guest.call('fd_pread', forward, ...list, 0n, guest.room(4))).toBe('badf');
  expect(guest.call('fd_pwrite', forward, ...list, 0n, guest.room(4))).toBe('badf');
});

test('directories and what is not open can be neither read nor written', () => {
  const guest = new FileGuest();
  const list = guest.vectors([guest.room(4), 4]);
  const result = guest.room(4);
  for (const fd of [3, 77]) {
    expect([
      guest.call('fd_read', fd, ...list, result),
      guest.call('fd_write', fd, ...list, result),
      guest.call('fd_pread', fd, ...list, 0n, result),
      guest.call('fd_pwrite', fd, ...list, 0n, result),
    ]).toEqual(['badf', 'badf', 'badf', 'badf']);
  }
});

test('lists and buffers outside the memory are a fault before anything moves', () => {
  const guest = new FileGuest({ stdin: bytesOf('input') });
  const fd = guest.open('file', { flags: ['creat'] }) as number;
  const end = guest.memory.buffer.byteLength;
  const half = guest.vectors(guest.put('good'), [end - 2, 3]);
  expect(guest.call('fd_write', fd, ...half, guest.room(4))).toBe('fault');
  expect(guest.call('fd_write', 1, ...half, guest.room(4))).toBe('fault');
  expect(guest.call('fd_read', 0, ...half, guest.room(4))).toBe('fault');
  expect(guest.call('fd_write', 1, end - 4, 1, guest.room(4))).toBe('fault');
  expect(guest.call('fd_write', 1, 0, 0x2000_0000, guest.room(4))).toBe('fault');
  expect([guest.content('file'), guest.host.output.stdout, guest.read(0, 9)]).toEqual(['', '', 'input']);
});

test('more bytes than a result can count are invalid', () => {
  const guest = new WasiGuest({ pages: 3000 });
  const list = guest.vectors(...new Array<[number, number]>(30).fill([0, 3000 * 65536]));
  expect(guest.call('fd_write', 1, ...list, guest.room(4))).toBe('inval');
});

test('a list of millions of buffers asks on its way whether the run may go on', () => {
  let asked = 0;
  const guest = new WasiGuest({
    pages: 512,
    ports: {
      checkpoint() {
        if (++asked > 100) throw new GuestStopped('deadline');
      },
    },
  });
  expect(() => guest.call('fd_write', 1, 0, 4_000_000, 0)).toThrow('deadline');
});

test('a full file system takes what fits, then says so', () => {
  const guest = new FileGuest({ limits: { fileBytes: 10, fileEntries: 10 } });
  const fd = guest.open('file', { flags: ['creat'] }) as number;
  expect([guest.write(fd, '12345678'), guest.write(fd, 'abcdef'), guest.write(fd, 'x')]).toEqual([8, 2, 'nospc']);
  expect(guest.call('fd_pwrite', fd, ...guest.vectors(guest.put('y')), 1n << 40n, guest.room(4))).toBe('nospc');
  expect(guest.call('fd_pwrite', fd, ...guest.vectors(guest.put('y')), 1n << 60n, guest.room(4))).toBe('fbig');
  expect(guest.content('file')).toBe('12345678ab');
  expect(guest.unlink('file')).toBe('success');
  expect(guest.call('fd_close', fd)).toBe('success');
  guest.create('other', '0123456789');
  expect(guest.content('other')).toBe('0123456789');
});

test('memory that has grown, and shared memory, are seen as they are', () => {
  const guest = new WasiGuest({ pages: 1, isShared: true, stdin: bytesOf('shared') });
  expect(guest.write(1, 'before ')).toBe(7);
  const end = guest.memory.buffer.byteLength;
  guest.memory.grow(1);
  new Uint8Array(guest.memory.buffer).set(bytesOf('after'), end);
  expect(guest.call('fd_write', 1, ...guest.vectors([end, 5]), guest.room(4))).toBe('success');
  expect(guest.read(0, 10)).toBe('shared');
  expect(guest.host.output.stdout).toBe('before after');
});

test('before a memory is attached every address is outside it', () => {
  const guest = new WasiGuest({ isAttached: false });
  expect(guest.call('fd_fdstat_get', 1, 0)).toBe('fault');
  guest.wasi.attach(guest.memory);
  expect(guest.call('fd_fdstat_get', 1, 0)).toBe('success');
});

import { createCipheriv, createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { GuestStopped, WasiGuest } from '../../../../support/wasi-guest.ts';

test('arguments arrive as NUL-terminated strings, one after the other, with pointers to them', () => {
  const guest = new WasiGuest({ args: ['prog', '', 'zwölf'] });
  const [count, bytes, pointers, buffer] = [guest.room(4), guest.room(4), guest.room(12), guest.room(16)];
  expect(guest.call('args_sizes_get', count, bytes)).toBe('success');
  expect([guest.u32(count), guest.u32(bytes)]).toEqual([3, 5 + 1 + 7]);
  expect(guest.call('args_get', pointers, buffer)).toBe('success');
  expect(guest.text(buffer, 13)).toBe('prog\0\0zwölf\0');
  expect([0, 4, 8].map((at) => guest.u32(pointers + at) - buffer)).toEqual([0, 5, 6]);
});

test('the environment is only what was given, as name=value', () => {
  const guest = new WasiGuest({
    env: [
      ['HOME', '/'],
      ['EMPTY', ''],
    ],
  });
  const [count, bytes, pointers, buffer] = [guest.room(4), guest.room(4), guest.room(8), guest.room(32)];
  expect(guest.call('environ_sizes_get', count, bytes)).toBe('success');
  expect([guest.u32(count), guest.u32(bytes)]).toEqual([2, 14]);
  expect(guest.call('environ_get', pointers, buffer)).toBe('success');
  expect(guest.text(buffer, 14)).toBe('HOME=/\0EMPTY=\0');
});

test('with no arguments nothing is written', () => {
  const guest = new WasiGuest();
  const [count, bytes] = [guest.room(4), guest.room(4)];
  expect(guest.call('args_sizes_get', count, bytes)).toBe('success');
  expect([guest.u32(count), guest.u32(bytes)]).toEqual([0, 0]);
  expect(guest.call('args_get', 0xffff_fff0, 0xffff_fff0)).toBe('success');
});

test.each([
  ['a NUL in an argument', { args: ['a\0b'] }],
  ['a NUL in a value', { env: [['A', 'b\0c']] as [string, string][] }],
  ['a name with =', { env: [['A=B', 'c']] as [string, string][] }],
  ['an empty name', { env: [['', 'c']] as [string, string][] }],
])('%s is refused before anything runs', (_, options) => {
  expect(() => new WasiGuest(options)).toThrow(expect.objectContaining({ name: 'WasiInputError' }));
});

test('strings that do not fit the memory are a fault', () => {
  const guest = new WasiGuest({ args: ['prog'] });
  const end = guest.memory.buffer.byteLength;
  expect(guest.call('args_get', 0, end - 4)).toBe('fault');
  expect(guest.call('args_get', end - 2, 0)).toBe('fault');
  expect(guest.call('args_sizes_get', end - 3, 0)).toBe('fault');
});

test('random bytes come from the host, in parts it can fill, and only where asked', () => {
  const sizes: number[] = [];
  const guest = new WasiGuest({
    ports: {
      randomFill(bytes) {
        sizes.push(bytes.length);
        bytes.fill(sizes.length);
      },
    },
  });
  const at = guest.room(70_002);
  expect(guest.call('random_get', at + 1, 70_000)).toBe('success');
  expect(sizes).toEqual([65536, 4464]);
  const bytes = guest.bytes(at, 70_002);
  expect([bytes[0], bytes[1], bytes[65536], bytes[65537], bytes[70_000], bytes[70_001]]).toEqual([0, 1, 1, 2, 2, 0]);
  expect(guest.call('random_get', at, 0)).toBe('success');
});

test('random bytes past the end are a fault, and nothing is written', () => {
  const guest = new WasiGuest();
  const end = guest.memory.buffer.byteLength;
  expect(guest.call('random_get', end - 8, 9)).toBe('fault');
  expect(guest.bytes(end - 8, 8)).toEqual(new Uint8Array(8));
  expect(guest.call('random_get', end, 0)).toBe('success');
  expect(guest.call('random_get', end + 1, 0)).toBe('fault');
});

test('random bytes under a seed are the ChaCha20 key stream of RFC 8439 A.1 #1', () => {
  const guest = new WasiGuest({ seed: new Uint8Array(32) });
  const at = guest.room(64);
  guest.call('random_get', at, 7);
  guest.call('random_get', at + 7, 57);
  const keyStream = `76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7
    da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586`;
  expect(Buffer.from(guest.bytes(at, 64)).toString('hex')).toBe(keyStream.replaceAll(/\s/g, ''));
});

test('the stream goes on as ChaCha20 does, for as long as it is asked', () => {
  const seed = new Uint8Array(32).map((_, index) => index);
  const guest = new WasiGuest({ seed });
  const at = guest.room(50_000);
  guest.call('random_get', at, 50_000);
  const expected = createCipheriv('chacha20', seed, new Uint8Array(16)).update(new Uint8Array(50_000));
  expect(Buffer.from(guest.bytes(at, 50_000)).equals(expected)).toBe(true);
});

test('how a guest cuts its requests does not change the stream, far into it', () => {
  const digest = (cuts: number[]): string => {
    const guest = new WasiGuest({ seed: new Uint8Array(32).fill(3) });
    const hash = createHash('sha256');
    for (const cut of cuts) {
      const at = guest.room(cut);
      guest.call('random_get', at, cut);
      hash.update(guest.bytes(at, cut));
    }
    return hash.digest('hex');
  };
  expect(digest([300_000])).toBe(digest([1, 4095, 4096, 4097, 87_711, 200_000]));
});

test('a long request is cut in slices that each ask whether the run may go on', () => {
  let asked = 0;
  const guest = new WasiGuest({
    pages: 1024,
    ports: {
      checkpoint() {
        if (++asked > 10) throw new GuestStopped('deadline');
      },
    },
  });
  expect(() => guest.call('random_get', 0, 1 << 26)).toThrow('deadline');
});

test('exit hands on the whole status, and raising a signal is not supported', () => {
  expect(() => new WasiGuest().call('proc_exit', 0xffff_ffff)).toThrow('exit 4294967295');
  expect(new WasiGuest().call('proc_raise', 6)).toBe('notsup');
  expect(new WasiGuest().call('sched_yield')).toBe('success');
});

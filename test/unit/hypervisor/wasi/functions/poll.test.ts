import { expect, test } from 'vitest';
import { right } from '../../../../../electron/hypervisor/wasi/abi.ts';
import { errno } from '../../../../../electron/hypervisor/wasi/index.ts';
import { chunkedInput, FileGuest, GuestStopped, WasiGuest } from '../../../../support/wasi-guest.ts';

type Subscription =
  | { clock: number; timeout: bigint; isAbsolute?: boolean; flags?: number }
  | { read: number }
  | { write: number };

const MS = 1_000_000n;
const [REALTIME, MONOTONIC] = [0, 1];

/** Polls; each event as `index: type error bytes flags`, where the index is that of the subscription. */
function poll(guest: WasiGuest, subscriptions: Subscription[]): string[] | string {
  const [list, events, result] = [
    guest.room(subscriptions.length * 48),
    guest.room(subscriptions.length * 32),
    guest.room(4),
  ];
  const view = new DataView(guest.memory.buffer);
  subscriptions.forEach((subscription, index) => {
    const at = list + index * 48;
    view.setBigUint64(at, 100n + BigInt(index), true);
    if ('clock' in subscription) {
      view.setUint32(at + 16, subscription.clock, true);
      view.setBigUint64(at + 24, subscription.timeout, true);
      view.setUint16(at + 40, subscription.flags ?? (subscription.isAbsolute ? 1 : 0), true);
    } else {
      view.setUint8(at + 8, 'read' in subscription ? 1 : 2);
      view.setUint32(at + 16, 'read' in subscription ? subscription.read : subscription.write, true);
    }
  });
  const error = guest.call('poll_oneoff', list, events, subscriptions.length, result);
  if (error !== 'success') return error;
  return Array.from({ length: guest.u32(result) }, (_, index) => {
    const at = events + index * 32;
    const type = ['clock', 'read', 'write'][guest.u8(at + 10)];
    const code = guest.u16(at + 8);
    const name = Object.entries(errno).find(([, value]) => value === code)![0];
    return `${guest.u64(at) - 100n}: ${type} ${name} ${guest.u64(at + 16)} ${guest.u16(at + 24)}`;
  });
}

test('a relative timeout sleeps that long, rounded up to the resolution', () => {
  const guest = new WasiGuest();
  expect(poll(guest, [{ clock: MONOTONIC, timeout: 5n * MS + 1n }])).toEqual(['0: clock success 0 0']);
  expect(guest.host.slept).toEqual([6]);
});

test('an absolute time is waited for, and one that has passed is due at once', () => {
  const guest = new WasiGuest();
  const now = 1_700_000_000_000n * MS;
  expect(poll(guest, [{ clock: REALTIME, timeout: now + 30n * MS, isAbsolute: true }])).toHaveLength(1);
  expect(guest.host.slept).toEqual([30]);
  expect(poll(guest, [{ clock: REALTIME, timeout: now, isAbsolute: true }])).toHaveLength(1);
  expect(poll(guest, [{ clock: MONOTONIC, timeout: 0n }])).toHaveLength(1);
  expect(guest.host.slept).toEqual([30]);
});

test('the first of several clocks wakes, and all that are due then are told', () => {
  const guest = new WasiGuest();
  const clocks = [20n, 10n, 10n].map((ms) => ({ clock: MONOTONIC, timeout: ms * MS }));
  expect(poll(guest, clocks)).toEqual(['1: clock success 0 0', '2: clock success 0 0']);
  expect(guest.host.slept).toEqual([10]);
});

test('a long sleep is cut in pieces between which the run may be stopped', () => {
  let asked = 0;
  const guest = new WasiGuest({
    ports: {
      checkpoint(cost) {
        if (cost === 0 && ++asked > 3) throw new GuestStopped('cancelled');
      },
    },
  });
  expect(() => poll(guest, [{ clock: MONOTONIC, timeout: 0xffff_ffff_ffff_ffffn }])).toThrow('cancelled');
  expect(guest.host.slept).toEqual([1000, 1000, 1000]);
});

test('sleeping moves virtual clocks and takes no time', () => {
  const guest = new WasiGuest({ seed: new Uint8Array(32), ports: { fuelUsed: () => 0n } });
  expect(poll(guest, [{ clock: MONOTONIC, timeout: 3_600_000n * MS }])).toHaveLength(1);
  expect(guest.host.slept).toEqual([]);
  const at = guest.room(8);
  guest.call('clock_time_get', MONOTONIC, 0n, at);
  expect(guest.u64(at)).toBe(3_600_000n * MS);
});

test('output and files are always ready, with what there is to read', () => {
  const guest = new FileGuest();
  guest.create('file', '0123456789');
  const fd = guest.open('file') as number;
  guest.read(fd, 4);
  expect(
    poll(guest, [{ write: 1 }, { write: 2 }, { read: fd }, { write: fd }, { clock: MONOTONIC, timeout: MS }]),
  ).toEqual(['0: write success 1 0', '1: write success 1 0', '2: read success 6 0', '3: write success 1 0']);
  expect(guest.host.slept).toEqual([]);
});

test('what cannot be waited for is an event that says so', () => {
  const guest = new FileGuest();
  const writer = guest.open('file', { flags: ['creat'], rights: right.fdWrite }) as number;
  expect(poll(guest, [{ read: 1 }, { write: 0 }, { read: 3 }, { read: 99 }, { write: writer }])).toEqual([
    '0: read badf 0 0',
    '1: write badf 0 0',
    '2: read badf 0 0',
    '3: read badf 0 0',
    '4: write badf 0 0',
  ]);
});

test('standard input is ready with what is there, and hangs up at its end', () => {
  const guest = new WasiGuest({ stdin: new TextEncoder().encode('abc') });
  expect(poll(guest, [{ read: 0 }])).toEqual(['0: read success 3 0']);
  guest.read(0, 3);
  expect(poll(guest, [{ read: 0 }])).toEqual(['0: read success 0 1']);
});

test('input that is not there yet is waited for, at most until a clock is due', () => {
  const waits: number[] = [];
  let moments = 3;
  const guest: WasiGuest = new WasiGuest({
    stdin: {
      read: () => new Uint8Array(0),
      wait(ms) {
        waits.push(ms);
        guest.host.monotonicMs += ms;
        return moments-- > 0 ? 0 : 7;
      },
    },
  });
  expect(poll(guest, [{ read: 0 }, { clock: MONOTONIC, timeout: 2500n * MS }])).toEqual(['0: read success 7 0']);
  expect(waits).toEqual([0, 1000, 0, 1000, 0]);
  moments = 99;
  waits.length = 0;
  expect(poll(guest, [{ read: 0 }, { clock: MONOTONIC, timeout: 1500n * MS }])).toEqual(['1: clock success 0 0']);
  expect(waits).toEqual([0, 1000, 0, 500, 0]);
});

test('streamed input wakes a poll that waits for nothing else', () => {
  const guest = new WasiGuest({ stdin: chunkedInput(['', '', '', 'late']) });
  expect(poll(guest, [{ read: 0 }])).toEqual(['0: read success 4 0']);
});

test('waiting for ever on input that never comes can be stopped', () => {
  let waited = 0;
  const guest = new WasiGuest({
    stdin: {
      read: () => new Uint8Array(0),
      wait() {
        if (++waited > 10) throw new GuestStopped('cancelled');
        return 0;
      },
    },
  });
  expect(() => poll(guest, [{ read: 0 }])).toThrow('cancelled');
});

test('a call that makes no sense is refused', () => {
  const guest = new WasiGuest();
  expect(poll(guest, [])).toBe('inval');
  expect(poll(guest, [{ clock: 9, timeout: 0n }])).toBe('inval');
  expect(poll(guest, [{ clock: MONOTONIC, timeout: 0n, flags: 2 }])).toBe('inval');
  const at = guest.room(48);
  new DataView(guest.memory.buffer).setUint8(at + 8, 3);
  expect(guest.call('poll_oneoff', at, guest.room(32), 1, guest.room(4))).toBe('inval');
  expect(guest.call('poll_oneoff', at, guest.memory.buffer.byteLength - 31, 1, 0)).toBe('fault');
  expect(guest.call('poll_oneoff', 0, 0, 0x0fff_ffff, 0)).toBe('fault');
});

test('a clock and standard input each need their grant, at the call that uses them', () => {
  const bare = new WasiGuest({ grants: ['wasi'] });
  expect(poll(bare, [{ write: 1 }])).toHaveLength(1);
  expect(() => poll(bare, [{ clock: MONOTONIC, timeout: 0n }])).toThrow('denied clock for poll_oneoff');
  expect(() => poll(new WasiGuest({ grants: ['wasi'] }), [{ read: 0 }])).toThrow('denied stdin for poll_oneoff');
});

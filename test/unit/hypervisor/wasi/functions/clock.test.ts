import { expect, test } from 'vitest';
import { VIRTUAL_EPOCH_NS } from '../../../../../electron/hypervisor/wasi/index.ts';
import { WasiGuest } from '../../../../support/wasi-guest.ts';

const [REALTIME, MONOTONIC, PROCESS_CPU, THREAD_CPU] = [0, 1, 2, 3];

function readTime(guest: WasiGuest, id: number): bigint | string {
  const at = guest.room(8);
  const error = guest.call('clock_time_get', id, 1n, at);
  return error === 'success' ? guest.u64(at) : error;
}

test('every clock has a resolution of one millisecond', () => {
  const guest = new WasiGuest();
  for (const id of [REALTIME, MONOTONIC, PROCESS_CPU, THREAD_CPU]) {
    const at = guest.room(8);
    expect(guest.call('clock_res_get', id, at)).toBe('success');
    expect(guest.u64(at)).toBe(1_000_000n);
  }
});

test('time is rounded down to it, whatever precision is asked for', () => {
  const guest = new WasiGuest();
  expect(readTime(guest, REALTIME)).toBe(1_700_000_000_000n * 1_000_000n);
});

test('the monotonic clock begins with the run and says nothing about the host', () => {
  const guest = new WasiGuest();
  expect(readTime(guest, MONOTONIC)).toBe(0n);
  guest.host.sleep(12.9);
  expect([MONOTONIC, PROCESS_CPU, THREAD_CPU].map((id) => readTime(guest, id))).toEqual([
    12_000_000n,
    12_000_000n,
    12_000_000n,
  ]);
});

test('the monotonic clock moves with every reading, and no faster than time does', () => {
  const guest = new WasiGuest();
  expect([readTime(guest, MONOTONIC), readTime(guest, MONOTONIC), readTime(guest, MONOTONIC)]).toEqual([0n, 1n, 2n]);
  expect([readTime(guest, REALTIME), readTime(guest, REALTIME)]).toEqual(new Array(2).fill(1_700_000_000_000_000_000n));
  guest.host.sleep(1);
  expect([readTime(guest, MONOTONIC), readTime(guest, MONOTONIC)]).toEqual([1_000_000n, 1_000_001n]);
});

test('a clock that is none is invalid, and an address outside is a fault', () => {
  const guest = new WasiGuest();
  expect(readTime(guest, 4)).toBe('inval');
  expect(guest.call('clock_res_get', 4, 0)).toBe('inval');
  expect(guest.call('clock_res_get', REALTIME, -4)).toBe('fault');
  expect(guest.call('clock_time_get', REALTIME, 0n, guest.memory.buffer.byteLength - 7)).toBe('fault');
});

test('virtual clocks run on fuel, a nanosecond for each unit, in steps of a millisecond', () => {
  let fuel = 0n;
  const guest = new WasiGuest({ seed: new Uint8Array(32), ports: { fuelUsed: () => fuel } });
  expect(readTime(guest, REALTIME)).toBe(VIRTUAL_EPOCH_NS);
  fuel = 3_999_999n;
  expect(readTime(guest, MONOTONIC)).toBe(3_000_000n);
  expect(readTime(guest, REALTIME)).toBe(VIRTUAL_EPOCH_NS + 3_000_000n);
});

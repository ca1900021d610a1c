import { expect, test, vi } from 'vitest';
import { GuestPool } from '../../../electron/hypervisor/guest-pool.ts';
import { GuestGone } from '../../../electron/hypervisor/guest-process.ts';
import { defaultShape } from '../../../electron/hypervisor/worker-shape.ts';
import { createFakeSpawn } from '../../support/fake-guest.ts';

const bytes = new Uint8Array(8);

function createPool(options: Partial<ConstructorParameters<typeof GuestPool>[0]> = {}) {
  const fake = createFakeSpawn();
  const pool = new GuestPool({
    spawn: fake.spawn,
    shape: defaultShape,
    blank: 1,
    perProcess: 2,
    warm: 2,
    warmMs: 60_000,
    ...options,
  });
  return { ...fake, pool };
}

test('two modules never share a process', async () => {
  const { pool } = createPool();
  const a = await pool.acquire('a', bytes);
  a.release('reuse');
  const b = await pool.acquire('b', bytes);
  expect(b.guest).not.toBe(a.guest);
});

test('the same module finds its process again, and a second one when the first is full', async () => {
  const { pool } = createPool();
  const first = await pool.acquire('a', bytes);
  const second = await pool.acquire('a', bytes);
  const third = await pool.acquire('a', bytes);
  expect([second.guest === first.guest, third.guest === first.guest]).toEqual([true, false]);
});

test('executions that ask for a module at the same time share what is being started', async () => {
  const { pool, guests } = createPool({ perProcess: 8 });
  const leases = await Promise.all([1, 2, 3, 4].map(() => pool.acquire('a', bytes)));
  const loads = guests.flatMap(({ sent }) => sent).filter(({ type }) => type === 'load');
  expect([new Set(leases.map(({ guest }) => guest)).size, loads.length]).toEqual([1, 1]);
});

test('a condemned process serves no one any more and is killed', async () => {
  const { pool, guests } = createPool();
  const lease = await pool.acquire('a', bytes);
  lease.release('condemn');
  expect(guests.filter(({ isKilled }) => isKilled)).toHaveLength(1);
  expect((await pool.acquire('a', bytes)).guest).not.toBe(lease.guest);
});

test('idle processes beyond the limit go, the one used longest ago first', async () => {
  const { pool } = createPool({ warm: 2 });
  const guests = [];
  for (const sha256 of ['a', 'b', 'c']) {
    const lease = await pool.acquire(sha256, bytes);
    guests.push(lease.guest);
    lease.release('reuse');
  }
  expect(guests.map(({ isUsable }) => isUsable)).toEqual([false, true, true]);
});

test('an idle process goes after its time', async () => {
  vi.useFakeTimers();
  try {
    const { pool } = createPool({ warmMs: 1000 });
    const lease = await pool.acquire('a', bytes);
    lease.release('reuse');
    vi.advanceTimersByTime(999);
    expect(lease.guest.isUsable).toBe(true);
    vi.advanceTimersByTime(1);
    expect(lease.guest.isUsable).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test('whoever waits is told when no process can be booted, and the next is tried again', async () => {
  const { spawn, guests } = createFakeSpawn({ isBootable: false });
  const pool = new GuestPool({ spawn, shape: defaultShape, blank: 0, perProcess: 2, warm: 2, warmMs: 1000 });
  await expect(pool.acquire('a', bytes)).rejects.toBeInstanceOf(GuestGone);
  expect(guests).toHaveLength(3);
  await expect(pool.acquire('a', bytes)).rejects.toBeInstanceOf(GuestGone);
  expect(guests).toHaveLength(6);
});

test('a process that says what no guest process says is killed', async () => {
  const { pool, guests } = createPool();
  const lease = await pool.acquire('a', bytes);
  guests[0]?.say({ type: 'ended' });
  expect([guests[0]?.isKilled, lease.guest.isUsable]).toEqual([true, false]);
});

test('closing kills every process and waits for the last', async () => {
  const { pool, guests } = createPool({ blank: 2 });
  await pool.acquire('a', bytes);
  await pool.close();
  expect(guests.every(({ isKilled }) => isKilled)).toBe(true);
  expect(pool.processCount).toBe(0);
});

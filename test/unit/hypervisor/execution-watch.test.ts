import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ExecutionWatch } from '../../../electron/hypervisor/execution-watch.ts';
import type { Execution } from '../../../electron/hypervisor/guest/protocol.ts';
import { GuestProcess } from '../../../electron/hypervisor/guest-process.ts';
import { defaultShape } from '../../../electron/hypervisor/worker-shape.ts';
import { createFakeSpawn } from '../../support/fake-guest.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = { timeMs: 1000 } as Execution['limits'];
const execution = { limits } as Execution;
const listener = { onState: () => {}, onPrinted: () => {}, onGauge: () => {} };

function watchMany(count: number) {
  const { spawn, guests } = createFakeSpawn();
  const guest = new GuestProcess(spawn(), defaultShape);
  const watches = Array.from({ length: count }, () => new ExecutionWatch(guest, execution, defaultShape, listener));
  const fake = guests[0]!;
  const commands = () => fake.sent.flatMap((message) => (message.type === 'command' ? [message.command] : []));
  return { fake, watches, commands };
}

test('a guest that does not end at its deadline is terminated, then killed with its process', async () => {
  const { fake, watches, commands } = watchMany(1);
  fake.say({ type: 'started', id: 0 });
  await vi.advanceTimersByTimeAsync(1007);
  expect(commands()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect([commands(), fake.isKilled]).toEqual([['terminate'], false]);
  await vi.advanceTimersByTimeAsync(16);
  expect(fake.isKilled).toBe(true);
  expect(await watches[0]?.ended).toMatchObject({ end: { how: 'exited' }, reason: 'deadline', stage: 'killed' });
});

test('the clock starts when the guest does, and a pause stops it', async () => {
  const { fake, watches, commands } = watchMany(1);
  await vi.advanceTimersByTimeAsync(5000);
  fake.say({ type: 'started', id: 0 });
  await vi.advanceTimersByTimeAsync(900);
  watches[0]?.pause();
  fake.say({ type: 'paused', id: 0 });
  await vi.advanceTimersByTimeAsync(60_000);
  watches[0]?.resume();
  await vi.advanceTimersByTimeAsync(107);
  expect(commands()).toEqual(['pause', 'resume']);
  await vi.advanceTimersByTimeAsync(1);
  expect(commands()).toEqual(['pause', 'resume', 'terminate']);
});

test('a worker that is slow to die does not take the other executions of its process along', async () => {
  const { fake, watches } = watchMany(2);
  fake.say({ type: 'started', id: 0 });
  await vi.advanceTimersByTimeAsync(1024);
  expect(await watches[0]?.ended).toMatchObject({ end: { how: 'lost' }, reason: 'deadline', stage: 'terminated' });
  expect(fake.isKilled).toBe(false);
  const reading = { fuelUsed: null, memoryBytes: null, outputBytes: 0 };
  fake.say({ type: 'lost', id: 0, cause: 'terminated', message: '', reading });
  await vi.advanceTimersByTimeAsync(3000);
  expect(fake.isKilled).toBe(false);
});

test('a worker that never dies is killed in the end, other executions or not', async () => {
  const { fake } = watchMany(2);
  fake.say({ type: 'started', id: 0 });
  await vi.advanceTimersByTimeAsync(1024 + 2000);
  expect(fake.isKilled).toBe(true);
});

import { expect, test } from 'vitest';
import { createGaugeMemory, Gauge } from '../../../../electron/hypervisor/guest/gauge.ts';
import { Watchdog } from '../../../../electron/hypervisor/guest/watchdog.ts';

/** Looks every second from `fromMs` to `toMs`; says at which times the owner was taken for dead. */
function look(
  toMs: number,
  options: { readonly isOwnerWell: (nowMs: number) => boolean; readonly asleep?: [number, number] },
) {
  const gauge = new Gauge(createGaugeMemory());
  const deaths: number[] = [];
  let nowMs = 0;
  const watchdog = new Watchdog(
    gauge,
    () => deaths.push(nowMs),
    () => nowMs,
  );
  for (; nowMs <= toMs; nowMs += 1000) {
    if (options.asleep !== undefined && nowMs > options.asleep[0] && nowMs < options.asleep[1]) continue;
    if (options.isOwnerWell(nowMs)) gauge.beat();
    watchdog.look();
  }
  return deaths;
}

test('an owner that is heard lives, however long a guest runs', () => {
  expect(look(300_000, { isOwnerWell: () => true })).toEqual([]);
});

test('an owner that is silent for longer than fifteen seconds is dead', () => {
  expect(look(27_000, { isOwnerWell: (nowMs) => nowMs <= 10_000 })).toEqual([26_000, 27_000]);
});

test('after a sleep of the whole machine the owner has its time anew', () => {
  const isOwnerWell = (nowMs: number) => nowMs < 10_000 || nowMs > 105_000;
  expect(look(200_000, { isOwnerWell, asleep: [10_000, 100_000] })).toEqual([]);
});

import { expect, test } from 'vitest';
import { createEventHub } from '../../../electron/ipc/event-hub.ts';

const publish = (hub: ReturnType<typeof createEventHub>, times: number) => {
  for (let i = 0; i < times; i++) hub.publish('policies.changed', {});
};

test('events are numbered from 1 without gaps', () => {
  const hub = createEventHub(() => 7);
  const heard: unknown[] = [];
  hub.subscribe(0, (message) => heard.push(message));
  publish(hub, 2);
  expect(heard).toEqual([
    { seq: 1, ts: 7, name: 'policies.changed', data: {} },
    { seq: 2, ts: 7, name: 'policies.changed', data: {} },
  ]);
  expect(hub.seq()).toBe(2);
});

test('a client that comes back gets what it missed and then what is new, once', () => {
  const hub = createEventHub();
  publish(hub, 5);
  const heard: number[] = [];
  hub.subscribe(3, ({ seq }) => heard.push(seq));
  publish(hub, 1);
  expect(heard).toEqual([4, 5, 6]);
});

test('a client that was away too long sees a gap', () => {
  const hub = createEventHub(Date.now, 10);
  publish(hub, 100);
  const heard: number[] = [];
  hub.subscribe(5, ({ seq }) => heard.push(seq));
  expect(heard).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
});

test('nothing is heard after unsubscribing', () => {
  const hub = createEventHub();
  const heard: number[] = [];
  hub.subscribe(0, ({ seq }) => heard.push(seq))();
  publish(hub, 1);
  expect(heard).toEqual([]);
});

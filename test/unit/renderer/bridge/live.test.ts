import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '../../../../renderer/bridge/index.ts';
import { followEvents } from '../../../../renderer/bridge/live.ts';
import type { EventMessage } from '../../../../shared/contract/events.ts';
import { createClient } from '../../../../shared/contract/index.ts';
import { everydayModules, summaryOf } from '../../../support/fake/modules.ts';

const [fib, hello] = everydayModules().map((module) => summaryOf(module.record));

async function follow(startSeq: number) {
  let push: (message: EventMessage) => void = () => {};
  const since = vi.fn();
  const transport = {
    invoke: async () => ({ ok: true, value: { seq: startSeq } }),
    subscribe: (from: number, listener: (message: EventMessage) => void) => {
      since(from);
      push = listener;
      return () => {};
    },
  };
  const bridge: Bridge = {
    host: 'http',
    client: createClient(transport),
    subscribe: transport.subscribe,
    onConnection: () => () => {},
    pathOf: () => null,
    loadModule: async () => ({ ok: false, error: { code: 'internal', message: '' } }),
  };
  const queryClient = new QueryClient();
  queryClient.setQueryData(['modules', 'list'], [fib]);
  followEvents(bridge, queryClient, () => {});
  await vi.waitFor(() => expect(since).toHaveBeenCalledWith(startSeq));
  return {
    queryClient,
    push: (message: EventMessage) => push(message),
    isStale: () => queryClient.getQueryState(['modules', 'list'])?.isInvalidated,
  };
}

test('events are followed from the newest one, and change the lists they are about', async () => {
  const { queryClient, push, isStale } = await follow(7);
  push({ seq: 8, ts: 0, name: 'module.added', data: hello! });
  expect(queryClient.getQueryData(['modules', 'list'])).toEqual([hello, fib]);
  push({ seq: 9, ts: 0, name: 'module.removed', data: { sha256: fib!.sha256 } });
  expect([queryClient.getQueryData(['modules', 'list']), isStale()]).toEqual([[hello], false]);
});

test('a number that was skipped makes everything be asked again', async () => {
  const { push, isStale } = await follow(7);
  push({ seq: 9, ts: 0, name: 'policies.changed', data: {} });
  expect(isStale()).toBe(true);
});

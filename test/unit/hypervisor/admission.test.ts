import { expect, test } from 'vitest';
import { Admission, type Ticket } from '../../../electron/hypervisor/admission.ts';

/** Enters for each key in turn and notes the order in which they get in. */
function enterAll(admission: Admission, keys: readonly string[]): { entered: string[]; tickets: Ticket[] } {
  const entered: string[] = [];
  const tickets: Ticket[] = [];
  for (const key of keys) {
    void admission.enter(key).ticket.then((ticket) => {
      entered.push(key);
      tickets.push(ticket);
    });
  }
  return { entered, tickets };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

test('no more than the limit run at the same time', async () => {
  const admission = new Admission({ concurrent: 2, queued: 10 });
  const { entered, tickets } = enterAll(admission, ['a', 'b', 'c']);
  await settle();
  expect([entered, admission.runningCount, admission.waitingCount]).toEqual([['a', 'b'], 2, 1]);
  tickets[0]?.release();
  await settle();
  expect([entered, admission.runningCount, admission.waitingCount]).toEqual([['a', 'b', 'c'], 2, 0]);
});

test('one key with many waiting does not keep the others from their turn', async () => {
  const admission = new Admission({ concurrent: 1, queued: 10 });
  const { entered, tickets } = enterAll(admission, ['a', 'a', 'a', 'a', 'b', 'c']);
  for (let i = 0; i < 6; i++) {
    await settle();
    tickets[i]?.release();
  }
  expect(entered).toEqual(['a', 'a', 'b', 'c', 'a', 'a']);
});

test('there is room for as many as may run and wait, and for no more', async () => {
  const admission = new Admission({ concurrent: 2, queued: 3 });
  enterAll(admission, ['a', 'a', 'a']);
  await settle();
  expect([admission.hasRoomFor(2), admission.hasRoomFor(3)]).toEqual([true, false]);
});

test('who leaves the queue is not admitted, and a ticket given back twice counts once', async () => {
  const admission = new Admission({ concurrent: 1, queued: 3 });
  const { tickets } = enterAll(admission, ['a']);
  const waiting = admission.enter('b');
  await settle();
  waiting.leave();
  tickets[0]?.release();
  tickets[0]?.release();
  await settle();
  expect([admission.runningCount, admission.waitingCount]).toEqual([0, 0]);
});

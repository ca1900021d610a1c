import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createHypervisor, forkGuest } from '../../../electron/hypervisor/index.ts';
import { buildGuest } from '../../support/guest-bundle.ts';
import { descendantsOf, sharedBytesOf } from '../../support/process-tree.ts';
import { createRunner } from '../../support/runner.ts';

/** `GLOVEBOX_LEAKS=full` makes it 10,000 executions and 500 killed ones. */
const isFull = process.env.GLOVEBOX_LEAKS === 'full';
const EXECUTIONS = isFull ? 10_000 : 1_500;
const KILLED = isFull ? 500 : 20;

const module = `(module (memory (export "memory") 16)
  (func (export "f") (result i32) (memory.fill (i32.const 0) (i32.const 1) (i32.const 1048576)) (i32.const 1))
  (func (export "spin") (loop (br 0))))`;

function handleCount(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
}

test.skipIf(process.platform !== 'linux')(
  'thousands of executions and many killed ones leave memory and handles where they were',
  async () => {
    const guest = await buildGuest();
    const hypervisor = createHypervisor({ spawn: forkGuest(guest.processScript), blankProcesses: 1 });
    const runner = createRunner(hypervisor);
    const many = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const { outcome } = await runner.run(module, { name: 'f' });
        if (outcome.kind !== 'finished') throw new Error(`run ${i} came to ${outcome.kind}: ${outcome.message}`);
      }
    };
    const killed = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const { outcome } = await runner.run(module, { name: 'spin', limits: { timeMs: 10 } });
        if (outcome.kind !== 'timed-out') throw new Error(`run ${i} came to ${outcome.kind}: ${outcome.message}`);
      }
    };
    const guestsNow = () => descendantsOf(process.pid).filter((pid) => pid !== process.pid);
    await many(300);
    await killed(5);
    await many(10);
    const before = { memory: sharedBytesOf([process.pid, ...guestsNow()]), handles: handleCount([process.pid]) };
    await many(EXECUTIONS);
    await killed(KILLED);
    await many(10);
    const after = { memory: sharedBytesOf([process.pid, ...guestsNow()]), handles: handleCount([process.pid]) };
    await hypervisor.shutdown();
    await guest.remove();
    // 64 KiB a run would be 96 MiB here; garbage that waits for its collection is far below.
    expect(after.memory - before.memory).toBeLessThan(48 * 1024 * 1024);
    expect(after.handles - before.handles).toBeLessThanOrEqual(4);
    expect(guestsNow()).toEqual([]);
  },
  isFull ? 3_600_000 : 600_000,
);

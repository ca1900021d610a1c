import { expect, test } from 'vitest';
import type { WatchedEnd } from '../../../electron/hypervisor/execution-watch.ts';
import { outcomeOf } from '../../../electron/hypervisor/outcome.ts';
import { defaultLimits } from '../../../shared/model/limits.ts';

const reading = { fuelUsed: 5n, memoryBytes: 65536, outputBytes: 0 };
const exited = (exit: { code?: number; signal?: string; diagnostic?: string }): WatchedEnd['end'] => ({
  how: 'exited',
  exit: { code: null, signal: null, diagnostic: '', ...exit },
});

test.each<[string, WatchedEnd, object]>([
  [
    'a worker terminated at its deadline is timed out',
    { end: { how: 'lost', cause: 'terminated', message: '', reading }, reason: 'deadline', stage: 'terminated' },
    { kind: 'timed-out', stage: 'terminated', limit: { name: 'time', value: '10 s' } },
  ],
  [
    'a process killed when it was cancelled is stopped',
    { end: exited({ signal: 'SIGKILL' }), reason: 'cancel', stage: 'killed' },
    { kind: 'stopped', stage: 'killed' },
  ],
  [
    'a process that died by itself while it was asked to stop has crashed',
    { end: exited({ signal: 'SIGSEGV' }), reason: 'cancel', stage: 'cooperative' },
    { kind: 'crashed', message: 'the guest process ended by SIGSEGV' },
  ],
  [
    'a process that V8 aborted for want of memory is out of memory',
    {
      end: exited({
        signal: 'SIGABRT',
        diagnostic: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      }),
      reason: null,
      stage: 'cooperative',
    },
    { kind: 'out-of-memory', limit: { name: 'memory', value: '64 MiB' } },
  ],
  [
    'a worker whose heap is used up is out of memory even when it was being stopped',
    {
      end: { how: 'lost', cause: 'out-of-memory', message: 'the heap is used up', reading },
      reason: 'cancel',
      stage: 'terminated',
    },
    { kind: 'out-of-memory' },
  ],
])('%s', (_, watched, expected) => {
  expect(outcomeOf(watched, defaultLimits)).toMatchObject(expected);
});

import { expect, test } from 'vitest';
import { nextState } from '../../../electron/hypervisor/run-machine.ts';
import { type RunState, runState } from '../../../shared/model/run.ts';

const all: readonly RunState[] = runState.options;

test('an ended run stays ended, and a stopping one can only end', () => {
  expect(all.map((wanted) => nextState('ended', wanted))).toEqual(all.map(() => 'ended'));
  expect(all.map((wanted) => nextState('stopping', wanted))).toEqual(
    all.map((wanted) => (wanted === 'ended' ? 'ended' : 'stopping')),
  );
});

test('a run that is held goes on running, and none goes back to the queue', () => {
  expect(nextState(nextState('running', 'paused'), 'running')).toBe('running');
  expect(all.filter((state) => state !== 'queued').map((state) => nextState(state, 'queued'))).not.toContain('queued');
});

test('any run can end from where it is', () => {
  expect(all.map((state) => nextState(state, 'ended'))).toEqual(all.map(() => 'ended'));
});

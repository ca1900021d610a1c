import type { RunState } from '../../shared/model/run.ts';

/** Which states may follow which; `ended` is for good. */
const NEXT: { readonly [state in RunState]: readonly RunState[] } = {
  queued: ['starting', 'stopping', 'ended'],
  starting: ['running', 'paused', 'stopping', 'ended'],
  running: ['paused', 'stopping', 'ended'],
  paused: ['running', 'stopping', 'ended'],
  stopping: ['ended'],
  ended: [],
};

/** The state after `wanted` was asked for in `state`: it stays where that may not follow. */
export function nextState(state: RunState, wanted: RunState): RunState {
  return NEXT[state].includes(wanted) ? wanted : state;
}

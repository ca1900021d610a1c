import type { RunRecord } from '../../../shared/model/run.ts';
import { joinArguments } from '../../lib/command-line.ts';

/** What was called: `fib(30)`, or the program's command line. */
export function describeEntry(run: Pick<RunRecord, 'entry' | 'programArgs' | 'batchSize'>): string {
  const times = run.batchSize > 1 ? ` × ${run.batchSize}` : '';
  if (run.entry.kind === 'export') return `${run.entry.name}(${run.entry.args.join(', ')})${times}`;
  return `${joinArguments(run.programArgs)}${times}`;
}

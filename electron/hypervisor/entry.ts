import type { ModuleReport } from '../../shared/model/module-report.ts';
import type { EntryPoint } from '../../shared/model/run.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { hasByteArguments } from './guest/byte-arguments.ts';
import { parseArguments } from './guest/values.ts';

/** Checks that a module has what is to be called, and that the arguments fit it. Details name argument and expectation. */
export function checkEntry(
  report: ModuleReport,
  entry: EntryPoint,
): Result<void, 'run.no-such-export' | 'run.bad-argument'> {
  const name = entry.kind === 'command' ? '_start' : entry.name;
  const found = report.exports.find((candidate) => candidate.name === name);
  if (found === undefined)
    return fail('run.no-such-export', `the module has no export named ${name}`, { export: name });
  if (found.type.kind !== 'function') {
    return fail('run.no-such-export', `the export ${name} is a ${found.type.kind}, not a function`, { export: name });
  }
  // Whether bytes can be passed depends on the module's allocator, which only a run can ask.
  if (entry.kind === 'export' && hasByteArguments(entry.args)) return ok(undefined);
  const parsed = parseArguments(found.type.signature, entry.kind === 'command' ? [] : entry.args);
  if (parsed.ok) return ok(undefined);
  const { index, expected, message } = parsed.problem;
  return fail('run.bad-argument', message, index === null ? { expected } : { argument: index, expected });
}

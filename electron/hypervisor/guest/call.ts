import type { GuestValue } from '../../../shared/model/run.ts';
import { type ByteCall, callWithBytes, hasByteArguments } from './byte-arguments.ts';
import type { ExecutionControl } from './control.ts';
import { Denial } from './denial.ts';
import { formatValue, parseArguments, parseValue, type WasmValue } from './values.ts';
import { callWithVectors, findUncallable, hasVectors } from './vector-call.ts';

/**
 * Calls an export with arguments given as text and gives its results as text; they count as output.
 * @throws Denial or ByteArgumentError when it cannot be called like this; what the guest throws goes through
 */
export function callExport(exports: WebAssembly.Exports, call: ByteCall, control: ExecutionControl): GuestValue[] {
  const values = hasByteArguments(call.args) ? callForBytes(exports, call, control) : callForValues(exports, call);
  const bytes = values.reduce((sum, { value }) => sum + value.length, 0);
  if (control.countOutput(bytes) < bytes) control.end(control.outputOutcome());
  return values;
}

function callForValues(exports: WebAssembly.Exports, { name, signature, args }: ByteCall): GuestValue[] {
  const parsed = parseArguments(signature, args);
  if (!parsed.ok) throw new Denial({ message: parsed.problem.message });
  const target = exports[name] as (...values: unknown[]) => unknown;
  const { results } = signature;
  if (hasVectors(signature)) {
    const uncallable = findUncallable(signature);
    if (uncallable !== undefined)
      throw new Denial({ message: `${name} has a ${uncallable} beside a v128 and cannot be called` });
    return callWithVectors(target, signature, parsed.values).map((value, i) => formatValue(results[i]!, value));
  }
  const returned = target(...parsed.values);
  const values = results.length > 1 ? [...(returned as Iterable<WasmValue>)] : [returned];
  return results.map((type, i) => formatValue(type, values[i]));
}

/** Bytes that are read back stand behind the plain results, as hex. */
function callForBytes(exports: WebAssembly.Exports, call: ByteCall, control: ExecutionControl): GuestValue[] {
  const { returned, bytes } = callWithBytes(exports, call, parseValue, control.outputBytesLeft());
  return [
    ...returned.map((value, i) => formatValue(call.signature.results[i]!, value)),
    ...bytes.map((part) => ({ type: 'bytes', value: hexOf(part) })),
  ];
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

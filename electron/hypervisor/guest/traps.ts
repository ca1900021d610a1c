import type { Trap, TrapFrame, TrapKind } from '../../../shared/model/run.ts';

/** V8's messages (Node 24 to 26; messages.h `kTrap*`), each of which means one kind of trap. */
const KINDS: readonly [pattern: RegExp, kind: TrapKind][] = [
  [/^unreachable$/, 'unreachable'],
  [/^memory access out of bounds$/, 'memory-out-of-bounds'],
  [/^(table index is out of bounds|table access out of bounds|WebAssembly\.Table\..*)$/, 'table-out-of-bounds'],
  [/^array element access out of bounds$/, 'array-out-of-bounds'],
  [/(data|element) segment.* out of bounds|out of bounds (data|element) segment/, 'segment-out-of-bounds'],
  [/^(divide|remainder) by zero$/, 'division-by-zero'],
  [/^divide result unrepresentable$/, 'integer-overflow'],
  [/^float unrepresentable in integer range$/, 'invalid-conversion'],
  [/^null function$|^RuntimeError: null function$/, 'indirect-call-null'],
  [/function signature mismatch$/, 'indirect-call-type'],
  [/^(dereferencing a null pointer|rethrowing null value)$/, 'null-reference'],
  [/^illegal cast$/, 'cast-failure'],
  [/^operation does not support unaligned accesses$/, 'unaligned-atomic'],
  [/shared memory/, 'expected-shared-memory'],
  [/^(requested new array is too large|invalid array length)$/, 'out-of-resources'],
  [/^string offset out of bounds$/, 'array-out-of-bounds'],
];

/** How to read a stack of the module that ran: from the rewritten module back to the original. */
export type FrameMap = {
  originalOffset(offset: number): number | null;
  /** null for a function that the rewriting added */
  originalFunction(index: number): number | null;
  functionName(index: number): string | null;
};

const MAX_FRAMES = 50;

/** Tells what an error thrown out of wasm means. `frames` is null when nothing is known of the module. */
export function readTrap(thrown: unknown, frames: FrameMap | null): Trap {
  const { message, stack } = describeThrown(thrown);
  return { kind: kindOf(thrown, message), message, frames: readFrames(stack, frames) };
}

function kindOf(thrown: unknown, message: string): TrapKind {
  if (isException(thrown)) return 'uncaught-exception';
  if (thrown instanceof RangeError && /call stack/.test(message)) return 'stack-overflow';
  for (const [pattern, kind] of KINDS) if (pattern.test(message)) return kind;
  return 'other';
}

declare const WebAssembly: { readonly Exception?: new (...args: never[]) => object };

/** A wasm exception that nobody caught; engines without the proposal have no such class. */
function isException(thrown: unknown): boolean {
  return WebAssembly.Exception !== undefined && thrown instanceof WebAssembly.Exception;
}

/** Message and stack of whatever was thrown. Guests can throw host strings or anything else: nothing here calls into it. */
function describeThrown(thrown: unknown): { message: string; stack: string } {
  if (isException(thrown)) return { message: 'uncaught wasm exception', stack: stackOf(thrown) };
  if (thrown instanceof Error) return { message: String(thrown.message), stack: stackOf(thrown) };
  return { message: 'a value that is no error was thrown', stack: '' };
}

function stackOf(thrown: unknown): string {
  const { stack } = thrown as { stack?: unknown };
  return typeof stack === 'string' ? stack : '';
}

/**
 * The wasm frames of a stack. Only the end of a line is read: the rewritten module has no name section, so no name of
 * the guest stands in front of it. Frames of other scripts are the runtime's own small modules.
 */
function readFrames(stack: string, map: FrameMap | null): TrapFrame[] {
  const found: TrapFrame[] = [];
  let script: string | undefined;
  for (const line of stack.split('\n')) {
    const match = /(wasm:\/\/wasm\/[^\s:]*):wasm-function\[(\d{1,7})\]:0x([0-9a-f]{1,8})\)?$/.exec(line);
    if (match === null) continue;
    script ??= match[1]!;
    if (match[1] !== script) continue;
    const functionIndex = Number(match[2]);
    const offset = Number.parseInt(match[3]!, 16);
    if (map !== null && map.originalFunction(functionIndex) === null) continue;
    found.push({
      functionIndex: map === null ? functionIndex : map.originalFunction(functionIndex),
      functionName: map?.functionName(functionIndex) ?? null,
      offset: map === null ? offset : map.originalOffset(offset),
    });
    if (found.length === MAX_FRAMES) break;
  }
  return found;
}

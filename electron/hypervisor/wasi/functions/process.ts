import type { WasiContext } from '../context.ts';
import { bytesCost, SLICE_BYTES } from '../cost.ts';
import { refuse } from '../errno.ts';
import type { WasiFunctions } from '../signatures.ts';

type ProcessFunctions = Pick<
  WasiFunctions,
  | 'args_get'
  | 'args_sizes_get'
  | 'environ_get'
  | 'environ_sizes_get'
  | 'random_get'
  | 'proc_exit'
  | 'proc_raise'
  | 'sched_yield'
>;

/** Arguments, environment, random bytes and the end of the program. */
export function processFunctions(context: WasiContext): ProcessFunctions {
  const { memory, ports } = context;
  return {
    args_get(pointers, buffer) {
      context.need('args', 'args_get');
      writeStrings(context, context.args, pointers, buffer);
    },
    args_sizes_get(count, bytes) {
      context.need('args', 'args_sizes_get');
      writeSizes(context, context.args, count, bytes);
    },
    environ_get(pointers, buffer) {
      context.need('env', 'environ_get');
      writeStrings(context, context.env, pointers, buffer);
    },
    environ_sizes_get(count, bytes) {
      context.need('env', 'environ_sizes_get');
      writeSizes(context, context.env, count, bytes);
    },
    random_get(address, length) {
      context.need('random', 'random_get');
      memory.slice(address, length);
      for (let at = 0; at < length; at += SLICE_BYTES) {
        const sliceBytes = Math.min(SLICE_BYTES, length - at);
        ports.checkpoint(bytesCost(sliceBytes));
        context.random(memory.slice(address + at, sliceBytes));
      }
    },
    proc_exit(code) {
      ports.exit(code);
    },
    // Removed from later versions of preview 1, and never made by Wasmtime: there is nobody to raise a signal for.
    proc_raise() {
      refuse('notsup');
    },
    sched_yield() {},
  };
}

function writeSizes(context: WasiContext, strings: readonly Uint8Array[], count: number, bytes: number): void {
  context.memory.writeU32(count, strings.length);
  context.memory.writeU32(
    bytes,
    strings.reduce((total, text) => total + text.length, 0),
  );
}

function writeStrings(context: WasiContext, strings: readonly Uint8Array[], pointers: number, buffer: number): void {
  let at = buffer;
  strings.forEach((text, index) => {
    context.ports.checkpoint(bytesCost(text.length));
    context.memory.writeBytes(at, text);
    context.memory.writeU32(pointers + index * 4, at);
    at += text.length;
  });
}

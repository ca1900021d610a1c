import { abi, hookModule, meter } from '../../../electron/wasm/index.ts';
import { GiB } from '../../../shared/units.ts';

const hook = new WebAssembly.Instance(new WebAssembly.Module(hookModule()), {
  host: { refuel: () => 1n << 40n },
}).exports.refuel;
const form = process.env.GLOVEBOX_METER_FORM === 'simple' ? 'simple' : 'fast';
const isDeterministic = process.env.GLOVEBOX_METER_DETERMINISTIC === '1';

/** Meters every module of the specification suite, with room for everything its tests ask of memories and tables. */
// biome-ignore lint/style/noDefaultExport: the suite's runner calls the default export
export default function transform(bytes: Uint8Array): Uint8Array {
  return meter(bytes, {
    memoryBytes: 16 * GiB,
    tableElements: 10_000_000,
    // Functions of an instance whose instantiation failed half-way stay in shared tables; no host gave them fuel.
    initialFuel: 1_000_000,
    form,
    isDeterministic,
  }).bytes;
}

/** Does what a host does with a metered module before its first call. */
export function instantiated(instance: WebAssembly.Instance): void {
  (instance.exports[abi.refuel] as WebAssembly.Table).set(0, hook as never);
  // A small slice, so that the way through the host is gone often.
  (instance.exports[abi.fuel] as WebAssembly.Global).value = 1000n;
  (instance.exports[abi.start] as (() => void) | undefined)?.();
}

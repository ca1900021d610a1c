import { abi, hookModule, type MeteredModule, type MeterOptions, meter } from '../../electron/wasm/index.ts';
import { MiB } from '../../shared/units.ts';

/** An instance of a metered module with the fuel it was given, as a host runs one. */
export type MeteredRun = {
  readonly exports: Record<string, (...args: unknown[]) => unknown>;
  readonly raw: WebAssembly.Exports;
  readonly metered: MeteredModule;
  /** fuel used so far, as the host counts it */
  used(): bigint;
  /** how often the host was asked for more */
  refuels(): number;
  /** the value of one of the added globals */
  global(name: string): bigint;
};

export type RunOptions = Partial<MeterOptions> & {
  imports?: WebAssembly.Imports;
  /** fuel of one slice */
  slice?: bigint;
  /** fuel in all; the run traps beyond it */
  fuel?: bigint;
};

/** Meters, compiles and instantiates a module and gives it fuel. */
export function runMetered(bytes: Uint8Array, options: RunOptions = {}): MeteredRun {
  const { imports = {}, slice = 1n << 40n, fuel, ...meterOptions } = options;
  const metered = meter(bytes, { memoryBytes: 64 * MiB, tableElements: 1_000_000, ...meterOptions });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(metered.bytes), imports);
  const left = instance.exports[abi.fuel] as WebAssembly.Global<'i64'>;
  let granted = 0n;
  let spent = 0n;
  let refuels = 0;
  let isStopped = false;
  const grant = (): bigint => {
    granted = fuel === undefined || fuel - spent > slice ? slice : fuel - spent;
    return granted;
  };
  const refuel = (rest: bigint): bigint => {
    refuels++;
    spent += granted - rest;
    if (fuel !== undefined && spent > fuel) {
      isStopped = true;
      return -1n;
    }
    return grant();
  };
  const hook = new WebAssembly.Instance(new WebAssembly.Module(hookModule()), { host: { refuel } }).exports.refuel;
  (instance.exports[abi.refuel] as WebAssembly.Table).set(0, hook as never);
  left.value = grant();
  (instance.exports[abi.start] as (() => void) | undefined)?.();
  return {
    exports: instance.exports as MeteredRun['exports'],
    raw: instance.exports,
    metered,
    // Once refused, what the guest said then is the count; its global is older.
    used: () => (isStopped ? spent : spent + granted - left.value),
    refuels: () => refuels,
    global: (name) => (instance.exports[name] as WebAssembly.Global<'i64'>).value,
  };
}

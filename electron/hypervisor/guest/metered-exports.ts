import { abi } from '../../wasm/index.ts';
import type { ExecutionControl } from './control.ts';
import { bindRefuel } from './trap-module.ts';

/** What a rewritten module exports for its host. */
export type MeteredExports = {
  /** the original start function */
  readonly start: (() => void) | undefined;
  /** bytes that the last growth over the memory limit asked for; 0 while none was refused */
  refusedBytes(): bigint;
  /** elements that the last growth over the table limit asked for; 0 while none was refused */
  refusedElements(): bigint;
};

/** Puts a fresh instance under `control`: its fuel, its refuelling, its memory. Nothing of the guest has run before. */
export function attachMeter(exports: WebAssembly.Exports, control: ExecutionControl): MeteredExports {
  const fuel = exports[abi.fuel] as WebAssembly.Global;
  const memory = exports[abi.memory] as WebAssembly.Global;
  const table = exports[abi.refuel] as WebAssembly.Table;
  table.set(
    0,
    bindRefuel((left) => control.refuel(left)),
  );
  fuel.value = control.attach({
    fuelLeft: () => fuel.value as bigint,
    memoryBytes: () => Number(memory.value as bigint),
  });
  return {
    start: exports[abi.start] as (() => void) | undefined,
    refusedBytes: () => (exports[abi.refused] as WebAssembly.Global).value as bigint,
    refusedElements: () => (exports[abi.refusedElements] as WebAssembly.Global).value as bigint,
  };
}

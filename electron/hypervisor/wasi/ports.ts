import type { Capability } from '../../../shared/model/capability.ts';
import type { WasiFunctionName } from '../../../shared/model/wasi-functions.ts';

/** Standard input as it arrives. */
export type InputPort = {
  /** Blocks until there is input; at most `maxBytes`, empty only at the end. @throws to stop the run */
  read(maxBytes: number): Uint8Array;
  /** Waits at most `timeoutMs` for input: how many bytes are there, 0 for none, or `end`. @throws to stop the run */
  wait(timeoutMs: number): number | 'end';
};

/**
 * The only powers a WASI instance has over its host. A port may end the run at any call by throwing; what it throws
 * goes through to the engine untouched, so it must be what a guest cannot catch (a trap), and stays in force.
 */
export type WasiPorts = {
  /** milliseconds since 1970, UTC */
  now(): number;
  /** milliseconds from an arbitrary start, never backwards */
  monotonic(): number;
  /** blocks for `ms` unless the run is stopped meanwhile */
  sleep(ms: number): void;
  /** fills with unpredictable bytes; `bytes` is at most 65536 long and not shared */
  randomFill(bytes: Uint8Array): void;
  /** takes ownership of `bytes`, a fresh copy; stops the run at its output limit */
  writeOut(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** charges `cost` fuel for host work about to be done; returns while the run may go on */
  checkpoint(cost: number): void;
  /** fuel used so far, host work included; virtual clocks run on it */
  fuelUsed(): bigint;
  /** ends the run with the program's status */
  exit(code: number): never;
  /** ends the run because `functionName` needs a capability that was not granted */
  deny(capability: Capability, functionName: WasiFunctionName): never;
};

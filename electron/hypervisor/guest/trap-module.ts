/**
 * A module of three lines, because two things cannot be done from JavaScript: raising a trap, which unlike an exception
 * no guest can catch, and making a host function into one that fits into a table of functions.
 *
 *     (module (import "h" "refuel" (func $refuel (param i64) (result i64)))
 *       (func (export "trap") unreachable)
 *       (export "refuel" (func $refuel)))
 */
// biome-ignore format: one section a line
const BYTES = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  0x01, 0x09, 0x02, 0x60, 0x01, 0x7e, 0x01, 0x7e, 0x60, 0x00, 0x00,
  0x02, 0x0c, 0x01, 0x01, 0x68, 0x06, 0x72, 0x65, 0x66, 0x75, 0x65, 0x6c, 0x00, 0x00,
  0x03, 0x02, 0x01, 0x01,
  0x07, 0x11, 0x02, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x01, 0x06, 0x72, 0x65, 0x66, 0x75, 0x65, 0x6c, 0x00, 0x00,
  0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b,
]);

let current: (left: bigint) => bigint = () => -1n;

const exported = new WebAssembly.Instance(new WebAssembly.Module(BYTES), {
  h: { refuel: (left: bigint) => current(left) },
}).exports as { readonly trap: () => never; readonly refuel: (left: bigint) => bigint };

/** Raises a trap. It passes through JavaScript frames and stays a trap for the guest that called them. */
export function trap(): never {
  return exported.trap();
}

/** A function of wasm that calls `refuel`; one execution at a time has it. */
export function bindRefuel(refuel: (left: bigint) => bigint): (left: bigint) => bigint {
  current = refuel;
  return exported.refuel;
}

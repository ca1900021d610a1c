import type { ByteWriter } from '../byte-writer.ts';
import { ops } from './ops.ts';

const SELECT = 0x1b;
const EQUAL = [[], [0x5b], [0x61], [0xfd, 0x41], [0xfd, 0x47]];
/** The canonical NaN: sign clear, only the highest payload bit set. */
const NAN32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];
const CONSTANT = [
  [],
  [0x43, ...NAN32],
  [0x44, ...NAN64],
  [0xfd, 0x0c, ...NAN32, ...NAN32, ...NAN32, ...NAN32],
  [0xfd, 0x0c, ...NAN64, ...NAN64],
];
const BITSELECT = [0xfd, 0x52];

/**
 * Replaces a NaN on top of the stack, lane by lane, by the canonical one: which NaN arithmetic gives is the machine's
 * choice (WebAssembly core specification §4.3.3), and the only one left to it once relaxed SIMD is refused. `firstLocal`
 * is followed by an f64 and a v128 local.
 */
export function writeCanonicalNan(code: ByteWriter, shape: number, firstLocal: number): void {
  if (shape === 0) return;
  const local = firstLocal + Math.min(shape - 1, 2);
  const put = (op: number): void => {
    code.put(op);
    code.unsigned(local);
  };
  put(ops.localTee);
  code.put(...CONSTANT[shape]!);
  put(ops.localGet);
  put(ops.localGet);
  code.put(...EQUAL[shape]!);
  code.put(...(shape > 2 ? BITSELECT : [SELECT]));
}

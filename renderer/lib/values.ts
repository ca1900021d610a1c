/** What came of reading a typed value: the text the contract takes, and a note where the value is not what was typed. */
export type ReadValue =
  | { readonly ok: true; readonly value: string; readonly note?: string }
  | { readonly ok: false; readonly error: string };

const INTEGERS: Record<string, bigint> = { i32: 32n, i64: 64n };

/** Reads an argument by its type: integers in decimal, hex or binary, floats, v128 as 32 hex digits or lanes. */
export function readValue(type: string, text: string): ReadValue {
  const trimmed = text.trim().replaceAll('_', '');
  const bits = INTEGERS[type];
  if (bits !== undefined) return readInteger(trimmed, bits);
  if (type === 'f32' || type === 'f64') return readFloat(trimmed, type);
  if (type === 'v128') return readVector(trimmed);
  return isReference(type)
    ? readReference(type, trimmed)
    : { ok: false, error: `a ${type} cannot be given from outside` };
}

function readInteger(text: string, bits: bigint): ReadValue {
  const match = /^([+-]?)(0x[0-9a-f]+|0b[01]+|0o[0-7]+|[0-9]+)$/i.exec(text);
  if (!match) return { ok: false, error: 'expected a whole number, as 42, -1, 0x2a or 0b101010' };
  const value = match[1] === '-' ? -BigInt(match[2]!) : BigInt(match[2]!);
  const [min, max] = [-(2n ** (bits - 1n)), 2n ** bits - 1n];
  if (value < min || value > max) return { ok: false, error: `expected ${min} to ${max}` };
  const signed = BigInt.asIntN(Number(bits), value);
  return signed === value ? plain(signed, text) : { ok: true, value: `${signed}`, note: `taken as ${signed}` };
}

function plain(value: bigint, text: string): ReadValue {
  return `${value}` === text ? { ok: true, value: text } : { ok: true, value: `${value}`, note: `= ${value}` };
}

function readFloat(text: string, type: 'f32' | 'f64'): ReadValue {
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special) {
    const isNan = special[2]!.toLowerCase() === 'nan';
    return { ok: true, value: isNan ? 'nan' : `${special[1] === '-' ? '-' : ''}inf` };
  }
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text)) {
    return { ok: false, error: 'expected a number, as 1.5, -2e10, nan or inf' };
  }
  const value = type === 'f32' ? Math.fround(Number(text)) : Number(text);
  if (!Number.isFinite(value)) return { ok: false, error: `too large for ${type}: expected inf, or a smaller number` };
  const written = Object.is(value, -0) ? '-0' : `${value}`;
  return Number(text) === value
    ? { ok: true, value: written }
    : { ok: true, value: written, note: `rounds to ${written}` };
}

/** `i32x4 1 2 3 4` and the like, or 32 hex digits as the bytes lie in memory. */
function readVector(text: string): ReadValue {
  const hex = text.replace(/^0x/i, '').replaceAll(/\s+/g, '');
  if (/^[0-9a-f]{32}$/i.test(hex)) return { ok: true, value: hex.toLowerCase() };
  const match = /^([if])(8|16|32|64)x(2|4|8|16)\s+(.+)$/i.exec(text);
  const lanes = match?.[4]?.split(/[\s,]+/) ?? [];
  const width = Number(match?.[2]);
  if (!match || width * Number(match[3]) !== 128 || lanes.length !== Number(match[3])) {
    return { ok: false, error: 'expected 32 hex digits, or lanes as i32x4 1 2 3 4' };
  }
  return packLanes(lanes, match[1]!.toLowerCase() as 'i' | 'f', width);
}

function packLanes(lanes: readonly string[], kind: 'i' | 'f', width: number): ReadValue {
  const view = new DataView(new ArrayBuffer(16));
  for (const [index, lane] of lanes.entries()) {
    const offset = (index * width) / 8;
    if (kind === 'f') {
      const value = Number(lane);
      if (lane === '' || Number.isNaN(value)) return { ok: false, error: `lane ${index}: expected a number` };
      if (width === 32) view.setFloat32(offset, value, true);
      else view.setFloat64(offset, value, true);
      continue;
    }
    const read = readInteger(lane, BigInt(width));
    if (!read.ok) return { ok: false, error: `lane ${index}: ${read.error}` };
    const value = BigInt.asUintN(width, BigInt(read.value));
    for (let byte = 0; byte < width / 8; byte++)
      view.setUint8(offset + byte, Number((value >> BigInt(8 * byte)) & 255n));
  }
  const value = Array.from(new Uint8Array(view.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { ok: true, value, note: `= ${value}` };
}

function isReference(type: string): boolean {
  return type === 'externref' || type === 'funcref' || /^\(ref null /.test(type);
}

function readReference(type: string, text: string): ReadValue {
  if (text === 'null' || text === '') return { ok: true, value: 'null' };
  return { ok: false, error: `a ${type} can only be given as null` };
}

/** What stands in an empty field of a type. */
export function exampleValue(type: string): string {
  if (type === 'v128') return 'i32x4 0 0 0 0';
  return INTEGERS[type] !== undefined || type === 'f32' || type === 'f64' ? '0' : 'null';
}

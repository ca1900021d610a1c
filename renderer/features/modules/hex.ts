import type { SectionReport } from '../../../shared/model/module-report.ts';

/** Reads `0x1f` or `31`; undefined when it is neither. */
export function parseAddress(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The section whose contents hold an offset. */
export function sectionAt(sections: readonly SectionReport[], offset: number): SectionReport | undefined {
  return sections.find((section) => offset >= section.offset && offset < section.offset + section.sizeBytes);
}

/** What the bytes mean from their first on, little-endian as WebAssembly has it; only readings that fit. */
export function interpretBytes(bytes: Uint8Array): (readonly [name: string, value: string])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readings: (readonly [string, string] | undefined)[] = [
    bytes.length >= 1 ? ['u8', `${bytes[0]}`] : undefined,
    bytes.length >= 2 ? ['u16', `${view.getUint16(0, true)}`] : undefined,
    bytes.length >= 4 ? ['u32', `${view.getUint32(0, true)}`] : undefined,
    bytes.length >= 8 ? ['i64', `${view.getBigInt64(0, true)}`] : undefined,
    bytes.length >= 4 ? ['f32', `${view.getFloat32(0, true)}`] : undefined,
    bytes.length >= 8 ? ['f64', `${view.getFloat64(0, true)}`] : undefined,
    leb('uleb', bytes, false),
    leb('sleb', bytes, true),
  ];
  return readings.filter((reading) => reading !== undefined);
}

function leb(name: string, bytes: Uint8Array, isSigned: boolean): readonly [string, string] | undefined {
  let value = 0n;
  for (let index = 0; index < Math.min(bytes.length, 10); index++) {
    const byte = bytes[index]!;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) {
      const bits = 7 * (index + 1);
      const read = isSigned ? BigInt.asIntN(bits, value) : value;
      return [name, `${read} (${index + 1} B)`];
    }
  }
  return undefined;
}

/** Binary sizes, as in `64 MiB`. */
export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;
/** One WebAssembly page. */
export const PAGE_BYTES = 64 * KiB;

const SIZE_UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  kib: KiB,
  mib: MiB,
  gib: GiB,
  k: KiB,
  m: MiB,
  g: GiB,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
};
const TIME_UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** Reads `64MiB`, `64 MiB`, `1.5GiB`, `65536`; undefined when it is no size in whole bytes. */
export function parseBytes(text: string): number | undefined {
  return parseQuantity(text, SIZE_UNITS);
}

/** Reads `10s`, `250ms`, `1.5 s`, `2min`; undefined when it is no duration in whole milliseconds. A unit is required. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, TIME_UNITS);
}

/** `67108864` as `64 MiB`, `1500` as `1.5 KiB`; three significant digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${trim(value)} ${units[unit]}`;
}

/** `10000` as `10 s`, `250` as `250 ms`, `0.4` as `0.4 ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${trim(ms)} ms`;
  if (ms < 120_000) return `${trim(ms / 1000)} s`;
  return `${trim(ms / 60_000)} min`;
}

function trim(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

function parseQuantity(text: string, units: Record<string, number>): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const factor = units[(match[2] ?? '').toLowerCase()];
  if (factor === undefined) return undefined;
  const value = Number(match[1]) * factor;
  return Number.isSafeInteger(value) ? value : undefined;
}

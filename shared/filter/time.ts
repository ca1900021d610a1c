/** A span named by a time: from its first millisecond up to, not including, `toTs`. */
export type TimeSpan = { readonly fromTs: number; readonly toTs: number; readonly isRelative: boolean };

const MINUTE = 60_000;
const DAY = 86_400_000;
const UNITS: Record<string, number> = { s: 1000, m: MINUTE, min: MINUTE, h: 60 * MINUTE, d: DAY, w: 7 * DAY };
const AGO = /^(\d{1,6})(s|m|min|h|d|w)$/;
const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z?)?)?)?$/;

/**
 * Reads a time in UTC: `2026`, `2026-11`, `2026-11-01`, `2026-11-01T10:30`, with seconds, `today`, `yesterday`, or so long
 * ago (`90s`, `15m`, `2h`, `7d`, `2w`). Undefined when it is none of these or no real date.
 */
export function parseTime(text: string, now: number): TimeSpan | undefined {
  const today = Math.floor(now / DAY) * DAY;
  if (text === 'today') return { fromTs: today, toTs: today + DAY, isRelative: true };
  if (text === 'yesterday') return { fromTs: today - DAY, toTs: today, isRelative: true };
  const ago = AGO.exec(text);
  if (ago) {
    const ts = now - Number(ago[1]) * UNITS[ago[2]!]!;
    return { fromTs: ts, toTs: ts + 1, isRelative: true };
  }
  const date = DATE.exec(text);
  return date ? parseDate(date) : undefined;
}

function parseDate(match: RegExpExecArray): TimeSpan | undefined {
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const milliseconds = match[7] === undefined ? 0 : Number(match[7].padEnd(3, '0'));
  const fromTs = Date.UTC(year!, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(fromTs);
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return undefined;
  return { fromTs, toTs: endOf(match, year!, month, fromTs), isRelative: false };
}

function endOf(match: RegExpExecArray, year: number, month: number, fromTs: number): number {
  if (match[2] === undefined) return Date.UTC(year + 1, 0, 1);
  if (match[3] === undefined) return Date.UTC(year, month, 1);
  if (match[4] === undefined) return fromTs + DAY;
  if (match[6] === undefined) return fromTs + MINUTE;
  return fromTs + (match[7] === undefined ? 1000 : 1);
}

const counts = new Intl.NumberFormat('en-GB');
const dates = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
const times = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export { formatBytes, formatDuration } from '../../shared/units.ts';

/** `1234567` as `1,234,567`; decimal strings of any width too. */
export function formatCount(value: number | bigint | string): string {
  return counts.format(typeof value === 'string' ? BigInt(value) : value);
}

/** Local wall time with milliseconds: `14:03:07.042`. */
export function formatTime(ts: number): string {
  return `${times.format(ts)}.${String(Math.floor(ts) % 1000).padStart(3, '0')}`;
}

/** Local date: `2026-11-23`. */
export function formatDate(ts: number): string {
  return dates.format(ts);
}

/** Local date and time: `2026-11-23 14:03:07`. */
export function formatMoment(ts: number): string {
  return `${dates.format(ts)} ${times.format(ts)}`;
}

/** How long ago, in the largest whole unit: `just now`, `4 min ago`, `3 d ago`. */
export function formatAgo(ts: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - ts) / 1000));
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** The first eight and last four digits of a hash: enough to recognise, never to compare. */
export function shortHash(hash: string): string {
  return hash.length <= 14 ? hash : `${hash.slice(0, 8)}…${hash.slice(-4)}`;
}

/** `1 import`, `3 imports`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

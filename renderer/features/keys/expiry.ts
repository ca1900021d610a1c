export type ReadDay = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string };

/** The last second of a day given as `2027-12-31`, local time, in ms since the epoch; refused unless it is to come. */
export function readDay(text: string, now: number): ReadDay {
  const match = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  if (!match) return { ok: false, error: 'expected a day, as 2027-12-31' };
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const end = new Date(year, month - 1, day, 23, 59, 59);
  if (end.getMonth() !== month - 1 || end.getDate() !== day) return { ok: false, error: 'there is no such day' };
  return end.getTime() > now ? { ok: true, value: end.getTime() } : { ok: false, error: 'expected a day to come' };
}

/** The day so many months after a moment, as `2027-12-31`; the last of the month where there is no such day. */
export function addMonths(moment: number, months: number): string {
  const from = new Date(moment);
  const last = new Date(from.getFullYear(), from.getMonth() + months + 1, 0).getDate();
  const to = new Date(from.getFullYear(), from.getMonth() + months, Math.min(from.getDate(), last));
  const two = (part: number) => String(part).padStart(2, '0');
  return `${to.getFullYear()}-${two(to.getMonth() + 1)}-${two(to.getDate())}`;
}

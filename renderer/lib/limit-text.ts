import { type LimitName, limitError, limitSpecs } from '../../shared/model/limits.ts';
import { formatBytes, formatDuration, parseBytes, parseDuration } from '../../shared/units.ts';
import { formatCount } from './format.ts';

export type ReadLimit =
  | { readonly ok: true; readonly value: number | string | null }
  | { readonly ok: false; readonly error: string };

/** A limit's value with its unit: `64 MiB`, `10 s`, `1,000,000`, `none`. */
export function formatLimit(name: LimitName, value: number | string | null): string {
  if (value === null) return 'none';
  const { unit } = limitSpecs[name];
  if (unit === 'bytes') return formatBytes(Number(value));
  if (unit === 'ms') return formatDuration(Number(value));
  return formatCount(value);
}

/** Reads a limit as people write it, and holds it against its range. */
export function readLimit(name: LimitName, text: string): ReadLimit {
  const spec = limitSpecs[name];
  const value = readQuantity(name, text.trim());
  if (value === undefined) return { ok: false, error: `expected ${examples[spec.unit]}` };
  if (value === null) return { ok: true, value };
  const outside = limitError({ [name]: value });
  if (outside === undefined) return { ok: true, value };
  const [low, high] = [formatWide(name, spec.min), formatWide(name, spec.max)];
  return { ok: false, error: `expected ${low} to ${high}` };
}

const examples = {
  bytes: 'a size, as 64 MiB',
  ms: 'a time, as 10 s or 250 ms',
  fuel: 'a whole number, or none',
  count: 'a whole number',
};

function readQuantity(name: LimitName, text: string): number | string | null | undefined {
  const { unit } = limitSpecs[name];
  if (unit === 'bytes') return parseBytes(text);
  if (unit === 'ms') return parseDuration(/^[0-9.]+$/.test(text) ? `${text} ms` : text);
  const digits = text.replaceAll(/[,_\s]/g, '');
  if (unit === 'fuel')
    return /^(none)?$/i.test(digits) ? null : /^[0-9]{1,20}$/.test(digits) ? `${BigInt(digits)}` : undefined;
  return /^[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
}

function formatWide(name: LimitName, value: bigint): string {
  return limitSpecs[name].unit === 'fuel' ? formatCount(value) : formatLimit(name, Number(value));
}

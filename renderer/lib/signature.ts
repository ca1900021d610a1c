import type { ExternType, Signature } from '../../shared/model/module-report.ts';
import { formatCount } from './format.ts';

/** `(i32, i64) → f64`; nothing in or out is `()`. */
export function formatSignature(signature: Signature): string {
  const results = signature.results.length === 1 ? signature.results[0] : `(${signature.results.join(', ')})`;
  return `(${signature.params.join(', ')}) → ${results}`;
}

/** An import's or export's type in one line. */
export function formatExtern(type: ExternType): string {
  switch (type.kind) {
    case 'function':
    case 'tag':
      return formatSignature(type.signature);
    case 'memory':
      return `${formatRange(type.min, type.max)} pages${type.isShared ? ', shared' : ''}${type.is64 ? ', 64-bit' : ''}`;
    case 'table':
      return `${formatRange(type.min, type.max)} × ${type.element}`;
    case 'global':
      return type.isMutable ? `mut ${type.type}` : type.type;
  }
}

function formatRange(min: string, max: string | null): string {
  return max === null ? `${formatCount(min)}…` : `${formatCount(min)}…${formatCount(max)}`;
}

import type { RunItem, RunOutcome, RunRecord } from '../../shared/model/run.ts';
import type { Refusal } from '../../shared/result.ts';
import { formatDuration } from '../../shared/units.ts';

/** What `run --json` prints (DESIGN §7); whole numbers that need more than 53 bits are strings. */
export function runJson(record: RunRecord, items: readonly RunItem[]): object {
  const { runId, module, moduleBytes, limits, usage, timing, results } = record;
  const first = items[0];
  return {
    runId,
    module: { sha256: module, sizeBytes: moduleBytes },
    outcome: outcomeJson(record.outcome!),
    results,
    exitCode: record.outcome?.exitCode ?? null,
    ...textOf('stdout', first?.stdout),
    ...textOf('stderr', first?.stderr),
    fuel: { used: usage?.fuelUsed ?? null, limit: limits.fuel },
    memory: { peakBytes: usage?.memoryPeakBytes ?? null, limitBytes: limits.memoryBytes },
    timing,
    receipt: record.receiptId,
    ...(items.length > 1 ? { items: items.map(itemJson) } : {}),
  };
}

/** The same object for a module that was refused before there was a run. */
export function deniedJson({ code, message, details }: Refusal): object {
  return {
    runId: null,
    module: null,
    outcome: { kind: 'denied', message },
    error: { code, message, ...(details === undefined ? {} : { details }) },
    results: [],
    exitCode: null,
    stdout: '',
    stderr: '',
    fuel: { used: null, limit: null },
    memory: { peakBytes: null, limitBytes: null },
    timing: null,
    receipt: null,
  };
}

/** One sentence on how a run ended, with the limit and the place where there was one. */
export function describeOutcome({ outcome, timing }: RunRecord): string {
  const { kind, limit, trap, message, missing } = outcome!;
  const parts: string[] = [kind.replaceAll('-', ' ')];
  if (limit !== undefined) parts.push(`${limit.name} limit ${limit.value}`);
  if (trap !== undefined) parts.push(trap.message);
  if (message !== undefined) parts.push(message);
  const frame = trap?.frames[0];
  if (frame !== undefined) {
    const name =
      frame.functionName ?? (frame.functionIndex === null ? 'a function' : `function ${frame.functionIndex}`);
    parts.push(frame.offset === null ? `in ${name}` : `in ${name} at offset 0x${frame.offset.toString(16)}`);
  }
  const capabilities = [...new Set((missing ?? []).map((each) => each.capability).filter((each) => each !== null))];
  if (capabilities.length > 0) parts.push(`to allow it for this run: --grant ${capabilities.join(',')}`);
  if (timing !== null && kind === 'timed-out') parts.push(`stopped after ${formatDuration(timing.totalMs)}`);
  return parts.join('; ');
}

function outcomeJson({ kind, limit, trap, message, missing, stage }: RunOutcome): object {
  return { kind, limit, trap, message, missing, stage };
}

function itemJson({ outcome, results, stdout, stderr, usage }: RunItem): object {
  return {
    outcome: outcomeJson(outcome),
    results,
    exitCode: outcome.exitCode ?? null,
    ...textOf('stdout', stdout),
    ...textOf('stderr', stderr),
    fuel: { used: usage.fuelUsed },
    memory: { peakBytes: usage.memoryPeakBytes },
  };
}

/** Text where it is text; base64 and a word that says so where it is not. */
function textOf(name: 'stdout' | 'stderr', bytes: Uint8Array = new Uint8Array(0)): Record<string, string> {
  try {
    return { [name]: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { [name]: Buffer.from(bytes).toString('base64'), [`${name}Encoding`]: 'base64' };
  }
}

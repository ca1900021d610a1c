import type { Json, LedgerEntry } from '../../shared/model/entry.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';

type Data = LedgerEntry['data'];

const SUMMARY_CHARS = 160;
const SHORT_CHARS = 12;
/** Shown in columns of their own, or of no use in a line. */
const SHOWN_ELSEWHERE = new Set([
  'module',
  'sha256',
  'run',
  'runId',
  'outcome',
  'spki',
  'isNew',
  'lastLeaf',
  'receipt',
]);

/** What an entry says, in words, for one row of a list. Every operation has words; one without is told key by key. */
export function summaryOf({ op, data }: LedgerEntry): string {
  const parts = Object.hasOwn(summaries, op) ? summaries[op]!(data) : plainParts(data);
  const error = textOf(data.error);
  const text = [...parts, error === undefined ? undefined : error]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
  return text.length > SUMMARY_CHARS ? `${text.slice(0, SUMMARY_CHARS - 1)}…` : text;
}

type Part = string | undefined;

const key = ({ key: id, role }: Data): Part[] => [keyName(id), textOf(role) && `${textOf(role)} key`];
const policy = ({ policy: name }: Data): Part[] => [textOf(name)];
const file = ({ name, kind, sizeBytes, recipients }: Data): Part[] => [
  textOf(name),
  textOf(kind),
  bytesOf(sizeBytes),
  countOf(recipients, 'recipient'),
];

const summaries: Readonly<Record<string, (data: Data) => Part[]>> = {
  'module.loaded': ({ moduleName, sizeBytes, source, isNew, denial }) => [
    textOf(moduleName),
    bytesOf(sizeBytes),
    textOf(source) && `from ${textOf(source)}`,
    isNew === false ? 'known before' : undefined,
    denial === undefined ? undefined : `cannot run: ${sentenceOf(denial)}`,
  ],
  'module.removed': ({ moduleName }) => [textOf(moduleName)],
  'run.started': ({ moduleName, entry, policy: name, grants, isDeterministic, batchSize }) => [
    callOf(moduleName, entry),
    textOf(name) && `policy ${textOf(name)}`,
    Array.isArray(grants) && grants.length > 0 ? `grants ${grants.join(', ')}` : undefined,
    isDeterministic === true ? 'deterministic' : undefined,
    typeof batchSize === 'number' && batchSize > 1 ? `${batchSize} instances` : undefined,
  ],
  'run.finished': ({ moduleName, limit, trap, exitCode, missing, usage, totalMs }) => [
    textOf(moduleName),
    exitCode === undefined ? undefined : `status ${String(exitCode)}`,
    textOf(trap)?.replaceAll('-', ' '),
    limitOf(limit),
    Array.isArray(missing) && missing.length > 0 ? `needs ${missing.join(', ')}` : undefined,
    ...usageOf(usage),
    typeof totalMs === 'number' ? formatDuration(totalMs) : undefined,
  ],
  'policy.saved': policy,
  'policy.removed': policy,
  'policy.activated': policy,
  'policy.overridden': ({ override }) => [override === null ? 'override removed' : 'override set for this module'],
  'file.sealed': file,
  'file.opened': file,
  'call.refused': ({ call, message }) => [textOf(call), textOf(message)],
  'token.created': ({ label, scopes }) => [
    textOf(label),
    Array.isArray(scopes) ? `may ${scopes.join(', ')}` : undefined,
  ],
  'receipt.openings-exported': ({ recipients }) => [countOf(recipients, 'recipient')],
  'ledger.key-added': key,
  'ledger.key-rotated': ({ key: id, old }) => [keyName(id), keyName(old) && `after ${keyName(old)}`],
  'ledger.key-replaced': ({ key: id, old }) => [keyName(id), keyName(old) && `instead of the lost ${keyName(old)}`],
  'ledger.repaired': ({ reason, pieces }) => [
    reason === 'tiles' ? 'tiles made again from the entries' : `a write was cut off (${String(reason)})`,
    Array.isArray(pieces)
      ? `${bytesOf(pieces.reduce((sum: number, piece: Json) => sum + bytesIn(piece), 0))} set aside`
      : undefined,
  ],
  'ledger.pruned': ({ fromSeq, toSeq, months }) => [
    `entries ${String(fromSeq)} to ${String(toSeq)}`,
    Array.isArray(months) ? months.join(', ') : undefined,
  ],
  'ledger.exported': ({ kind, filter, fromSeq, toSeq }) => [
    kind === 'all' ? 'everything' : undefined,
    kind === 'matches' ? `matches of ${String(filter)}` : undefined,
    kind === 'range' ? `entries ${String(fromSeq)} to ${String(toSeq)}` : undefined,
  ],
};

/** Any data as `size 84 B · some words`; objects are for the details. */
function plainParts(data: Data): Part[] {
  return Object.entries(data).map(([name, value]) => {
    if (SHOWN_ELSEWHERE.has(name) || name === 'error') return undefined;
    if (name === 'key') return keyName(value);
    if (name.endsWith('Bytes')) return bytesOf(value);
    if (name.endsWith('Ms') && typeof value === 'number') return formatDuration(value);
    if (name === 'message' || name === 'name' || name === 'moduleName' || name === 'label') return textOf(value);
    const said = sentenceOf(value);
    return said === '' ? undefined : `${wordsOf(name)} ${said}`;
  });
}

function callOf(moduleName: Json | undefined, entry: Json | undefined): string {
  const name = textOf(moduleName) ?? 'module';
  const called = textOf(entry);
  return called === undefined || called === '_start' ? name : `${name} ${called}()`;
}

function limitOf(limit: Json | undefined): Part {
  if (!isRecord(limit)) return undefined;
  return `${wordsOf(String(limit.name)).replace(/ (ms|bytes)$/, '')} limit ${String(limit.value)}`;
}

function usageOf(usage: Json | undefined): Part[] {
  if (!isRecord(usage)) return [];
  return [
    textOf(usage.fuelUsed) && `fuel ${textOf(usage.fuelUsed)}`,
    typeof usage.memoryPeakBytes === 'number' ? `peak ${formatBytes(usage.memoryPeakBytes)}` : undefined,
  ];
}

function keyName(id: Json | undefined): Part {
  return typeof id === 'string' ? `key ${shortOf(id)}` : undefined;
}

function countOf(list: Json | undefined, noun: string): Part {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}

function bytesOf(value: Json | undefined): Part {
  return typeof value === 'number' ? formatBytes(value) : undefined;
}

function bytesIn(piece: Json): number {
  return isRecord(piece) && typeof piece.bytes === 'number' ? piece.bytes : 0;
}

/** A plain value in words; objects have none. */
function sentenceOf(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value))
    return value
      .map((item: Json) => sentenceOf(item))
      .filter(Boolean)
      .join(', ');
  if (isRecord(value)) return textOf(value.message) ?? textOf(value.kind) ?? '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? shortOf(value) : String(value);
}

/** `memoryBytes` as `memory bytes`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shortOf(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, SHORT_CHARS)}…` : text;
}

function textOf(value: Json | undefined): Part {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

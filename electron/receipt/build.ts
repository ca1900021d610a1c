import type { Capability } from '../../shared/model/capability.ts';
import type { Limits } from '../../shared/model/limits.ts';
import {
  type DsseEnvelope,
  PAYLOAD_TYPE,
  PREDICATE_TYPE,
  type ReceiptPredicate,
  type ReceiptResult,
  type ReceiptStatement,
  STATEMENT_TYPE,
} from '../../shared/model/receipt.ts';
import type { RunItem, RunOutcome, RunTiming } from '../../shared/model/run.ts';
import { moduleDigest, type RunId, type SessionId } from '../../shared/model/scalars.ts';
import { toHex, utf8 } from '../vault/bytes.ts';
import { engine, type HashName } from '../vault/engine.ts';
import { commit } from './commitment.ts';
import { type SignPort, signEnvelope } from './dsse.ts';
import { inputBytes, outputBytes, type RunInput } from './run-data.ts';

/** Digests that name a module in receipts. */
export type ModuleDigests = ReceiptPredicate['module'];

/** Everything a receipt says about a run. */
export type ReceiptFacts = {
  readonly runId: RunId;
  readonly sessionId?: SessionId;
  readonly runtime: { readonly version: string; readonly engine: string; readonly host: string };
  /** from `digestModule`, which a caller keeps for the module's next run */
  readonly module: ModuleDigests;
  readonly input: RunInput;
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly outcome: RunOutcome;
  /** one for each instance; none when it never started */
  readonly items: readonly RunItem[];
  readonly timing: RunTiming;
  readonly sealed?: NonNullable<ReceiptPredicate['sealed']>;
  /** ms since the epoch */
  readonly startedAt: number;
  readonly finishedAt: number;
};

/** What only the owner keeps: with it the commitments of a receipt can be shown to be of certain data. */
export type Openings = { readonly input: Uint8Array; readonly output: Uint8Array };

export type BuiltReceipt = {
  /** hex SHA-256 of the payload: names the receipt, and ties the log's entry to it */
  readonly receiptId: string;
  readonly dsse: DsseEnvelope;
  readonly statement: ReceiptStatement;
  readonly openings: Openings;
};

/** SHA-256, SHA-512 and, on request, SHA3-256 of a module. */
export function digestModule(bytes: Uint8Array, withSha3 = false): ModuleDigests {
  const digests = { sha256: moduleDigest.parse(digest('sha256', bytes)), sha512: digest('sha512', bytes) };
  const sizeBytes = bytes.length;
  return withSha3 ? { ...digests, sizeBytes, 'sha3-256': digest('sha3-256', bytes) } : { ...digests, sizeBytes };
}

/**
 * States what a run was and how it ended, commits to its input and output, and signs (CRYPTO §4). Every run gets one,
 * whatever its outcome.
 */
export function buildReceipt(facts: ReceiptFacts, signer: SignPort): BuiltReceipt {
  const input = commit(inputBytes(facts.input));
  const output = commit(outputBytes(facts.items));
  const { entry } = facts.input;
  const predicate: ReceiptPredicate = {
    runId: facts.runId,
    sessionId: facts.sessionId ?? null,
    runtime: { name: 'glovebox', ...facts.runtime },
    signer: { publicKey: Buffer.from(signer.publicKey).toString('base64') },
    module: facts.module,
    entry: entry.kind === 'export' ? { kind: 'export', name: entry.name } : { kind: 'command' },
    limits: facts.limits,
    capabilities: [...facts.capabilities],
    isDeterministic: facts.input.determinism !== undefined,
    batchSize: facts.input.batch?.length ?? 1,
    input: input.commitment,
    output: output.commitment,
    sealed: facts.sealed ?? null,
    result: receiptResultOf(facts.outcome),
    ...(facts.items.length > 1 ? { results: facts.items.map((item) => receiptResultOf(item.outcome)) } : {}),
    usage: { ...receiptUsageOf(facts.items), ...facts.timing },
    startedAt: new Date(facts.startedAt).toISOString(),
    finishedAt: new Date(facts.finishedAt).toISOString(),
  };
  const statement = statementOf(predicate);
  const payload = utf8(JSON.stringify(statement));
  return {
    receiptId: digest('sha256', payload),
    dsse: signEnvelope(PAYLOAD_TYPE, payload, signer),
    statement,
    openings: { input: input.opening, output: output.opening },
  };
}

function statementOf(predicate: ReceiptPredicate): ReceiptStatement {
  const { sizeBytes: _sizeBytes, ...digest } = predicate.module;
  const output = predicate.sealed?.output;
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: 'module.wasm', digest },
      ...(output ? [{ name: 'output.sealed', digest: { sha256: output.sha256 } }] : []),
    ],
    predicateType: PREDICATE_TYPE,
    predicate,
  };
}

/** How a run ended, as a receipt has it. Messages and names stay out: a guest can choose them. */
export function receiptResultOf(outcome: RunOutcome): ReceiptResult {
  const { kind, exitCode, trap, limit } = outcome;
  const frame = trap?.frames[0];
  return {
    kind,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(trap === undefined
      ? {}
      : { trap: { kind: trap.kind, functionIndex: frame?.functionIndex ?? null, offset: frame?.offset ?? null } }),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function receiptUsageOf(items: readonly RunItem[]) {
  const fuel = items.flatMap(({ usage }) => (usage.fuelUsed === null ? [] : [BigInt(usage.fuelUsed)]));
  const memory = items.flatMap(({ usage }) => (usage.memoryPeakBytes === null ? [] : [usage.memoryPeakBytes]));
  return {
    fuelUsed: fuel.length === 0 ? null : fuel.reduce((sum, used) => sum + used, 0n).toString(),
    memoryPeakBytes: memory.length === 0 ? null : Math.max(...memory),
    outputBytes: items.reduce((sum, { usage }) => sum + usage.outputBytes, 0),
  };
}

function digest(name: HashName, bytes: Uint8Array): string {
  const hasher = engine().hash(name);
  hasher.update(bytes);
  return toHex(hasher.digest());
}

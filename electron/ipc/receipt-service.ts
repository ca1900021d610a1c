import type { ReceiptPredicate } from '../../shared/model/receipt.ts';
import type { RunRecord, RunRequest } from '../../shared/model/run.ts';
import type { ModuleDigest, SessionId } from '../../shared/model/scalars.ts';
import type { RunResult } from '../hypervisor/index.ts';
import {
  type BuiltReceipt,
  buildReceipt,
  type ModuleDigests,
  type RunInput,
  summaryOfReceipt,
} from '../receipt/index.ts';
import type { Rooms } from './ports.ts';

/** An ended run as its receipt tells it. */
export type ReceiptRun = {
  readonly record: RunRecord;
  readonly request: RunRequest;
  readonly result: RunResult;
  readonly sessionId?: SessionId;
  readonly sealed?: NonNullable<ReceiptPredicate['sealed']>;
};

/** What a run holds from its start, so that it has a signed receipt even when the vault is locked meanwhile. */
export type PendingReceipt = {
  build(run: ReceiptRun): Promise<BuiltReceipt>;
  /** Keeps the receipt; its entry is in the log at `seq`. */
  keep(receipt: BuiltReceipt, seq: number): void;
  /** Lets go of the keys. */
  release(): void;
};

export type ReceiptService = {
  /** @throws Refusal `vault.locked`, `vault.key-unusable` */
  begin(request: RunRequest, bytes: Uint8Array): PendingReceipt;
};

/** Digests of modules that have run; a module's are computed once. */
const KEPT_DIGESTS = 256;

/** Gives every run its receipt. */
export function createReceiptService({ vault, receipts, events, about }: Rooms): ReceiptService {
  const digests = new Map<ModuleDigest, Promise<ModuleDigests>>();

  function digestsOf(sha256: ModuleDigest, bytes: Uint8Array): Promise<ModuleDigests> {
    const known = digests.get(sha256) ?? computeDigests(sha256, bytes);
    digests.delete(sha256);
    digests.set(sha256, known);
    for (const oldest of digests.keys()) {
      if (digests.size <= KEPT_DIGESTS) break;
      digests.delete(oldest);
    }
    return known;
  }

  return {
    begin(request, bytes) {
      const signer = vault.signer('sign');
      // Running something is using the keys: they do not lock by themselves meanwhile.
      vault.touch();
      const dataKey = vault.dataKey('openings');
      const module = digestsOf(request.module, bytes);
      const input: RunInput = { ...inputOf(request) };
      return {
        async build({ record, result, sessionId, sealed }) {
          return buildReceipt(
            {
              runId: record.runId,
              ...(sessionId === undefined ? {} : { sessionId }),
              runtime: about,
              module: await module,
              input,
              limits: record.limits,
              capabilities: record.grants,
              outcome: result.outcome,
              items: result.items,
              timing: result.timing,
              ...(sealed === undefined ? {} : { sealed }),
              startedAt: record.startedAt,
              finishedAt: record.finishedAt ?? record.startedAt,
            },
            signer,
          );
        },
        keep(receipt, seq) {
          receipts.add(receipt, seq, input, dataKey);
          events.publish('receipts.added', summaryOfReceipt(receipt));
        },
        release() {
          signer.release();
          dataKey.fill(0);
        },
      };
    },
  };
}

function inputOf({ entry, wasi, stubs, determinism, batch }: RunRequest): RunInput {
  return {
    entry,
    ...(wasi && { wasi }),
    ...(stubs && { stubs }),
    ...(determinism && { determinism }),
    ...(batch && { batch }),
  };
}

async function computeDigests(sha256: ModuleDigest, bytes: Uint8Array): Promise<ModuleDigests> {
  const sha512 = await crypto.subtle.digest('SHA-512', bytes as Uint8Array<ArrayBuffer>);
  return { sha256, sha512: Buffer.from(sha512).toString('hex'), sizeBytes: bytes.length };
}

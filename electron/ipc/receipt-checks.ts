import type { Caller } from '../../shared/contract/index.ts';
import type { ReceiptStatement } from '../../shared/model/receipt.ts';
import { type LogKey, readLogKey, verifyProof } from '../ledger/index.ts';
import {
  checkOwnerRecord,
  compareReplay,
  type InclusionPort,
  type KnownSigner,
  type OwnerRecord,
  type ReplayResult,
  type VerifyPorts,
} from '../receipt/index.ts';
import type { Vault } from '../vault/index.ts';
import type { Rooms } from './ports.ts';
import type { RunService } from './run-service.ts';

/** What this machine can add to the verification of a receipt. With `replayFor` the module is run again for that caller. */
export function createVerifyPorts(rooms: Rooms, service: RunService, replayFor: Caller | undefined): VerifyPorts {
  const { vault, modules, clock } = rooms;
  const isUnlocked = vault.status().state === 'unlocked';
  const signers = isUnlocked ? knownSigners(vault) : new Map<string, KnownSigner>();
  return {
    now: clock,
    findSigner: (keyId) => signers.get(keyId),
    knowsModule: (sha256) => modules.list().some((module) => module.sha256 === sha256),
    inclusion: inclusionBy(isUnlocked ? logKeys(vault) : []),
    async openCommitments(_receiptId, statement) {
      const record = await ownerRecord(rooms, statement);
      return record && checkOwnerRecord(statement, record);
    },
    ...(replayFor && {
      replay: (_receiptId: string, statement: ReceiptStatement) => replay(rooms, service, replayFor, statement),
    }),
  };
}

function knownSigners(vault: Vault): Map<string, KnownSigner> {
  const own = vault.keys
    .list()
    .filter(({ role }) => role === 'sign')
    .map(({ keyId, publicKey, label, state, changedAt }): [string, KnownSigner] => [
      keyId,
      {
        publicKey: spki(publicKey),
        label,
        isOwn: true,
        isVerified: true,
        revokedAt: state === 'revoked' ? changedAt : null,
      },
    ]);
  const others = vault.contacts
    .list()
    .filter(({ role }) => role === 'sign')
    .map(({ keyId, publicKey, name, isVerified }): [string, KnownSigner] => [
      keyId,
      { publicKey: spki(publicKey), label: name, isOwn: false, isVerified, revokedAt: null },
    ]);
  return new Map([...others, ...own]);
}

function logKeys(vault: Vault): LogKey[] {
  const own = vault.keys.list().filter(({ role }) => role === 'log');
  return own.map(({ publicKey }) => readLogKey(spki(publicKey)));
}

function inclusionBy(keys: readonly LogKey[]): InclusionPort {
  return (tlogProof) => {
    const proven = verifyProof(tlogProof, keys);
    if (proven === 'not-signed') return 'unknown-log';
    if (typeof proven === 'string') return 'broken';
    return { line: proven.line.toString('utf8'), size: proven.head.size };
  };
}

async function ownerRecord({ vault, receipts }: Rooms, statement: ReceiptStatement): Promise<OwnerRecord | undefined> {
  if (vault.status().state !== 'unlocked') return undefined;
  return receipts.ownerRecord(statement.predicate.runId, vault.dataKey('openings'));
}

/** Runs the module again on the input that was kept, under the same limits, and compares. */
async function replay(
  rooms: Rooms,
  service: RunService,
  caller: Caller,
  statement: ReceiptStatement,
): Promise<ReplayResult> {
  const { predicate } = statement;
  const not = (message: string): ReplayResult => ({ state: 'not-checked', message });
  if (!predicate.isDeterministic) return not('the run was not deterministic: a second one may well differ');
  if (!rooms.modules.has(predicate.module.sha256)) return not('no module with this SHA-256 is loaded here');
  const record = await ownerRecord(rooms, statement);
  if (record === undefined || record.input === null) return not('the input of the run is not kept here');
  const opened = checkOwnerRecord(statement, record);
  if (opened.state !== 'done') return opened;
  const { entry, wasi, stubs, determinism, batch } = record.input;
  const live = await service.start(
    {
      module: predicate.module.sha256,
      entry,
      limits: predicate.limits,
      grants: predicate.capabilities,
      ...(wasi && { wasi }),
      ...(stubs && { stubs }),
      ...(determinism && { determinism }),
      ...(batch && { batch }),
    },
    caller,
  );
  const again = await live.ended;
  return compareReplay(statement, record, { outcome: again.record.outcome ?? { kind: 'crashed' }, items: again.items });
}

function spki(publicKey: string): Uint8Array {
  return new Uint8Array(Buffer.from(publicKey, 'base64'));
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EventData } from '../../shared/contract/events.ts';
import { type Caller, type CallName, findCall, type Handlers } from '../../shared/contract/index.ts';
import type { ModuleRecord } from '../../shared/model/module-report.ts';
import { type Failure, fail, Refusal, type Result } from '../../shared/result.ts';
import { GiB, MiB } from '../../shared/units.ts';
import { ensureDir } from '../disk/index.ts';
import { createHypervisor, type SpawnGuest } from '../hypervisor/index.ts';
import { fileAnchor, openLedger } from '../ledger/index.ts';
import { openReceiptStore } from '../receipt/index.ts';
import { type KeychainPort, openVault } from '../vault/index.ts';
import { openDiagnostics } from './diagnostics.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { createAuditHandlers } from './handlers/audit.ts';
import { createContactHandlers, createKeyHandlers } from './handlers/keys.ts';
import { createModuleHandlers } from './handlers/modules.ts';
import { createPolicyHandlers } from './handlers/policies.ts';
import { createReceiptHandlers } from './handlers/receipts.ts';
import { createRunHandlers } from './handlers/runs.ts';
import { createSealingHandlers } from './handlers/sealing.ts';
import { createSessionHandlers } from './handlers/sessions.ts';
import { createSystemHandlers } from './handlers/system.ts';
import { createTokenHandlers } from './handlers/tokens.ts';
import { signLog } from './log-signing.ts';
import { openModuleStore } from './module-store.ts';
import { createPipeline } from './pipeline.ts';
import { openPolicyStore } from './policy-store.ts';
import type { Dialogs, Rooms } from './ports.ts';
import { createRunService } from './run-service.ts';
import { openRunStore } from './run-store.ts';
import { tellStatus } from './status-teller.ts';
import { openTokenStore, type TokenStore } from './token-store.ts';

export type AppPorts = {
  /** everything Glovebox keeps is in here */
  readonly dataFolder: string;
  /** the built samples */
  readonly samplesFolder: string;
  readonly spawnGuest: SpawnGuest;
  /** the built script that verifies the log in a thread of its own; without it the source is run */
  readonly verifierScript?: URL;
  readonly host: 'electron' | 'headless';
  readonly version: string;
  /** the JavaScript engine and its version, for people */
  readonly engine: string;
  /** the operating system's keychain, where there is one */
  readonly keychain?: KeychainPort;
  /** opens a key store that has a passphrase; headless only */
  readonly passphrase?: string;
  /** native dialogs, where there are some */
  readonly dialogs?: Dialogs;
  readonly clock?: () => number;
};

export type Health = { readonly status: 'ok' | 'failing'; readonly version: string; readonly ledger: string };

/** The hypervisor with all its rooms, as a transport sees it. */
export type App = {
  /** Answers a call of the contract; never rejects. */
  call(name: string, rawInput: unknown, caller: Caller): Promise<Result<unknown>>;
  readonly events: EventHub;
  /** The most raw bytes that a call's parts may have together. */
  maxInputBytes(name: CallName): number;
  /** Writes a call that a transport refused to the log. Returns what to answer: the refusal, or that the log is closed. */
  noteRefusal(name: string, failure: Failure, caller: Caller): Promise<Failure>;
  /** Tells the window what became of a file that the system asked to open. */
  noteOpened(name: string, result: Result<unknown>): void;
  /** Writes down an error that nothing foresaw; returns its correlation id. */
  reportInternal(where: string, error: unknown): string;
  /** Looks up a bearer token. */
  readonly findToken: TokenStore['find'];
  health(): Health;
  /** Ends every run and guest process, writes what is left, lets go of the log. */
  close(): Promise<void>;
};

/** Opens the rooms over one data folder and wires them. The log is first: without it nothing else begins. */
export async function createApp(ports: AppPorts): Promise<App> {
  const clock = ports.clock ?? Date.now;
  const folder = (name: string) => path.join(ports.dataFolder, name);
  await ensureDir(ports.dataFolder);
  const diagnostics = openDiagnostics(folder('diagnostics'), clock);
  const report = (where: string, error: unknown) => void diagnostics.report(where, error);
  const ledger = await openLedger({
    dir: folder('ledger'),
    clock,
    anchor: fileAnchor(folder('ledger-head.json')),
    ...(ports.verifierScript && { verifierScript: ports.verifierScript }),
  });
  const vault = await openVault({
    dir: folder('vault'),
    clock,
    ...(ports.keychain && { keychain: ports.keychain }),
    ...(ports.passphrase !== undefined && { passphrase: ports.passphrase }),
  });
  const rooms: Rooms = {
    ledger,
    vault,
    diagnostics,
    clock,
    modules: await openModuleStore(folder('modules')),
    runs: await openRunStore(folder('runs'), report),
    receipts: await openReceiptStore(folder('receipts'), report),
    dialogs: ports.dialogs ?? { confirm: async () => true, chooseSavePath: async () => null },
    policies: await openPolicyStore(ports.dataFolder),
    tokens: await openTokenStore(ports.dataFolder, clock),
    events: createEventHub(clock),
    hypervisor: createHypervisor({ spawn: ports.spawnGuest }),
    dataFolder: ports.dataFolder,
    samplesFolder: ports.samplesFolder,
    about: { version: ports.version, engine: ports.engine, host: ports.host },
  };
  const stopSigning = await signLog(vault, ledger, report);
  const service = createRunService(rooms);
  const handlers: Handlers = {
    system: createSystemHandlers(rooms),
    modules: createModuleHandlers(rooms),
    runs: createRunHandlers(rooms, service),
    policies: createPolicyHandlers(rooms),
    audit: createAuditHandlers(rooms),
    keys: createKeyHandlers(rooms),
    contacts: createContactHandlers(rooms),
    sealing: createSealingHandlers(rooms),
    sessions: createSessionHandlers(rooms, service),
    receipts: createReceiptHandlers(rooms, service),
    tokens: createTokenHandlers(rooms),
  };
  const stopTelling = tellStatus(rooms);
  const stopKeys = vault.onChange(() => rooms.events.publish('keys.changed', {}));

  async function logRefusal(name: string, { code, message, details }: Failure, caller: Caller): Promise<void> {
    // The log cannot take an entry about itself, and a question that has no answer is not an operation.
    if (code === 'ledger.unavailable' || (findCall(name)?.scope === 'read' && !code.startsWith('contract.'))) return;
    const data = {
      ...(details ?? {}),
      call: name.slice(0, 100),
      error: code,
      message: message.slice(0, 500),
      ...(caller.tokenId === undefined ? {} : { token: caller.tokenId }),
      outcome: 'refused',
    };
    const op = name.startsWith('modules.load') ? 'module.refused' : 'call.refused';
    await ledger.append({ op, actor: caller.actor, data });
  }

  return {
    call: createPipeline({ handlers, reportInternal: diagnostics.report, onRefused: logRefusal }),
    events: rooms.events,
    maxInputBytes(name) {
      const { limits } = rooms.policies.named(rooms.policies.active());
      return name === 'modules.load' ? limits.moduleBytes + MiB : 2 * GiB;
    },
    async noteRefusal(name, failure, caller) {
      try {
        await logRefusal(name, failure, caller);
        return failure;
      } catch (error) {
        return error instanceof Refusal ? fail(error.code, error.message).error : failure;
      }
    },
    noteOpened: (name, result) => rooms.events.publish('module.opened', openedOf(name, result)),
    reportInternal: diagnostics.report,
    findToken: rooms.tokens.find,
    health() {
      const { state } = ledger.status();
      return { status: state === 'open' ? 'ok' : 'failing', version: ports.version, ledger: state };
    },
    async close() {
      stopTelling();
      stopKeys();
      await service.stop();
      await rooms.hypervisor.shutdown();
      await rooms.runs.flush();
      await rooms.receipts.close();
      await rooms.modules.close();
      await ledger.close();
      await stopSigning();
      await vault.close();
      await diagnostics.flush();
    },
  };
}

function openedOf(name: string, result: Result<unknown>): EventData<'module.opened'> {
  if (!result.ok) return { sha256: null, name, message: result.error.message };
  const { record } = result.value as { record: ModuleRecord };
  return { sha256: record.sha256, name, message: null };
}

/** The version in the package's own `package.json`. */
export async function readPackageVersion(packageFolder: string): Promise<string> {
  const text = await readFile(path.join(packageFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

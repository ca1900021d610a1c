import path from 'node:path';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';
import { fail, ok, Refusal, type Result } from '../../../shared/result.ts';
import { samples } from '../../samples/index.ts';
import { isSealed } from '../../vault/index.ts';
import { checkSize, readModuleFile } from '../module-file.ts';
import { digestOf, type SealedOrigin, summarize } from '../module-store.ts';
import type { Rooms } from '../ports.ts';
import { openSealedModule } from '../sealed-module.ts';

type LoadError = 'module.unreadable' | 'module.too-large' | 'module.malformed' | 'module.unsupported';
type Loaded = Result<{ record: ModuleRecord; isNew: boolean }, LoadError>;

export function createModuleHandlers(rooms: Rooms): Handlers['modules'] {
  const { modules, events, ledger, policies } = rooms;
  const maxBytes = () => policies.named(policies.active()).limits.moduleBytes;
  return {
    load: async ({ name, bytes }, caller) => {
      const baseName = path.basename(name);
      return naming(baseName, async () => {
        checkSize(baseName, bytes.length, maxBytes());
        return loadAny(rooms, baseName, bytes, 'upload', caller);
      });
    },
    async loadPath({ path: file }, caller) {
      if (caller.actor === 'http' || (caller.actor === 'window' && rooms.about.host === 'headless')) {
        return fail('contract.forbidden-sender', 'over HTTP a module is sent as bytes; paths are those of the server');
      }
      const baseName = path.basename(file);
      return naming(baseName, async () => {
        return loadAny(rooms, baseName, await readModuleFile(file, maxBytes()), 'file', caller);
      });
    },
    samples: async () => ok([...samples]),
    async loadSample({ name }, caller) {
      if (!samples.some((sample) => sample.name === name)) {
        return fail('module.not-found', `expected the name of a sample: ${samples.map((s) => s.name).join(', ')}`);
      }
      const file = path.join(rooms.samplesFolder, `${name}.wasm`);
      return loadModule(rooms, `${name}.wasm`, await readModuleFile(file, maxBytes()), 'sample', caller);
    },
    list: async () => ok(modules.list()),
    async get({ sha256 }) {
      const record = await modules.record(sha256);
      return record === undefined ? notFound(sha256) : ok(record);
    },
    async remove({ sha256 }, caller) {
      const record = await modules.record(sha256);
      if (record === undefined) return notFound(sha256);
      const data = { module: sha256, moduleName: record.name, outcome: 'ok' };
      await ledger.append({ op: 'module.removed', actor: caller.actor, data });
      await modules.remove(sha256);
      events.publish('module.removed', { sha256 });
      return ok({});
    },
    async read({ sha256, offset, length }) {
      // SECURITY: THREAT-MODEL "window": what came sealed is run, not shown.
      if (modules.sealedOrigin(sha256) !== undefined) {
        return fail('contract.forbidden-sender', 'a module that came sealed is not shown');
      }
      const bytes = await modules.bytes(sha256);
      if (bytes === undefined) return notFound(sha256);
      return ok({ bytes: bytes.slice(offset, offset + length), sizeBytes: bytes.length });
    },
  };
}

/** Says with a refusal which file it was about, so that the log can. */
async function naming<T>(moduleName: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.code, error.message, { ...error.details, moduleName });
  }
}

/** A sealed module is opened with an own key that its header names; a plain one is taken as it is. */
async function loadAny(
  rooms: Rooms,
  name: string,
  bytes: Uint8Array,
  source: ModuleRecord['source'],
  caller: Caller,
): Promise<Loaded> {
  if (!isSealed(bytes)) return loadModule(rooms, name, bytes, source, caller);
  const { name: innerName, content, origin } = await openSealedModule(rooms, bytes, {});
  return loadModule(rooms, innerName, content, 'sealed', caller, origin);
}

/**
 * Hashes, inspects in a guest process and stores a module; the entry is durable before it shows in the list. One that
 * came sealed is kept in memory only.
 */
export async function loadModule(
  rooms: Rooms,
  name: string,
  bytes: Uint8Array,
  source: ModuleRecord['source'],
  caller: Caller,
  sealed?: SealedOrigin,
): Promise<Loaded> {
  const { modules, ledger, events, hypervisor, policies, clock } = rooms;
  const known = await modules.record(await digestOf(bytes));
  if (known !== undefined) {
    await ledger.append({ op: 'module.loaded', actor: caller.actor, data: entryOf(known, name, false) });
    modules.touch(known.sha256, clock(), name);
    const record = { ...known, name, lastUsed: clock() };
    events.publish('module.added', summarize(record));
    return ok({ record, isNew: false });
  }
  const inspected = await hypervisor.inspect(bytes, policies.named(policies.active()).limits);
  if (!inspected.ok) {
    const { code, message, details } = inspected.error;
    const offset = details?.offset;
    const place = typeof offset === 'number' ? `, at byte ${offset} (0x${offset.toString(16)})` : '';
    throw new Refusal(code, message + place, details);
  }
  const now = clock();
  const record: ModuleRecord = { ...inspected.value, name, firstSeen: now, lastUsed: now, source };
  await ledger.append({ op: 'module.loaded', actor: caller.actor, data: entryOf(record, name, true) });
  if (sealed === undefined) await modules.add(record, bytes);
  else modules.hold(record, bytes, sealed);
  events.publish('module.added', summarize(record));
  return ok({ record, isNew: true });
}

function entryOf({ sha256, sizeBytes, source, denial }: ModuleRecord, moduleName: string, isNew: boolean) {
  return {
    module: sha256,
    moduleName,
    sizeBytes,
    source,
    isNew,
    ...(denial === null ? {} : { denial }),
    outcome: 'ok',
  };
}

function notFound(sha256: ModuleDigest) {
  return fail('module.not-found', 'no module with this digest is loaded', { module: sha256 });
}

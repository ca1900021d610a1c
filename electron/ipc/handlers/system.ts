import type { Handlers } from '../../../shared/contract/index.ts';
import type { SystemStatus } from '../../../shared/contract/system.ts';
import { ok } from '../../../shared/result.ts';
import type { Rooms } from '../ports.ts';
import { measureStorage } from '../storage.ts';

export function createSystemHandlers(rooms: Rooms): Handlers['system'] {
  const startedAt = rooms.clock();
  return {
    info: async () => ok({ ...rooms.about, platform: `${process.platform}-${process.arch}`, startedAt }),
    status: async () => ok(readStatus(rooms)),
    storage: async () => ok({ folder: rooms.dataFolder, parts: await measureStorage(rooms.dataFolder) }),
    eventSeq: async () => ok({ seq: rooms.events.seq() }),
  };
}

/** The state of engine, log and keys at this moment. */
export function readStatus({ hypervisor, ledger, vault }: Rooms): SystemStatus {
  const { state, entries, head, message } = ledger.status();
  const keys = vault.status();
  return {
    ...hypervisor.status(),
    ledger: { state, entries, head, message },
    vault: { state: keys.state, protection: keys.protection },
  };
}

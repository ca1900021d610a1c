import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { ModuleDigest } from '../../../shared/model/scalars.ts';
import type { Failure } from '../../../shared/result.ts';
import type { Bridge, Loaded } from '../../bridge/index.ts';

/** A file on its way in: it stays in the list when it is refused, with its reason. */
export type Arrival = {
  readonly id: number;
  readonly name: string;
  readonly sizeBytes: number;
  readonly status:
    | { readonly kind: 'loading' }
    | { readonly kind: 'ready'; readonly record: ModuleRecord; readonly isNew: boolean }
    | { readonly kind: 'refused'; readonly failure: Failure };
};

export type ModuleState = {
  readonly arrivals: readonly Arrival[];
  /** Loads all at once; resolves with the digests of those that were accepted, in the order given. */
  addFiles(files: readonly File[]): Promise<ModuleDigest[]>;
  dismiss(id: number): void;
  dismissDone(): void;
};
export type ModuleStore = StoreApi<ModuleState>;

/** Arrivals of one window. */
export function createModuleStore(bridge: Pick<Bridge, 'loadModule'>): ModuleStore {
  let nextId = 1;
  return createStore<ModuleState>((set) => {
    const settle = (id: number, status: Arrival['status']) =>
      set((state) => ({
        arrivals: state.arrivals.map((arrival) => (arrival.id === id ? { ...arrival, status } : arrival)),
      }));

    const loadOne = async (arrival: Arrival, file: File): Promise<ModuleDigest | undefined> => {
      const loaded = await loadSafely(bridge, file);
      if (!loaded.ok) {
        settle(arrival.id, { kind: 'refused', failure: loaded.error });
        return undefined;
      }
      settle(arrival.id, { kind: 'ready', record: loaded.value.record, isNew: loaded.value.isNew });
      return loaded.value.record.sha256;
    };

    return {
      arrivals: [],
      async addFiles(files) {
        const added = files.map((file): Arrival => {
          return { id: nextId++, name: file.name, sizeBytes: file.size, status: { kind: 'loading' } };
        });
        set((state) => ({ arrivals: [...added, ...state.arrivals] }));
        const digests = await Promise.all(added.map((arrival, index) => loadOne(arrival, files[index]!)));
        return digests.filter((digest) => digest !== undefined);
      },
      dismiss: (id) => set((state) => ({ arrivals: state.arrivals.filter((arrival) => arrival.id !== id) })),
      dismissDone: () =>
        set((state) => ({ arrivals: state.arrivals.filter((arrival) => arrival.status.kind === 'loading') })),
    };
  });
}

/** A dropped folder or a file that vanished makes the browser throw when its bytes are read. */
async function loadSafely(bridge: Pick<Bridge, 'loadModule'>, file: File): Promise<Loaded> {
  try {
    return await bridge.loadModule(file);
  } catch {
    return {
      ok: false,
      error: { code: 'module.unreadable', message: 'the file could not be read: it is a folder, or it has moved' },
    };
  }
}

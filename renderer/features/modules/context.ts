import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ModuleState, ModuleStore } from './store.ts';

const ModuleStoreContext = createContext<ModuleStore | null>(null);
export const ModuleStoreProvider = ModuleStoreContext.Provider;

/** @throws Error outside of `ModuleStoreProvider` */
export function useModuleStore<T>(selector: (state: ModuleState) => T): T {
  const store = useContext(ModuleStoreContext);
  if (store === null) throw new Error('no module store is provided');
  return useStore(store, selector);
}

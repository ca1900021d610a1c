import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { SealingState, SealingStore } from './sealing-store.ts';

const SealingStoreContext = createContext<SealingStore | null>(null);
export const SealingStoreProvider = SealingStoreContext.Provider;

/** @throws Error outside of `SealingStoreProvider` */
export function useSealingStore<T>(selector: (state: SealingState) => T): T {
  const store = useContext(SealingStoreContext);
  if (store === null) throw new Error('no sealing store is provided');
  return useStore(store, selector);
}

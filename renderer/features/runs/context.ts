import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { RunStore, RunStoreState } from './store.ts';

const RunStoreContext = createContext<RunStore | null>(null);
export const RunStoreProvider = RunStoreContext.Provider;

/** @throws Error outside of `RunStoreProvider` */
export function useRunStore<T>(selector: (state: RunStoreState) => T): T {
  const store = useContext(RunStoreContext);
  if (store === null) throw new Error('no run store is provided');
  return useStore(store, selector);
}

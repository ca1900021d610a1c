import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ReceiptState, ReceiptStore } from './store.ts';

const ReceiptStoreContext = createContext<ReceiptStore | null>(null);
export const ReceiptStoreProvider = ReceiptStoreContext.Provider;

/** @throws Error outside of `ReceiptStoreProvider` */
export function useReceiptStore<T>(selector: (state: ReceiptState) => T): T {
  const store = useContext(ReceiptStoreContext);
  if (store === null) throw new Error('no receipt store is provided');
  return useStore(store, selector);
}

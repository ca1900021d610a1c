import { createContext, useContext } from 'react';
import type { Bridge } from './index.ts';

const BridgeContext = createContext<Bridge | null>(null);

export const BridgeProvider = BridgeContext.Provider;

/** The bridge of this window. @throws Error outside of `BridgeProvider` */
export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (bridge === null) throw new Error('no bridge is provided');
  return bridge;
}

import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Router } from 'wouter';
import { BridgeProvider } from '../bridge/context.ts';
import type { Bridge } from '../bridge/index.ts';
import { followEvents } from '../bridge/live.ts';
import { SealingStoreProvider } from '../features/keys/context.ts';
import { createSealingStore } from '../features/keys/sealing-store.ts';
import { ModuleStoreProvider } from '../features/modules/context.ts';
import { createModuleStore } from '../features/modules/store.ts';
import { ReceiptStoreProvider } from '../features/receipts/context.ts';
import { createReceiptStore } from '../features/receipts/store.ts';
import { RunStoreProvider } from '../features/runs/context.ts';
import { createRunStore } from '../features/runs/store.ts';
import { CommandProvider, createCommandRegistry } from '../lib/commands.ts';
import { useHashPath, useHashSearch } from '../lib/hash-route.ts';
import { Toaster } from '../ui/Toasts.tsx';
import { announce } from './announce.ts';
import { Frame } from './Frame.tsx';

/** Everything of the window that lives as long as it: client, answers, stores, commands. */
export function App(props: { bridge: Bridge }) {
  const { bridge } = props;
  const [parts] = useState(() => ({
    queryClient: createQueryClient(),
    registry: createCommandRegistry(),
    modules: createModuleStore(bridge),
    runs: createRunStore(bridge.client),
    sealing: createSealingStore(),
    receipts: createReceiptStore(bridge.client),
  }));
  useEffect(
    () =>
      followEvents(bridge, parts.queryClient, (message) => {
        parts.runs.getState().onEvent(message);
        announce(message);
        parts.sealing.getState().onEvent(message);
      }),
    [bridge, parts],
  );
  return (
    <CSPProvider disableStyleElements>
      <BridgeProvider value={bridge}>
        <QueryClientProvider client={parts.queryClient}>
          <CommandProvider value={parts.registry}>
            <ModuleStoreProvider value={parts.modules}>
              <RunStoreProvider value={parts.runs}>
                <SealingStoreProvider value={parts.sealing}>
                  <ReceiptStoreProvider value={parts.receipts}>
                    <Tooltip.Provider delay={500}>
                      <Router hook={useHashPath} searchHook={useHashSearch} hrefs={(href) => `#${href}`}>
                        <Frame />
                      </Router>
                    </Tooltip.Provider>
                    <Toaster />
                  </ReceiptStoreProvider>
                </SealingStoreProvider>
              </RunStoreProvider>
            </ModuleStoreProvider>
          </CommandProvider>
        </QueryClientProvider>
      </BridgeProvider>
    </CSPProvider>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 30_000, refetchOnWindowFocus: false, networkMode: 'always' },
    },
  });
}

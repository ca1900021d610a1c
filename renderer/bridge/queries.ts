import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import type { Client } from '../../shared/contract/index.ts';
import type { LimitsPatch } from '../../shared/model/limits.ts';
import type { KeyId, ModuleDigest, RunId } from '../../shared/model/scalars.ts';
import { unwrap } from '../lib/failure.ts';
import { useBridge } from './context.ts';

/** The questions the window asks, with the keys that events invalidate. */
export const queries = {
  info: (client: Client) =>
    queryOptions({ queryKey: ['system', 'info'], queryFn: async () => unwrap(await client.system.info({})) }),
  status: (client: Client) =>
    queryOptions({ queryKey: ['system', 'status'], queryFn: async () => unwrap(await client.system.status({})) }),
  storage: (client: Client) =>
    queryOptions({
      queryKey: ['system', 'storage'],
      queryFn: async () => unwrap(await client.system.storage({})),
      staleTime: 0,
    }),
  modules: (client: Client) =>
    queryOptions({ queryKey: ['modules', 'list'], queryFn: async () => unwrap(await client.modules.list({})) }),
  module: (client: Client, sha256: ModuleDigest) =>
    queryOptions({
      queryKey: ['modules', 'get', sha256],
      queryFn: async () => unwrap(await client.modules.get({ sha256 })),
    }),
  samples: (client: Client) =>
    queryOptions({
      queryKey: ['samples'],
      queryFn: async () => unwrap(await client.modules.samples({})),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  runs: (client: Client, module?: ModuleDigest) =>
    queryOptions({
      queryKey: ['runs', 'list', module ?? 'all'],
      queryFn: async () =>
        unwrap(await client.runs.list(module === undefined ? { limit: 200 } : { module, limit: 50 })),
    }),
  run: (client: Client, runId: RunId) =>
    queryOptions({ queryKey: ['runs', 'get', runId], queryFn: async () => unwrap(await client.runs.get({ runId })) }),
  runItems: (client: Client, runId: RunId) =>
    queryOptions({
      queryKey: ['runs', 'items', runId],
      queryFn: async () => unwrap(await client.runs.items({ runId })),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  verification: (client: Client) =>
    queryOptions({
      queryKey: ['verification'],
      queryFn: async () => unwrap(await client.audit.verification({})),
    }),
  policies: (client: Client) =>
    queryOptions({ queryKey: ['policies', 'list'], queryFn: async () => unwrap(await client.policies.list({})) }),
  resolution: (client: Client, module: ModuleDigest | null, policy?: string, run?: LimitsPatch) =>
    queryOptions({
      queryKey: ['policies', 'resolve', module, policy ?? null, run ?? null],
      queryFn: async () =>
        unwrap(
          await client.policies.resolve({
            module,
            ...(policy === undefined ? {} : { policy }),
            ...(run === undefined ? {} : { run }),
          }),
        ),
    }),
  keys: (client: Client) =>
    queryOptions({ queryKey: ['keys', 'list'], queryFn: async () => unwrap(await client.keys.list({})) }),
  contacts: (client: Client) =>
    queryOptions({ queryKey: ['keys', 'contacts'], queryFn: async () => unwrap(await client.contacts.list({})) }),
  publicKey: (client: Client, keyId: KeyId, format: 'pem' | 'jwk' | 'raw') =>
    queryOptions({
      queryKey: ['keys', 'public', keyId, format],
      queryFn: async () => unwrap(await client.keys.exportPublic({ keyId, format })),
    }),
  dependents: (client: Client, keyId: KeyId) =>
    queryOptions({
      queryKey: ['keys', 'dependents', keyId],
      queryFn: async () => unwrap(await client.keys.dependents({ keyId })),
      staleTime: 0,
    }),
  receipts: (client: Client) =>
    queryOptions({
      queryKey: ['receipts', 'list'],
      queryFn: async () => unwrap(await client.receipts.list({ limit: 1000 })),
    }),
  receipt: (client: Client, runId: RunId) =>
    queryOptions({
      queryKey: ['receipts', 'get', runId],
      queryFn: async () => unwrap(await client.receipts.get({ runId })),
    }),
};

export function useModules() {
  return useQuery(queries.modules(useBridge().client));
}

export function useModule(sha256: ModuleDigest) {
  return useQuery(queries.module(useBridge().client, sha256));
}

export function useRuns(module?: ModuleDigest) {
  return useQuery(queries.runs(useBridge().client, module));
}

export function usePolicies() {
  return useQuery(queries.policies(useBridge().client));
}

/** Forgets every answer, because events were missed. */
export function refreshEverything(client: QueryClient): void {
  void client.invalidateQueries();
}

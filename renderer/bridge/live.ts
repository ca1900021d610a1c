import type { QueryClient } from '@tanstack/react-query';
import type { EventMessage } from '../../shared/contract/events.ts';
import type { ModuleSummary } from '../../shared/model/module-report.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import type { Bridge } from './index.ts';
import { queries, refreshEverything } from './queries.ts';

export type EventListener = (message: EventMessage) => void;

/**
 * Keeps the answers of react-query true: asks for the newest event first, then follows from there, and asks for
 * everything again when a number was skipped.
 */
export function followEvents(bridge: Bridge, queryClient: QueryClient, listener: EventListener): () => void {
  let stop = () => {};
  let isStopped = false;
  void (async () => {
    const start = await bridge.client.system.eventSeq({});
    if (isStopped) return;
    let expected = start.ok ? start.value.seq + 1 : undefined;
    stop = bridge.subscribe(start.ok ? start.value.seq : 0, (message) => {
      if (expected !== undefined && message.seq !== expected) refreshEverything(queryClient);
      expected = message.seq + 1;
      applyEvent(bridge, queryClient, message);
      listener(message);
    });
  })();
  return () => {
    isStopped = true;
    stop();
  };
}

/** Writes what an event says into the answers it changes. */
export function applyEvent(bridge: Bridge, queryClient: QueryClient, message: EventMessage): void {
  switch (message.name) {
    case 'module.added':
      queryClient.setQueryData<ModuleSummary[]>(['modules', 'list'], (list) =>
        list === undefined ? list : [message.data, ...list.filter((module) => module.sha256 !== message.data.sha256)],
      );
      break;
    case 'module.removed':
      queryClient.setQueryData<ModuleSummary[]>(['modules', 'list'], (list) =>
        list?.filter((module) => module.sha256 !== message.data.sha256),
      );
      break;
    case 'run.changed':
      applyRun(queryClient, message.data);
      break;
    case 'system.changed':
      queryClient.setQueryData(queries.status(bridge.client).queryKey, message.data);
      break;
    case 'ledger.appended':
      queryClient.setQueriesData({ queryKey: ['system', 'status'] }, (status: unknown) =>
        withLedgerHead(status, message.data.entries, message.data.head),
      );
      break;
    case 'verification.changed':
      queryClient.setQueryData(queries.verification(bridge.client).queryKey, message.data);
      break;
    case 'policies.changed':
      void queryClient.invalidateQueries({ queryKey: ['policies'] });
      break;
    case 'keys.changed':
      void queryClient.invalidateQueries({ queryKey: ['keys'] });
      break;
    case 'receipts.added':
      void queryClient.invalidateQueries({ queryKey: ['receipts', 'list'] });
      break;
    default:
      break;
  }
}

/** An answer that was asked for before the event, and arrives after it, is older than the event and must not replace it. */
function applyRun(queryClient: QueryClient, record: RunRecord): void {
  const one = ['runs', 'get', record.runId];
  void queryClient.cancelQueries({ queryKey: one, exact: true }, { revert: false, silent: true });
  queryClient.setQueryData(one, record);
  for (const scope of ['all', record.module]) {
    const list = ['runs', 'list', scope];
    if (queryClient.isFetching({ queryKey: list, exact: true }) > 0)
      void queryClient.invalidateQueries({ queryKey: list });
    queryClient.setQueryData<RunRecord[]>(list, (runs) => {
      if (runs === undefined) return runs;
      const index = runs.findIndex((run) => run.runId === record.runId);
      return index === -1 ? [record, ...runs] : runs.with(index, record);
    });
  }
}

function withLedgerHead(status: unknown, entries: number, head: string): unknown {
  if (typeof status !== 'object' || status === null || !('ledger' in status)) return status;
  return { ...status, ledger: { ...(status.ledger as object), entries, head } };
}

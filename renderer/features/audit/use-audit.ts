import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { AuditRow } from '../../../shared/contract/audit.ts';
import type { SystemStatus } from '../../../shared/contract/system.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { unwrap } from '../../lib/failure.ts';
import type { Span } from './span.ts';

const PAGE_ROWS = 200;
const REFRESH_MS = 500;
const SEARCH_MS = 300;

/** Counts per class over a span, or over the whole log. */
export function useHistogram(filter: string, span: Span | null, bins: number) {
  const { client } = useBridge();
  return useQuery({
    queryKey: ['audit', 'histogram', filter, span?.from ?? null, span?.to ?? null, bins],
    queryFn: async () =>
      unwrap(await client.audit.histogram({ filter, fromTs: span?.from ?? null, toTs: span?.to ?? null, bins })),
    placeholderData: keepPreviousData,
    // A search for text goes on in the background: ask until every line was looked at.
    refetchInterval: ({ state: { data } }) => (data !== undefined && data.scanned < data.total ? SEARCH_MS : false),
  });
}

/** The positions among the matches that a span covers. */
export function usePositions(filter: string, span: Span | null, matched: number) {
  const { client } = useBridge();
  const { data } = useQuery({
    queryKey: ['audit', 'positions', filter, span?.from ?? null, span?.to ?? null],
    enabled: span !== null,
    queryFn: async () => {
      if (span === null) return null;
      const [start, end] = await Promise.all([
        client.audit.locate({ filter, ts: Math.ceil(span.from) }),
        client.audit.locate({ filter, ts: Math.ceil(span.to) }),
      ]);
      return { start: unwrap(start).position, end: unwrap(end).position };
    },
    placeholderData: keepPreviousData,
  });
  if (span === null || data == null) return { start: 0, end: matched };
  return data;
}

/** Rows by their position among the matches; pages come as they are looked at. */
export function useRows(filter: string, first: number, count: number): (position: number) => AuditRow | undefined {
  const { client } = useBridge();
  const firstPage = Math.floor(first / PAGE_ROWS);
  const lastPage = Math.floor(Math.max(first, first + count - 1) / PAGE_ROWS);
  const pages = count === 0 ? [] : Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index);
  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['audit', 'page', filter, page],
      queryFn: async () => unwrap(await client.audit.page({ filter, from: page * PAGE_ROWS, length: PAGE_ROWS })).rows,
      // What is written is never changed: a full page stays as it is.
      staleTime: (query: { state: { data?: AuditRow[] | undefined } }) =>
        query.state.data?.length === PAGE_ROWS ? Number.POSITIVE_INFINITY : 0,
      placeholderData: keepPreviousData,
      gcTime: 60_000,
    })),
  });
  return (position) => {
    const index = pages.indexOf(Math.floor(position / PAGE_ROWS));
    return index === -1 ? undefined : answers[index]?.data?.[position % PAGE_ROWS];
  };
}

/** Asks again for counts and the last page when the log grows, at most twice a second. */
export function useLogGrowth(): void {
  const { client } = useBridge();
  const queryClient = useQueryClient();
  const { data: entries } = useQuery({ ...queries.status(client), select: selectEntries });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (entries === undefined) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queryClient.invalidateQueries({ queryKey: ['audit'], predicate: mayGrow });
    }, REFRESH_MS);
  }, [entries, queryClient]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

const selectEntries = (status: SystemStatus) => status.ledger.entries;

function mayGrow(query: { queryKey: readonly unknown[]; state: { data?: unknown } }): boolean {
  const [, kind] = query.queryKey;
  if (kind === 'entry') return false;
  return kind !== 'page' || !Array.isArray(query.state.data) || query.state.data.length < PAGE_ROWS;
}

/** One entry with its line. */
export function useEntry(seq: number) {
  const { client } = useBridge();
  return useQuery({
    queryKey: ['audit', 'entry', seq],
    queryFn: async () => unwrap(await client.audit.get({ seq })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

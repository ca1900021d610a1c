import type { Handlers } from '../../../shared/contract/index.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Rooms } from '../ports.ts';

/** The log is read by the ledger itself; its refusals pass through. */
export function createAuditHandlers({ ledger }: Rooms): Handlers['audit'] {
  return {
    page: async ({ filter, from, length }) => ok(await ledger.page(filter, from, length)),
    histogram: async () => fail('ledger.bad-filter', 'the log is not counted yet'),
    locate: async () => fail('ledger.bad-filter', 'the log is not counted yet'),
    get: async ({ seq }) => ok(await ledger.get(seq)),
  };
}

import type { Handlers } from '../../../shared/contract/index.ts';
import { ok } from '../../../shared/result.ts';
import { ExportDesk } from '../../ledger/index.ts';
import type { Rooms } from '../ports.ts';

/** The log is read by the ledger itself; its refusals pass through. */
export function createAuditHandlers({ ledger }: Rooms): Handlers['audit'] {
  const exports = new ExportDesk();
  return {
    page: async ({ filter, from, length, wait }) => ok(await ledger.page(filter, from, length, { wait })),
    histogram: async ({ filter, wait, ...span }) => ok(await ledger.histogram(filter, span, { wait })),
    locate: async ({ filter, wait, ...at }) => ok(await ledger.locate(filter, at, { wait })),
    stopSearch: async ({ filter }) => {
      ledger.stopSearch(filter);
      return ok({});
    },
    vocabulary: async () => ok(ledger.vocabulary()),
    get: async ({ seq }) => ok(await ledger.get(seq)),
    status: async () => ok(ledger.status()),
    checkpoint: async () => ok(await ledger.checkpoint()),
    prove: async ({ seq }) => ok(await ledger.prove(seq)),
    verify: async ({ wait }) => {
      const ended = ledger.verification.start();
      return ok(wait ? await ended : ledger.verification.state);
    },
    verification: async () => ok(ledger.verification.state),
    cancelVerification: async () => {
      ledger.verification.cancel();
      return ok({});
    },
    export: async ({ selection }, { actor }) => ok(await exports.begin(ledger.export(selection, actor))),
    exportMore: async ({ id }) => ok(await exports.more(id)),
    checkProofs: async ({ proofs }) => ok({ checked: await ledger.checkProofs(proofs) }),
    prune: async ({ retentionMonths }, { actor }) => ok({ entries: await ledger.prune(retentionMonths, actor) }),
  };
}

import type { Handlers } from '../../../shared/contract/index.ts';
import type { RunId } from '../../../shared/model/scalars.ts';
import { fail, ok } from '../../../shared/result.ts';
import { receiptText, sigstoreBundle, verifyReceipt } from '../../receipt/index.ts';
import type { Rooms } from '../ports.ts';
import { createVerifyPorts } from '../receipt-checks.ts';
import type { RunService } from '../run-service.ts';

export function createReceiptHandlers(rooms: Rooms, service: RunService): Handlers['receipts'] {
  const { receipts, vault, ledger } = rooms;
  return {
    list: async ({ module, limit }) => ok(receipts.list({ module, limit })),
    async get({ runId }) {
      const found = await receipts.get(runId);
      if (found === undefined) return notFound(runId);
      // Without a proof the receipt is as good as its signature: the log may be locked, or damaged.
      const proof = await ledger.prove(found.seq).then(
        (one) => one.tlogProof,
        () => null,
      );
      return ok({ text: receiptText(found.dsse, proof), fileName: `${runId}.receipt.json`, summary: found.summary });
    },
    async exportBundle({ runId }) {
      const found = await receipts.get(runId);
      if (found === undefined) return notFound(runId);
      const text = `${JSON.stringify(sigstoreBundle(found.dsse), undefined, 2)}\n`;
      return ok({ text, fileName: `${runId}.sigstore.json` });
    },
    async exportOpenings({ runId, recipients }, caller) {
      const record = await receipts.ownerRecord(runId, vault.dataKey('openings'));
      if (record === undefined) return notFound(runId);
      const { input, output } = record.openings;
      const content = new TextEncoder().encode(
        JSON.stringify({
          runId,
          input: Buffer.from(input).toString('hex'),
          output: Buffer.from(output).toString('hex'),
        }),
      );
      vault.sealing.publicKeysOf(recipients);
      await ledger.append({
        op: 'receipt.openings-exported',
        actor: caller.actor,
        data: { run: runId, recipients, outcome: 'ok' },
      });
      const name = `${runId}.openings.json`;
      const bytes = await vault.sealing.seal(content, {
        name,
        mediaType: 'application/json',
        kind: 'output',
        recipients,
      });
      content.fill(0);
      return ok({ bytes, fileName: `${name}.sealed` });
    },
    verify: async ({ receipt, replay }, caller) =>
      ok(await verifyReceipt(receipt, createVerifyPorts(rooms, service, replay ? caller : undefined))),
  };
}

function notFound(runId: RunId) {
  return fail('receipt.not-found', 'no receipt for this run', { runId });
}

import { expect, test } from 'vitest';
import { openLedger } from '../../../electron/ledger/index.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf } from '../../support/ledger.ts';
import { newSigner } from '../../support/signer.ts';

async function logOf(entries: number) {
  const ledger = await openLedger({ dir: await temporaryFolder(), signer: newSigner() });
  await Promise.all(Array.from({ length: entries }, (_, i) => ledger.append(draftOf(i))));
  return ledger;
}

test('a log verifies in its own thread while it is written', async () => {
  const ledger = await logOf(3000);
  const done = ledger.verification.start();
  const more = Promise.all(Array.from({ length: 500 }, (_, i) => ledger.append(draftOf(i))));
  expect(ledger.verification.state.state).toBe('running');
  const { state, report } = await done;
  expect([state, report?.verdict]).toEqual(['done', 'intact']);
  expect(report?.entries).toBeGreaterThanOrEqual(3000);
  await more;
  await ledger.close();
});

test('a verification that is cancelled says so, and the next one runs', async () => {
  const ledger = await logOf(10);
  const first = ledger.verification.start();
  ledger.verification.cancel();
  expect((await first).state).toBe('cancelled');
  expect((await ledger.verification.start()).report?.entries).toBe(10);
  await ledger.close();
});

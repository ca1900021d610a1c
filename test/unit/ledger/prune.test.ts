import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger, readLogKey, verifyFolder, verifyProof } from '../../../electron/ledger/index.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf } from '../../support/ledger.ts';
import { newSigner } from '../../support/signer.ts';

const signer = newSigner();

async function longLog() {
  const dir = await temporaryFolder();
  let month = 0;
  const clock = () => Date.UTC(2025, month, 5);
  const ledger = await openLedger({ dir, signer, clock });
  for (; month < 16; month++) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => ledger.append(draftOf(`${month} ${i}`))));
  }
  month = 15;
  return { dir, ledger, clock };
}

test('months beyond the retention go, and old proofs, new proofs and the whole log still verify', async () => {
  const { dir, ledger, clock } = await longLog();
  const old = await ledger.prove(60);
  expect(await ledger.prune(13, 'system')).toBe(100);
  expect((await readdir(join(dir, 'entries'))).sort()[0]).toBe('2025-03.ndjson');
  await expect(ledger.get(99)).rejects.toMatchObject({ code: 'ledger.not-found' });
  expect((await ledger.page('', 0, 1)).rows[0]).toMatchObject({ seq: 100, summary: 'note 2 0' });
  expect(await ledger.checkProofs([{ name: 'old', tlogProof: old.tlogProof }])).toMatchObject([{ verdict: 'present' }]);
  const kept = await ledger.prove(100);
  expect(verifyProof(kept.tlogProof, [readLogKey(signer.publicKeySpki)])).toMatchObject({ index: 100 });
  await ledger.append(draftOf('after'));
  await ledger.close();

  const again = await openLedger({ dir, signer, clock });
  expect(again.status()).toMatchObject({ state: 'open', alarm: null, firstSeq: 100, entries: 802 });
  expect((await again.page('kind:ledger.pruned', 0, 5)).rows).toMatchObject([{ seq: 800 }]);
  expect((await again.prove(110)).root).toBe(again.status().checkpoint?.root);
  expect(await again.prune(13, 'system')).toBe(0);
  await again.close();
  const report = await verifyFolder(dir);
  expect([report.verdict, report.firstSeq, report.size, report.findings]).toEqual(['intact', 100, 802, []]);
  expect(report.cannotKnow).toContainEqual(expect.stringContaining('what entries 0 to 99 said'));
});

test('a retention under twelve months is refused', async () => {
  const { ledger } = await longLog();
  await expect(ledger.prune(11, 'system')).rejects.toThrow('at least 12 months');
  await ledger.close();
});

test('a pruned log whose hashes went too is found damaged', async () => {
  const { dir, ledger } = await longLog();
  await ledger.prune(13, 'system');
  await ledger.close();
  const { rm } = await import('node:fs/promises');
  await rm(join(dir, 'tile', '0', '000'));
  expect((await verifyFolder(dir)).verdict).not.toBe('intact');
});

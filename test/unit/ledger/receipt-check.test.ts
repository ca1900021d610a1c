import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../../electron/ledger/index.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf } from '../../support/ledger.ts';
import { newSigner } from '../../support/signer.ts';

test('proofs that were handed out show entries that went missing, forks, and what is not about this log', async () => {
  const signer = newSigner();
  const dir = await temporaryFolder();
  const copy = join(await mkdtemp(join(tmpdir(), 'glovebox-test-')), 'copy');
  const first = await openLedger({ dir, signer });
  for (let i = 0; i < 5; i++) await first.append(draftOf(i));
  await first.close();
  await cp(dir, copy, { recursive: true });

  const ledger = await openLedger({ dir, signer });
  const early = (await ledger.prove(2)).tlogProof;
  for (let i = 5; i < 9; i++) await ledger.append(draftOf(i));
  await ledger.checkpoint();
  const late = (await ledger.prove(7)).tlogProof;

  const forked = await openLedger({ dir: copy, signer });
  const other = await openLedger({ dir: await temporaryFolder(), signer });
  await other.append(draftOf(0));
  const foreign = (await other.prove(0)).tlogProof;

  const proofs = [
    { name: 'early', tlogProof: early },
    { name: 'late', tlogProof: late },
    { name: 'foreign', tlogProof: foreign },
    { name: 'spoiled', tlogProof: late.replace('index 7', 'index 6') },
    { name: 'unsigned', tlogProof: late.replace(/— .*\n/, (line) => line.replace(/ [A-Za-z0-9+/]{8}/, ' AAAAAAAA')) },
    { name: 'nonsense', tlogProof: 'nonsense' },
  ];
  const verdicts = async (log: typeof ledger) =>
    (await log.checkProofs(proofs)).map(({ name, verdict, seq }) => [name, verdict, seq]);
  const rest = [
    ['foreign', 'other-log', 0],
    ['spoiled', 'malformed', 6],
    ['unsigned', 'unknown-key', 7],
    ['nonsense', 'malformed', null],
  ];
  expect(await verdicts(ledger)).toEqual([['early', 'present', 2], ['late', 'present', 7], ...rest]);
  expect(await verdicts(forked)).toEqual([['early', 'present', 2], ['late', 'missing', 7], ...rest]);
  for (let i = 0; i < 6; i++) await forked.append(draftOf(`fork ${i}`));
  expect(await verdicts(forked)).toEqual([['early', 'present', 2], ['late', 'forked', 7], ...rest]);
  for (const log of [ledger, forked, other]) await log.close();
});

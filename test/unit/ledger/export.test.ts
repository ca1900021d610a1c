import { describe, expect, test } from 'vitest';
import {
  type ExportRequest,
  type Ledger,
  openLedger,
  readLogKey,
  verifyExport,
} from '../../../electron/ledger/index.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { draftOf } from '../../support/ledger.ts';
import { newSigner } from '../../support/signer.ts';

const signer = newSigner();

async function logOf(entries: number): Promise<Ledger> {
  const ledger = await openLedger({ dir: await temporaryFolder(), signer });
  await Promise.all(Array.from({ length: entries }, (_, i) => ledger.append(draftOf(i))));
  return ledger;
}

async function linesOf(ledger: Ledger, request: ExportRequest): Promise<string[]> {
  let text = '';
  for await (const chunk of ledger.export(request, 'cli')) text += chunk;
  return text.split('\n').slice(0, -1);
}

async function check(lines: readonly string[]) {
  return verifyExport(
    (async function* () {
      yield* lines;
    })(),
  );
}

const requests: [string, ExportRequest, number][] = [
  ['everything', { kind: 'all' }, 301],
  ['a range', { kind: 'range', fromSeq: 17, toSeq: 130 }, 114],
  ['a range at the end', { kind: 'range', fromSeq: 299, toSeq: 9999 }, 2],
  ['one entry', { kind: 'range', fromSeq: 256, toSeq: 256 }, 1],
  ['the matches of a filter', { kind: 'matches', filter: 'seq:5,77,255..257' }, 5],
  ['nothing', { kind: 'matches', filter: 'kind:no.such' }, 0],
];

describe('an export', () => {
  test.each(requests)('of %s is checked without the log', async (_, request, entries) => {
    const ledger = await logOf(300);
    const lines = await linesOf(ledger, request);
    expect(await check(lines)).toEqual({
      isIntact: true,
      origin: ledger.status().origin,
      entries,
      checkpointSize: 301,
      keyId: readLogKey(signer.publicKeySpki).keyId,
    });
    await ledger.close();
  });

  test.each(requests)('of %s with any line changed, removed, doubled or moved is not', async (_, request) => {
    const ledger = await logOf(300);
    const lines = (await linesOf(ledger, request)).slice(0, 40).concat('{"end":true,"entries":38}');
    const whole = await linesOf(ledger, request);
    const variants = [
      lines,
      whole.slice(0, -1),
      whole.slice(1),
      whole.with(0, whole[0]!.replace('"v":1', '"v":2')),
      whole.with(0, whole[0]!.replace(/\\n(\d+)\\n/, '\\n9$1\\n')),
      [...whole, whole[0]!],
    ];
    const at = Math.floor(whole.length / 2);
    if (whole.length > 2) {
      variants.push(whole.with(at, whole[at]!.replace('"line":"{', '"line":"{ ')), whole.toSpliced(at, 1));
      variants.push(whole.toSpliced(at, 0, whole[at]!));
      variants.push(whole.with(at, whole[at]!.replace(/"seq":\d+/, '"seq":1')));
    }
    const reports = await Promise.all(variants.map(check));
    expect(reports.map(({ isIntact }) => isIntact)).toEqual(variants.map(() => false));
    await ledger.close();
  });

  test('is an entry itself, durable before the first line', async () => {
    const ledger = await logOf(3);
    const chunks = ledger.export({ kind: 'all' }, 'window');
    await chunks.next();
    expect((await ledger.get(3)).entry).toMatchObject({
      op: 'ledger.exported',
      actor: 'window',
      data: { kind: 'all' },
    });
    await chunks.return(undefined);
    await ledger.close();
  });

  test('without any signed checkpoint is refused', async () => {
    const ledger = await openLedger({ dir: await temporaryFolder() });
    await ledger.append(draftOf(0));
    await expect(linesOf(ledger, { kind: 'all' })).rejects.toMatchObject({ code: 'vault.locked' });
    await ledger.close();
  });
});

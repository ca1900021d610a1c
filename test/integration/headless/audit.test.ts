import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { glovebox } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { isBuilt } from '../../support/served-app.ts';

const hello = path.resolve(import.meta.dirname, '../../../out/samples/hello.wasm');

/** A data folder with one run in its log. */
async function usedFolder(): Promise<string> {
  const data = await temporaryFolder();
  expect((await glovebox(data, 'run', hello, '--receipt', path.join(data, 'run.receipt.json'))).status).toBe(0);
  return data;
}

describe.skipIf(!isBuilt)('glovebox audit', () => {
  test('verifies the log, a copy of it, and a copy that was changed', async () => {
    const data = await usedFolder();
    const own = await glovebox(data, 'audit', 'verify', '--json');
    const report = JSON.parse(own.stdout) as { verdict: string; entries: number; keys: { keyId: string }[] };
    expect([own.status, report.verdict, report.keys.length]).toEqual([0, 'intact', 1]);
    const copy = path.join(await temporaryFolder(), 'copy');
    await cp(path.join(data, 'ledger'), copy, { recursive: true });
    const key = `SHA256:${Buffer.from(report.keys[0]!.keyId, 'hex').toString('base64')}`;
    const elsewhere = await glovebox(await temporaryFolder(), 'audit', 'verify', copy, '--key', key);
    expect([elsewhere.status, elsewhere.stdout.split('\n')[0]]).toEqual([0, 'Intact']);
    const month = path.join(copy, 'entries', `${new Date().toISOString().slice(0, 7)}.ndjson`);
    await writeFile(month, (await readFile(month, 'utf8')).replace('"actor":"cli"', '"actor":"http"'));
    const changed = await glovebox(await temporaryFolder(), 'audit', 'verify', copy);
    expect([changed.status, changed.stdout.split('\n')[0]]).toEqual([4, 'Changed']);
    expect(changed.stdout).toMatch(/entry-edited: entry \d+ was changed/);
  });

  test('exports entries that another machine checks, and not when a line is gone', async () => {
    const data = await usedFolder();
    const file = path.join(data, 'runs.jsonl');
    expect((await glovebox(data, 'audit', 'export', 'kind:run.*', '-o', file)).status).toBe(0);
    const elsewhere = await temporaryFolder();
    const whole = await glovebox(elsewhere, 'audit', 'verify', file, '--json');
    expect([whole.status, JSON.parse(whole.stdout)]).toMatchObject([0, { isIntact: true, entries: 2 }]);
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.toSpliced(1, 1).join('\n'));
    expect((await glovebox(elsewhere, 'audit', 'verify', file)).status).toBe(4);
  });

  test('proves an entry, signs a checkpoint, and holds receipts against the log', async () => {
    const data = await usedFolder();
    const proof = await glovebox(data, 'audit', 'prove', '0');
    expect([proof.status, proof.stdout.split('\n')[0]]).toEqual([0, 'c2sp.org/tlog-proof@v1']);
    const signed = await glovebox(data, 'audit', 'checkpoint');
    expect(signed.stdout).toContain('— glovebox.dev/log/');
    const receipt = path.join(data, 'run.receipt.json');
    expect((await glovebox(data, 'audit', 'check', receipt)).stdout).toContain('present: the log has it as entry');
    const other = await usedFolder();
    const foreign = await glovebox(other, 'audit', 'check', receipt);
    expect([foreign.status, foreign.stdout.includes('other-log')]).toEqual([5, true]);
  });

  test('says what it wants when it is used wrongly', async () => {
    const data = await temporaryFolder();
    const wrong = [
      await glovebox(data, 'audit'),
      await glovebox(data, 'audit', 'prove', 'x'),
      await glovebox(data, 'audit', 'verify', 'nowhere'),
      await glovebox(data, 'audit', 'verify', '.', '--key', 'x'),
      await glovebox(data, 'audit', 'export', 'kind:x', '--from', '1'),
      await glovebox(data, 'audit', 'list', 'nonsense:x'),
    ];
    expect(wrong.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(wrong[0]?.stderr).toContain('audit wants list, verify, prove, export, check, checkpoint, prune');
  });
});

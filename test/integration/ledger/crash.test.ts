import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openLedger, verifyFolder } from '../../../electron/ledger/index.ts';
import { temporaryFolder } from '../../support/folder.ts';

/** The long form is `GLOVEBOX_CRASH_RUNS=500 npx vitest run --project integration test/integration/ledger`. */
const RUNS = Number(process.env.GLOVEBOX_CRASH_RUNS ?? 20);
/** A new log after so many crashes: one log sees many, and the verification of each stays short. */
const RUNS_PER_LOG = 10;
const WRITERS = 8;

const writer = path.resolve(import.meta.dirname, '../../support/crash-writer.ts');

type Crash = { readonly acknowledged: Map<number, string>; readonly opened: unknown };

/** Lets a process write and kills it at a random moment: before, while or after it opens the log, or while it writes. */
async function writeAndKill(dir: string, keyFile: string, random: () => number): Promise<Crash> {
  const child = spawn(process.execPath, [writer, dir, keyFile, String(WRITERS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  const killWithin = (ms: number) => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), random() * ms);
  };
  if (random() < 0.1) killWithin(600);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    killWithin(120);
  });
  await ended;
  clearTimeout(timer);
  const [opened = '', ...lines] = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const acknowledged = new Map(lines.map((line) => [Number(line.split(' ')[0]), line.split(' ')[1] ?? '']));
  return { acknowledged, opened: opened === '' ? null : JSON.parse(opened) };
}

async function newKeyFile(folder: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file = path.join(folder, 'key.pem');
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return file;
}

test(`over ${RUNS} kills nothing acknowledged is lost, and every log reopens and verifies`, async () => {
  const seed = Number(process.env.GLOVEBOX_CRASH_SEED ?? Date.now() % 1e9);
  console.log(`crash seed ${seed}`);
  const random = seededRandom(seed);
  const folder = await temporaryFolder();
  const keyFile = await newKeyFile(folder);
  const all = new Map<number, string>();
  let dir = '';
  let [acknowledged, repairs] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    if (run % RUNS_PER_LOG === 0) {
      if (dir !== '') await rm(dir, { recursive: true });
      dir = path.join(folder, `log-${run}`);
      all.clear();
    }
    const crash = await writeAndKill(dir, keyFile, random);
    if (crash.opened !== null) expect(crash.opened).toEqual({ state: 'open', alarm: null });
    for (const [seq, leaf] of crash.acknowledged) all.set(seq, leaf);
    acknowledged += crash.acknowledged.size;
    const ledger = await openLedger({ dir });
    expect([run, ledger.status().state, ledger.status().alarm]).toEqual([run, 'open', null]);
    for (const [seq, leaf] of crash.acknowledged) {
      expect([run, seq, (await ledger.get(seq)).leafHash]).toEqual([run, seq, leaf]);
    }
    expect(ledger.status().entries).toBeGreaterThan(Math.max(-1, ...all.keys()));
    repairs = (await ledger.page('kind:ledger.repaired', 0, 0)).matched;
    await ledger.close();
    const { verdict, findings } = await verifyFolder(dir);
    const serious = findings.filter(({ severity }) => severity !== 'note');
    expect([run, verdict, serious]).toEqual([run, 'intact', []]);
  }
  console.log(`${acknowledged} entries acknowledged in ${RUNS} runs; ${repairs} repairs in the last log`);
  expect(acknowledged).toBeGreaterThan(0);
}, 3_600_000);

/** xorshift32 */
function seededRandom(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { type Ledger, openLedger, verifyInWorker } from '../../electron/ledger/index.ts';
import type { EntryDraft } from '../../shared/model/entry.ts';
import { table, writeSection } from './report.ts';

// The disk decides over appending: the log goes where `GLOVEBOX_BENCH_DIR` says, which should not be in memory, else to the
// temporary folder. `GLOVEBOX_BENCH_ENTRIES` makes it shorter than a million.
const wanted = Number(process.env.GLOVEBOX_BENCH_ENTRIES ?? 1_000_000);
const WRITERS = 64;

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = {
  publicKeySpki: publicKey.export({ type: 'spki', format: 'der' }),
  sign: (bytes: Uint8Array) => sign('sha256', bytes, privateKey),
};

const modules = Array.from({ length: 200 }, () => randomBytes(32).toString('hex'));
const outcomes = ['finished', 'finished', 'finished', 'trapped', 'timed-out', 'denied', 'out-of-fuel'];

function draftOf(i: number): EntryDraft {
  const module = modules[(i >> 1) % modules.length]!;
  const run = `run_01${String(i >> 1).padStart(24, '0')}`;
  const common = { run, module, moduleName: `module-${(i >> 1) % modules.length}.wasm` };
  if (i % 2 === 0) return { op: 'run.started', actor: 'http', data: { ...common, policy: 'Default', entry: '_start' } };
  const outcome = outcomes[i % outcomes.length]!;
  return {
    op: 'run.finished',
    actor: 'http',
    data: {
      ...common,
      outcome,
      fuel: String(i * 977),
      peakMemoryBytes: 65_536,
      output: randomBytes(32).toString('hex'),
    },
  };
}

const rows: [name: string, value: string, goal: string][] = [];
const report = (name: string, value: string, goal = '') => {
  rows.push([name, value, goal]);
  console.log(`${name.padEnd(52)} ${value.padStart(16)}   ${goal}`);
};
const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const before = performance.now();
  const value = await work();
  return [performance.now() - before, value];
}

/** The median and the worst of several times. */
async function repeated(times: number, work: (i: number) => Promise<unknown>): Promise<string> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) taken.push((await timed(() => work(i)))[0]);
  taken.sort((a, b) => a - b);
  return `${ms(taken[times >> 1]!)}, ${ms(taken.at(-1)!)}`;
}

async function append(ledger: Ledger): Promise<void> {
  const missing = wanted - ledger.status().entries;
  if (missing <= 0) return;
  let next = ledger.status().entries;
  const [taken] = await timed(() =>
    Promise.all(
      Array.from({ length: WRITERS }, async () => {
        while (next < wanted) await ledger.append(draftOf(next++));
      }),
    ),
  );
  report(`append, durable, ${WRITERS} writers`, `${Math.round((missing / taken) * 1000)}/s`, 'at least 20,000/s');
}

async function query(ledger: Ledger): Promise<void> {
  const all = { fromTs: null, toTs: null, bins: 1000 };
  const filters = ['', 'outcome:denied', 'module:module-7. kind:run.finished', '-outcome:finished', 'seq:1000..'];
  report('first histogram, no filter', await repeated(1, () => ledger.histogram('', all)), 'at most 16 ms');
  for (const filter of filters.slice(1)) {
    report(`first histogram, ${filter}`, await repeated(1, () => ledger.histogram(filter, all)), 'at most 16 ms');
  }
  const again = (i: number) => filters[i % filters.length]!;
  report(
    'histogram again, 1,000 bins (median, worst)',
    await repeated(50, (i) => ledger.histogram(again(i), all)),
    'bin under 5 ms',
  );
  const at = (i: number) => (i * 7919) % Math.max(1, wanted - 1000);
  report('page of 200 (median, worst)', await repeated(50, (i) => ledger.page(again(i), at(i), 200)), 'at most 16 ms');
  report(
    'locate by time (median, worst)',
    await repeated(50, (i) => ledger.locate(again(i), { ts: Date.now() - i * 1000 })),
    '',
  );
  const [search, found] = await timed(() => ledger.page('"ffff1"', 0, 0, { wait: true }));
  report(`text search through all, ${found.matched} found`, ms(search), '');
}

/** Measures the log at its full size and writes the section `ledger` of docs/BENCHMARKS.md. */
export async function benchLedger(): Promise<void> {
  const folder = await mkdtemp(path.join(process.env.GLOVEBOX_BENCH_DIR ?? tmpdir(), 'glovebox-bench-'));
  try {
    const written = await openLedger({ dir: folder, signer });
    await append(written);
    await written.close();
    const [opening, ledger] = await timed(() => openLedger({ dir: folder, readOnly: true }));
    report(`open with index, ${ledger.status().entries} entries`, ms(opening), 'at most 1,000 ms');
    await query(ledger);
    await ledger.close();
    const [verifying, { entries, verdict }] = await timed(() => verifyInWorker(folder));
    const rate = Math.round((entries / verifying) * 1000);
    report(`verify in a thread: ${verdict}`, `${rate}/s`, 'at least 200,000/s');
    report('memory of the process', `${Math.round(process.memoryUsage().rss / 1048576)} MiB`);
  } finally {
    await rm(folder, { recursive: true });
  }
  const load = loadavg()[0] ?? 0;
  const isShared = load > cpus().length * 1.5;
  const note = `Other work shared the machine: load average ${load.toFixed(1)} on ${cpus().length} processors at the end.\n\n`;
  const body = `${isShared ? note : ''}${table(['what', 'measured', 'goal'], rows)}`;
  writeSection('ledger', `The log at ${wanted} entries`, 'npm run bench ledger', body);
}

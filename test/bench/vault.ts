import { parseArgs } from 'node:util';
import { buildReceipt } from '../../electron/receipt/index.ts';
import { engine } from '../../electron/vault/engine.ts';
import { findByKeys } from '../../electron/vault/opener.ts';
import { argon2Defaults, detectArgon2, passphraseBytes } from '../../electron/vault/passphrase.ts';
import { openStream, sealStream } from '../../electron/vault/sealed-stream.ts';
import { Sessions } from '../../electron/vault/sessions.ts';
import { MiB } from '../../shared/units.ts';
import { exampleFacts, testSigner } from '../unit/receipt/support.ts';

// The vault's numbers: `node test/bench/vault.ts [--mib 64] [--rounds 5] [--cpu]`. With `--mib 4096` the memory it takes to seal and
// open a file of 4 GiB in one go.
const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    cpu: { type: 'boolean', default: false },
  },
});
const mib = Number(values.mib);
const rounds = Number(values.rounds);
const { curve, native } = engine();
const secret = curve.generate();
const point = curve.publicKeyOf(secret);
const rows: [name: string, value: string, goal: string][] = [];
const baseBytes = process.memoryUsage.rss();
let peakBytes = 0;

for (const suite of ['aes-256-gcm', 'chacha20-poly1305'] as const) {
  const times = { seal: [] as number[], through: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.seal.push(await timed(() => drain(sealed(suite))));
    times.through.push(
      await timed(async () =>
        drain((await openStream(sealed(suite), findByKeys([{ keyId: '', point, secret }]))).content),
      ),
    );
  }
  const sealMs = median(times.seal);
  // What is opened is sealed on the way, so that no copy of it is held: the difference is the opening.
  rows.push([`seal ${mib} MiB, ${suite}`, rate(sealMs), 'at least 300 MB/s']);
  rows.push([`open ${mib} MiB, ${suite}`, rate(median(times.through) - sealMs), 'at least 300 MB/s']);
}
rows.push([
  'most memory above what was there before',
  `${((peakBytes - baseBytes) / MiB).toFixed(0)} MiB`,
  'under 100 MiB',
]);

const signer = testSigner();
const facts = exampleFacts();
const receipts = await repeat(2000, async () => void buildReceipt(facts, signer));
rows.push(['receipt: build and sign', percentiles(receipts), 'p50 at most 2 ms']);

const sessions = new Sessions(Date.now);
const opened = await repeat(900, async () => void sessions.open(point, 60_000));
sessions.closeAll(true);
rows.push(['session: open', percentiles(opened), 'p50 at most 5 ms']);

const stretched = await repeat(3, async () => {
  await detectArgon2()(passphraseBytes('a passphrase'), new Uint8Array(16), argon2Defaults);
});
rows.push(['argon2id, 64 MiB, 3 passes', percentiles(stretched), '']);

console.log(`native: ${native.join(', ')}`);
for (const [name, value, goal] of rows) console.log(`${name.padEnd(40)}${value.padEnd(34)}${goal}`);

function sealed(suite: 'aes-256-gcm' | 'chacha20-poly1305'): AsyncGenerator<Uint8Array> {
  const to = { recipients: [point], isAnonymous: false };
  return sealStream(pieces(), { suite, kind: 'input', to, meta: { name: '', mediaType: '', sizeBytes: mib * MiB } });
}

function* pieces(): Generator<Uint8Array> {
  for (let i = 0; i < mib; i++) yield new Uint8Array(MiB).fill(i);
}

async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  let pieceCount = 0;
  for await (const _piece of source) {
    if (pieceCount++ % 16 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }
}

/** Wall-clock ms, or CPU ms with `--cpu`: on a machine that does other things, only these say something of the code. */
async function timed(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return values.cpu ? (user + system) / 1000 : performance.now() - start;
}

async function repeat(times: number, act: () => Promise<void>): Promise<number[]> {
  for (let i = 0; i < Math.min(50, times - 1); i++) await act();
  const taken: number[] = [];
  for (let i = 0; i < times; i++) taken.push(await timed(act));
  return taken;
}

function rate(ms: number): string {
  return `${((mib * MiB) / 1000 / ms).toFixed(0)} MB/s`;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function percentiles(ms: number[]): string {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

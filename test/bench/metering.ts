import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMetered } from '../support/metered.ts';
import { assemble } from '../support/wat.ts';
import { geometricMean, table, writeSection } from './report.ts';

/** Each kernel and the size at which it runs for some ten milliseconds. */
const kernels: Readonly<Record<string, { kind: string; size: number }>> = {
  xorshift: { kind: 'integer', size: 8_000_000 },
  crc32: { kind: 'integer', size: 6_000_000 },
  sha256: { kind: 'integer', size: 40_000 },
  collatz: { kind: 'branches', size: 120_000 },
  interpreter: { kind: 'branches', size: 1_000_000 },
  search: { kind: 'branches', size: 2_000_000 },
  levenshtein: { kind: 'branches', size: 2_500 },
  mandelbrot: { kind: 'float', size: 300 },
  nbody: { kind: 'float', size: 150_000 },
  spectral: { kind: 'float', size: 1_000 },
  matmul: { kind: 'float, memory', size: 240 },
  sieve: { kind: 'memory', size: 1_000_000 },
  copies: { kind: 'memory', size: 1_500_000 },
  hashmap: { kind: 'memory, calls', size: 1_500_000 },
  trees: { kind: 'calls, memory', size: 17 },
  fib: { kind: 'calls', size: 32 },
  tak: { kind: 'calls', size: 22 },
  sort: { kind: 'indirect calls', size: 120_000 },
  'saxpy-simd': { kind: 'SIMD', size: 4_000 },
  'grayscale-simd': { kind: 'SIMD', size: 800 },
};

const rounds = Number(process.env.GLOVEBOX_BENCH_ROUNDS ?? 40);
type Kernel = (size: number) => unknown;
type Row = { name: string; kind: string; plainMs: number; simple: number; fast: number };

/** Compares every kernel plain, metered simply and metered fast, in turns, and writes the table. */
export function benchMetering(only?: RegExp): void {
  const rows: Row[] = [];
  for (const [name, { kind, size }] of Object.entries(kernels)) {
    if (only && !only.test(name)) continue;
    const row = { name, kind, ...compare(name, size) };
    rows.push(row);
    console.log(`${name.padEnd(16)} ${row.plainMs.toFixed(1)} ms  ${row.simple.toFixed(3)}  ${row.fast.toFixed(3)}`);
  }
  const mean = geometricMean(rows.map((each) => each.fast));
  const worst = rows.toSorted((a, b) => b.fast - a.fast)[0]!;
  console.log(`geometric mean ${mean.toFixed(3)}, worst ${worst.name} ${worst.fast.toFixed(3)}`);
  if (only) return;
  const body = [
    'Processor time of a metered kernel over that of the plain one, over all rounds, in turns, after warm-up. Goal: geometric',
    'mean at most 1.06, none above 1.25.',
    '',
    table(
      ['kernel', 'kind', 'plain, ms', 'simple form', 'fast form'],
      [
        ...rows.map((each) => [
          each.name,
          each.kind,
          each.plainMs.toFixed(1),
          each.simple.toFixed(3),
          each.fast.toFixed(3),
        ]),
        ['geometric mean', '', '', geometricMean(rows.map((each) => each.simple)).toFixed(3), mean.toFixed(3)],
      ],
    ),
  ].join('\n');
  writeSection('metering', 'What metering costs', 'npm run bench -- metering', body);
}

function compare(name: string, size: number): { plainMs: number; simple: number; fast: number } {
  const bytes = assemble(readFileSync(join(import.meta.dirname, 'kernels', `${name}.wat`), 'utf8'));
  const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.run as Kernel;
  const runs = (['simple', 'fast'] as const).map((form) => runMetered(bytes, { form, slice: 1n << 24n }));
  const forms = [plain, ...runs.map((each) => each.exports.run as Kernel)];
  const results = new Set(forms.map((each) => each(size)));
  if (results.size !== 1) throw new Error(`${name}: the metered kernel gives another result`);
  if (runs[0]!.used() !== runs[1]!.used()) throw new Error(`${name}: the forms count differently`);
  for (let warm = 0; warm < 3; warm++) for (const form of forms) form(size);
  const times: number[][] = forms.map(() => []);
  for (let round = 0; round < rounds; round++) {
    forms.forEach((form, i) => {
      const start = process.threadCpuUsage();
      form(size);
      const { user, system } = process.threadCpuUsage(start);
      times[i]!.push((user + system) / 1000);
    });
  }
  // The kernel counts processor time in ticks as long as a round, so only totals mean anything.
  const totals = times.map((each) => each.reduce((sum, time) => sum + time, 0));
  const ratio = (i: number): number => totals[i]! / totals[0]!;
  return { plainMs: totals[0]! / rounds, simple: ratio(1), fast: ratio(2) };
}

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect, meter } from '../../electron/wasm/index.ts';
import { GiB } from '../../shared/units.ts';
import { median, table, writeSection } from './report.ts';

/** Real modules that the tests bring along, large ones first. */
const modules = [
  '@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm',
  '@ruby/3.4-wasm-wasi/dist/ruby.wasm',
  '@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm',
];
const rounds = Number(process.env.GLOVEBOX_BENCH_ROUNDS ?? 15);

/** How fast modules are inspected and rewritten, in bytes of the original per second of processor time. */
export function benchRewriting(): void {
  const folder = resolve(import.meta.dirname, '../../node_modules');
  const rows = modules.flatMap((path) => {
    const file = resolve(folder, path);
    if (!existsSync(file)) {
      console.log(`${path} is not installed: left out`);
      return [];
    }
    const bytes = new Uint8Array(readFileSync(file));
    const inspected = speed(bytes, () => inspect(bytes));
    const [fast, simple] = (['fast', 'simple'] as const).map((form) =>
      speed(bytes, () => meter(bytes, { memoryBytes: 4 * GiB, tableElements: 1_000_000, form })),
    );
    const codeShare = inspect(bytes).counts.codeBytes / bytes.length;
    const metered = meter(bytes, { memoryBytes: 4 * GiB, tableElements: 1_000_000 }).bytes.length;
    const row = [
      path.split('/').at(-1)!,
      (bytes.length / 1e6).toFixed(1),
      `${Math.round(100 * codeShare)} %`,
      inspected.toFixed(0),
      fast!.toFixed(0),
      simple!.toFixed(0),
      (metered / bytes.length).toFixed(2),
    ];
    console.log(row.join('  '));
    return [row];
  });
  const body = [
    'Bytes of the original per second of processor time, one thread, median after warm-up. Goal: 50 MB/s.',
    '',
    table(
      ['module', 'MB', 'of it code', 'inspect, MB/s', 'meter (fast), MB/s', 'meter (simple), MB/s', 'size after'],
      rows,
    ),
  ].join('\n');
  writeSection('rewriting', 'Reading and rewriting', 'npm run bench -- rewriting', body);
}

function speed(bytes: Uint8Array, work: () => unknown): number {
  for (let warm = 0; warm < 3; warm++) work();
  const times = Array.from({ length: rounds }, () => {
    const start = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(start);
    return user + system;
  });
  return bytes.length / median(times);
}

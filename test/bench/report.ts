import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';

const file = resolve(import.meta.dirname, '../../docs/BENCHMARKS.md');

const preface = `# Benchmarks

Each section is written by the command it names, between its markers; what stands outside of them is kept. Ratios compare
two things measured in turns in the same run, so that they hold on another machine better than times do.
`;

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The geometric mean of some ratios. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, each) => sum + Math.log(each), 0) / values.length);
}

/** A Markdown table; cells of numeric columns are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const isNumeric = head.map((_, column) => rows.every((row) => typeof row[column] === 'number' || column > 0));
  return [line(head), line(isNumeric.map((each) => (each ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** Puts a section into docs/BENCHMARKS.md in place of the one of that name, or at the end. */
export function writeSection(name: string, title: string, command: string, body: string): void {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const machine = `${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim()}`;
  const engine = `Node ${process.versions.node}, V8 ${process.versions.v8}`;
  const section = [start, `## ${title}`, '', `\`${command}\` · ${engine} · ${machine}`, '', body.trim(), end].join(
    '\n',
  );
  const old = existsSync(file) ? readFileSync(file, 'utf8') : preface;
  const from = old.indexOf(start);
  const to = old.indexOf(end);
  const isThere = from >= 0 && to > from;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    isThere ? old.slice(0, from) + section + old.slice(to + end.length) : `${old.trimEnd()}\n\n${section}\n`,
  );
}

import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { formatBytes, formatCount } from '../../lib/format.ts';
import { formatExtern } from '../../lib/signature.ts';

/** One thing that two modules have or have not, or have otherwise. */
export type Difference = {
  readonly part: 'import' | 'export' | 'section' | 'feature' | 'fact';
  readonly name: string;
  /** null where it is not there */
  readonly before: string | null;
  readonly after: string | null;
};

/** What differs from one module to another, in the order of the inspector. */
export function compareModules(before: ModuleRecord, after: ModuleRecord): Difference[] {
  return [
    ...differences('fact', factsOf(before), factsOf(after)),
    ...differences('import', importsOf(before), importsOf(after)),
    ...differences('export', exportsOf(before), exportsOf(after)),
    ...differences('section', sectionsOf(before), sectionsOf(after)),
    ...differences('feature', featuresOf(before), featuresOf(after)),
  ];
}

type Entries = readonly (readonly [name: string, value: string])[];

function differences(part: Difference['part'], before: Entries, after: Entries): Difference[] {
  const [old, now] = [new Map(before), new Map(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => ({ part, name, before: old.get(name) ?? null, after: now.get(name) ?? null }));
}

function factsOf({ sizeBytes, report }: ModuleRecord): Entries {
  return [
    ['size', formatBytes(sizeBytes)],
    ['functions', formatCount(report.counts.functions)],
    ['code', formatBytes(report.counts.codeBytes)],
    ['kind', report.shape],
    ['start section', report.hasStart ? 'yes' : 'no'],
  ];
}

function importsOf({ report }: ModuleRecord): Entries {
  return report.imports.map((item) => [`${item.module}.${item.name}`, `${item.type.kind} ${formatExtern(item.type)}`]);
}

function exportsOf({ report }: ModuleRecord): Entries {
  return report.exports.map((item) => [item.name, `${item.type.kind} ${formatExtern(item.type)}`]);
}

function sectionsOf({ report }: ModuleRecord): Entries {
  const sizes = new Map<string, number>();
  for (const { name, sizeBytes } of report.sections) sizes.set(name, (sizes.get(name) ?? 0) + sizeBytes);
  return [...sizes].map(([name, size]) => [name, formatBytes(size)]);
}

function featuresOf({ report }: ModuleRecord): Entries {
  return report.features.map(({ name, isSupported }) => [name, isSupported ? 'supported' : 'not supported']);
}

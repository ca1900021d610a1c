import path from 'node:path';
import type { ExternType, ModuleRecord, Signature } from '../../../shared/model/module-report.ts';
import { formatBytes } from '../../../shared/units.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, UsageError } from '../command.ts';
import { readFlags } from '../flags.ts';
import type { Terminal } from '../terminal.ts';

const help = `usage: glovebox inspect FILE [--json]

Shows what a module is and wants, without running anything of it: its digest, imports and
exports with their types, memories, tables, features, sections and producers.

  glovebox inspect tool.wasm
  glovebox inspect tool.wasm --json | jq '.report.imports'

exit status: 0; 126 where it is not a module that can be read; 2 wrong usage`;

export const inspect: Command = {
  name: 'inspect',
  summary: 'show what a module is and wants; nothing of it is executed',
  help,
  async run(args, shell) {
    const flags = readFlags(args, {});
    const [file, ...others] = flags.positionals;
    if (file === undefined || others.length > 0) throw new UsageError('inspect wants one FILE');
    const client = clientOf(await shell.openApp());
    const { record } = expectValue(await client.modules.loadPath({ path: path.resolve(shell.workingFolder, file) }));
    if (flags.isOn('json')) shell.terminal.print(JSON.stringify(record));
    else printReport(shell.terminal, record);
    return 0;
  },
};

function printReport(terminal: Terminal, record: ModuleRecord): void {
  const { report } = record;
  const heading = (text: string) => terminal.print(`\n${terminal.styled('bold', text)}`);
  terminal.print(`${terminal.styled('bold', record.name)}  ${formatBytes(record.sizeBytes)}, ${report.shape}`);
  terminal.print(`sha256  ${record.sha256}`);
  if (report.moduleName !== null) terminal.print(`name    ${report.moduleName}`);
  if (report.hasStart) terminal.print('start   it runs code as soon as it is instantiated');
  if (record.denial !== null) terminal.print(terminal.styled('red', `denied  ${record.denial}`));
  heading(`imports (${report.imports.length})`);
  for (const { module, name, type } of report.imports) terminal.print(`  ${module}.${name}  ${describeType(type)}`);
  heading(`exports (${report.exports.length})`);
  for (const { name, type } of report.exports) terminal.print(`  ${name}  ${describeType(type)}`);
  if (report.memories.length + report.tables.length > 0) {
    heading('memories and tables');
    for (const type of [...report.memories, ...report.tables]) terminal.print(`  ${describeType(type)}`);
  }
  heading('features');
  const features = report.features.map(({ name, isSupported }) => (isSupported ? name : `${name} (not supported)`));
  terminal.print(`  ${features.join(', ') || 'none beyond the first version'}`);
  heading('sections');
  for (const { name, offset, sizeBytes, count } of report.sections) {
    const place = `0x${offset.toString(16)}`.padStart(10);
    terminal.print(`  ${place}  ${formatBytes(sizeBytes).padStart(9)}  ${name}${count === null ? '' : ` (${count})`}`);
  }
  if (report.producers.length > 0) {
    heading('producers');
    for (const { field, name, version } of report.producers) terminal.print(`  ${field}: ${name} ${version}`.trimEnd());
  }
}

/** A type in words, as the text format has it. */
export function describeType(type: ExternType): string {
  switch (type.kind) {
    case 'function':
      return describeSignature(type.signature);
    case 'tag':
      return `tag ${describeSignature(type.signature)}`;
    case 'global':
      return `global ${type.isMutable ? `(mut ${type.type})` : type.type}`;
    case 'table':
      return `table ${type.min}..${type.max ?? ''} ${type.element}`;
    case 'memory':
      return `memory ${type.min}..${type.max ?? ''} pages${type.is64 ? ', 64 bit' : ''}${type.isShared ? ', shared' : ''}`;
  }
}

function describeSignature({ params, results }: Signature): string {
  return `(${params.join(', ')}) -> (${results.join(', ')})`;
}

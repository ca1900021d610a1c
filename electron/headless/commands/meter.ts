import { stat } from 'node:fs/promises';
import path from 'node:path';
import { defaultLimits } from '../../../shared/model/limits.ts';
import { Refusal } from '../../../shared/result.ts';
import { formatBytes, parseBytes } from '../../../shared/units.ts';
import { writeFileAtomic } from '../../disk/index.ts';
import { readModuleFile } from '../../ipc/index.ts';
import { meter as meterModule, WasmError } from '../../wasm/index.ts';
import { type Command, UsageError } from '../command.ts';
import { readFlags } from '../flags.ts';

const help = `usage: glovebox meter FILE… -o FILE|FOLDER [--memory SIZE] [--deterministic]

Writes the module as Glovebox runs it: it counts its fuel, asks the host for more, and keeps its
memories and tables within the limits. Nothing is executed. A host in plain JavaScript sets the
global "glovebox.fuel", puts a function (i64) -> (i64) into slot 0 of the table
"glovebox.refuel", and calls "glovebox.start" first where there is one.

  glovebox meter tool.wasm -o tool.metered.wasm
  glovebox meter *.wasm -o metered/

exit status: 0; 126 where a module cannot be read or metered; 2 wrong usage`;

export const meter: Command = {
  name: 'meter',
  summary: 'write a module as it is run: metered, and within its limits',
  help,
  async run(args, shell) {
    const flags = readFlags(args, {
      output: { type: 'string', short: 'o' },
      memory: { type: 'string' },
      deterministic: { type: 'boolean' },
    });
    const output = flags.text('output');
    if (flags.positionals.length === 0 || output === undefined)
      throw new UsageError('meter wants FILE… and -o FILE|FOLDER');
    const memoryBytes = parseBytes(flags.text('memory') ?? String(defaultLimits.memoryBytes));
    if (memoryBytes === undefined) throw new UsageError('--memory wants a size, as 64MiB');
    const target = path.resolve(shell.workingFolder, output);
    const isFolder = (await stat(target).catch(() => undefined))?.isDirectory() ?? false;
    if (flags.positionals.length > 1 && !isFolder) throw new UsageError('several files want -o FOLDER');
    for (const file of flags.positionals) {
      const to = isFolder ? path.join(target, path.basename(file)) : target;
      if (to === path.resolve(shell.workingFolder, file)) throw new UsageError(`-o would overwrite ${file}`);
      const bytes = await readModuleFile(path.resolve(shell.workingFolder, file), defaultLimits.moduleBytes);
      const metered = rewrite(bytes, memoryBytes, flags.isOn('deterministic'));
      await writeFileAtomic(to, metered.bytes);
      shell.terminal.note(
        `${path.basename(file)}: ${formatBytes(bytes.length)} became ${formatBytes(metered.bytes.length)}`,
      );
    }
    return 0;
  },
};

function rewrite(bytes: Uint8Array, memoryBytes: number, isDeterministic: boolean) {
  try {
    return meterModule(bytes, { memoryBytes, tableElements: defaultLimits.tableElements, isDeterministic });
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
    const place = error.offset === null ? '' : `, at byte ${error.offset} (0x${error.offset.toString(16)})`;
    throw new Refusal(
      error.reason === 'unsupported' ? 'module.unsupported' : 'module.malformed',
      error.message + place,
    );
  }
}

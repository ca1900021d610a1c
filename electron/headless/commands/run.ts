import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '../../../shared/contract/index.ts';
import type { GuestFile, RunItem, RunRecord } from '../../../shared/model/run.ts';
import type { RunId } from '../../../shared/model/scalars.ts';
import { Refusal } from '../../../shared/result.ts';
import { formatBytes } from '../../../shared/units.ts';
import { writeFileAtomic } from '../../disk/index.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Door, type Shell, UsageError } from '../command.ts';
import { statusOfCode, statusOfOutcome } from '../exit-status.ts';
import { readFlags } from '../flags.ts';
import { findRecipients } from '../key-names.ts';
import { loadModuleArgument } from '../module-argument.ts';
import { deniedJson, describeOutcome, runJson } from '../run-report.ts';
import { type RunOptions, readRunFlags, runFlags } from '../run-request.ts';

const help = `usage: glovebox run FILE [--invoke NAME] [ARG…] [flags] [-- GUEST ARG…]

Runs a module in a box. A WASI program gets the words after -- as its arguments; an
exported function gets the values before it, typed by its signature.

  glovebox run tool.wasm -- --version
  glovebox run math.wasm --invoke add 2 40
  glovebox run tool.wasm --stdin in.txt --file /data=./folder --out /data/out.txt=out.txt -- /data
  glovebox run odd.wasm --time 2s --memory 16MiB --fuel 1000000000 --json

what the guest is given
  --invoke NAME       the exported function to call
  --stdin FILE        its standard input; - is that of this command
  --env K=V           one variable of its environment; may be repeated
  --file GUEST=HOST   a copy of a file or a folder at the guest's path; may be repeated
  --out GUEST=HOST    afterwards, copy what the guest left at its path to here; may be repeated
  --arg0 NAME         the program's name, by default that of the file
  --batch FILE        a JSON array, or JSON lines, of { "args": […], "stdin": "…" }: a fresh instance for each

a module that is sealed (FILE.sealed) is opened in memory only, with the own key that it names
  --key KEY                with this own key
  --file-passphrase FILE   with the passphrase in the first line of a file; asked for at a terminal

what it may do
  --memory SIZE --time DURATION --fuel N    limits of this run
  --limit NAME=VALUE  any other limit by its name, as outputBytes=1048576
  --policy NAME       another policy than the active one
  --grant CAP[,CAP]   for this run: wasi, args, env, stdin, clock, random, files, or all
                      (what you hand over above is granted with it)
  --deterministic     virtual clock, seeded random; --seed HEX sets the 32 bytes of the seed

what you get
  the guest's own output, and one line for each value that a function returns
  --json              one object on standard output instead
  --receipt FILE      the signed receipt of the run
  --seal-to KEY[,KEY] what the guest gives is not shown but sealed to these keys, into --sealed FILE
  --progress          time, memory and fuel while it runs, where there is a terminal

Ctrl-C asks the run to stop; a second one kills it.

exit status: 0 finished, or the program's own; 134 trapped; 124 timed out; 137 out of memory;
152 out of fuel; 153 output limit; 126 denied; 130 stopped; 2 wrong usage; 1 Glovebox's own fault`;

export const run: Command = {
  name: 'run',
  summary: 'run a module and pass its output through',
  help,
  async run(args, shell) {
    const flags = readFlags(args, runFlags);
    const options = await readRunFlags(flags, shell.workingFolder);
    const app = await shell.openApp();
    try {
      const { record, items } = await runModule(app, shell, options);
      await writeOutputs(options, items[0]?.files ?? []);
      await writeProofs(clientOf(app), shell, options, record);
      if (options.isJson) shell.terminal.print(JSON.stringify(runJson(record, items)));
      else report(shell, record, items);
      return statusOfOutcome(record.outcome!);
    } catch (error) {
      if (!(error instanceof Refusal) || !options.isJson) throw error;
      shell.terminal.print(JSON.stringify(deniedJson(error)));
      return statusOfCode(error.code);
    }
  },
};

type Ended = { record: RunRecord; items: RunItem[] };

async function runModule(app: Door, shell: Shell, options: RunOptions): Promise<Ended> {
  const client = clientOf(app);
  const module = await loadModuleArgument(client, shell, options.file, options.sealedBy);
  const since = app.events.seq();
  const sealTo = await findRecipients(client, options.sealTo);
  const request = { ...options.requestFor(module), ...(sealTo.length > 0 && { sealTo }) };
  const { runId } = expectValue(await client.runs.start(request));
  return followRun(app, client, shell, options, runId, since);
}

/** Passes the run's output through while it goes on; resolves when it has ended. */
async function followRun(
  app: Door,
  client: Client,
  shell: Shell,
  options: RunOptions,
  runId: RunId,
  since: number,
): Promise<Ended> {
  const ended = Promise.withResolvers<void>();
  const passed = { stdout: 0, stderr: 0 };
  let passing = Promise.resolve();
  const pass = (stream: 'stdout' | 'stderr'): void => {
    if (!options.isJson) passing = passing.then(() => passNew(client, shell, runId, stream, passed));
  };
  const unsubscribe = app.events.subscribe(since, (message) => {
    if (message.name === 'run.printed' && message.data.runId === runId) pass(message.data.stream);
    if (message.name === 'run.gauged' && message.data.runId === runId && options.hasProgress) {
      const { elapsedMs, memoryBytes, fuelUsed, state } = message.data;
      const parts = [state, `${(elapsedMs / 1000).toFixed(1)} s`];
      if (memoryBytes !== null) parts.push(formatBytes(memoryBytes));
      if (fuelUsed !== null) parts.push(`${fuelUsed} fuel`);
      shell.terminal.progress(parts.join(' · '));
    }
    if (message.name === 'run.changed' && message.data.runId === runId && message.data.state === 'ended')
      ended.resolve();
  });
  const stopListening = shell.onInterrupt((count) => {
    // Guests die with the process that owns them.
    if (count > 1) process.exit(130);
    void client.runs.cancel({ runId });
  });
  try {
    await ended.promise;
    pass('stdout');
    pass('stderr');
    await passing;
    const record = expectValue(await client.runs.get({ runId }));
    return { record, items: expectValue(await client.runs.items({ runId })) };
  } finally {
    stopListening();
    unsubscribe();
  }
}

async function passNew(
  client: Client,
  shell: Shell,
  runId: RunId,
  stream: 'stdout' | 'stderr',
  passed: { stdout: number; stderr: number },
): Promise<void> {
  for (;;) {
    const range = expectValue(await client.runs.output({ runId, stream, offset: passed[stream], length: 1_048_576 }));
    shell.terminal.pass(stream, range.bytes);
    passed[stream] += range.bytes.length;
    if (range.bytes.length === 0 || passed[stream] >= range.totalBytes) return;
  }
}

function report({ terminal }: Shell, record: RunRecord, items: readonly RunItem[]): void {
  for (const item of items) for (const { value } of item.results) terminal.print(value);
  const { kind } = record.outcome!;
  if (kind !== 'finished' && kind !== 'exited') terminal.note(`glovebox: ${describeOutcome(record)}`);
}

/** The receipt and the sealed output of a run, where they were asked for. */
async function writeProofs(client: Client, shell: Shell, options: RunOptions, { runId }: RunRecord): Promise<void> {
  const place = (file: string) => path.resolve(shell.workingFolder, file);
  if (options.sealTo.length > 0) {
    const { bytes, fileName } = expectValue(await client.sealing.output({ runId }));
    await writeFileAtomic(place(options.sealedFile ?? fileName), bytes);
    shell.terminal.note(`glovebox: the output is sealed in ${options.sealedFile ?? fileName}`);
  }
  if (options.receiptFile !== undefined) {
    const { text } = expectValue(await client.receipts.get({ runId }));
    await writeFileAtomic(place(options.receiptFile), text);
  }
}

async function writeOutputs(options: RunOptions, files: readonly GuestFile[]): Promise<void> {
  for (const { guest, host } of options.outputs) {
    const found = files.find((file) => file.path === guest);
    if (found === undefined) throw new UsageError(`the guest left no file at ${guest} for --out`);
    await writeFile(path.resolve(host), found.content);
  }
}

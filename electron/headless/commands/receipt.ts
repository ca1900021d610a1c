import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ReceiptVerification, Verdict } from '../../../shared/model/receipt.ts';
import { runId } from '../../../shared/model/scalars.ts';
import { writeFileAtomic } from '../../disk/index.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Shell, UsageError } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';
import type { Style } from '../terminal.ts';

const help = `usage: glovebox receipt verify FILE [--replay MODULE] [--json]
       glovebox receipt list [--last N] [--json]
       glovebox receipt get RUN [--bundle] [-o FILE]

Checks what a receipt claims about a run, or hands out the receipt of one.

  glovebox receipt verify run.receipt.json
  glovebox receipt verify run.receipt.json --replay tool.wasm
  glovebox receipt get run_01JD… -o run.receipt.json

  --replay MODULE   run the module again, where the run was deterministic and its input was kept here,
                    and compare outcome, output and fuel
  --bundle          as Sigstore bundle v0.3 instead
  --json            the verdict, every check and the signed statement as one object

exit status of verify: 0 valid; 3 valid, signer unknown; 4 invalid; 5 cannot check; 2 wrong usage`;

const STATUS: { readonly [verdict in Verdict]: number } = {
  valid: 0,
  'valid-unknown-signer': 3,
  invalid: 4,
  'cannot-check': 5,
};
const HEADLINE: { readonly [verdict in Verdict]: readonly [text: string, style: Style] } = {
  valid: ['Valid', 'green'],
  'valid-unknown-signer': ['Valid, signer unknown', 'yellow'],
  invalid: ['Invalid', 'red'],
  'cannot-check': ['Cannot check', 'yellow'],
};
const MARKS = { done: '✓', failed: '✗', 'not-checked': '–' };

export const receipt: Command = {
  name: 'receipt',
  summary: 'check and hand out receipts of runs',
  help,
  async run(args, shell) {
    const [verb, ...rest] = args;
    const flags = readFlags(rest, {
      replay: { type: 'string' },
      bundle: { type: 'boolean' },
      last: { type: 'string' },
      output: { type: 'string', short: 'o' },
    });
    if (verb === 'verify') return verify(shell, flags);
    if (verb === 'list') return list(shell, flags);
    if (verb === 'get') return get(shell, flags);
    throw new UsageError('receipt wants verify, list or get');
  },
};

async function verify(shell: Shell, flags: Flags): Promise<number> {
  const [file, ...others] = flags.positionals;
  if (file === undefined || others.length > 0) throw new UsageError('receipt verify wants one FILE');
  const bytes = await readFile(path.resolve(shell.workingFolder, file)).catch(() => {
    throw new UsageError(`${file} could not be read`);
  });
  const client = clientOf(await shell.openApp());
  const module = flags.text('replay');
  if (module !== undefined) {
    expectValue(await client.modules.loadPath({ path: path.resolve(shell.workingFolder, module) }));
  }
  const replay = module !== undefined;
  const result = expectValue(await client.receipts.verify({ receipt: new Uint8Array(bytes), replay }));
  if (flags.isOn('json')) shell.terminal.print(JSON.stringify(result));
  else report(shell, result);
  return STATUS[result.verdict];
}

function report({ terminal }: Shell, { verdict, checks, statement, signer, proves }: ReceiptVerification): void {
  const [headline, style] = HEADLINE[verdict];
  terminal.print(terminal.styled(style, headline));
  for (const { name, state, message } of checks) terminal.print(`  ${MARKS[state]} ${name.padEnd(11)}  ${message}`);
  if (statement !== null) {
    const { runId: run, module, entry, result, startedAt, finishedAt } = statement.predicate;
    terminal.print(`run       ${run}`);
    terminal.print(`module    ${module.sha256}`);
    terminal.print(`entry     ${entry.kind === 'export' ? entry.name : '_start'}`);
    terminal.print(
      `outcome   ${result.kind}${result.limit ? ` (${result.limit.name} limit ${result.limit.value})` : ''}`,
    );
    terminal.print(`time      ${startedAt} to ${finishedAt}`);
  }
  if (signer !== null)
    terminal.print(`signer    ${signer.fingerprint}${signer.label === null ? '' : ` ${signer.label}`}`);
  terminal.print(`it proves ${proves}`);
}

async function list(shell: Shell, flags: Flags): Promise<number> {
  const limit = Number(flags.text('last') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new UsageError('--last wants 1 to 1000');
  const client = clientOf(await shell.openApp());
  for (const one of expectValue(await client.receipts.list({ limit }))) {
    if (flags.isOn('json')) shell.terminal.print(JSON.stringify(one));
    else {
      const time = new Date(one.finishedAt).toISOString();
      shell.terminal.print(
        `${one.runId}  ${time}  ${one.kind.padEnd(13)}  ${one.module.slice(0, 12)}  ${one.receiptId}`,
      );
    }
  }
  return 0;
}

async function get(shell: Shell, flags: Flags): Promise<number> {
  const parsed = runId.safeParse(flags.positionals[0]);
  if (!parsed.success) throw new UsageError('receipt get wants the id of a RUN');
  const client = clientOf(await shell.openApp());
  const input = { runId: parsed.data };
  const { text } = expectValue(
    await (flags.isOn('bundle') ? client.receipts.exportBundle(input) : client.receipts.get(input)),
  );
  const target = flags.text('output');
  if (target === undefined) shell.terminal.print(text.trimEnd());
  else await writeFileAtomic(path.resolve(shell.workingFolder, target), text);
  return 0;
}

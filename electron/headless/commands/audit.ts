import type { AuditExportSelection, AuditRow } from '../../../shared/contract/audit.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Shell, UsageError } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';
import { checkReceipts, verifyLog } from './audit-verify.ts';
import { openOutput } from './output-file.ts';

const help = `usage: glovebox audit list [FILTER] [--last N] [--json]
       glovebox audit verify [FOLDER | EXPORT.jsonl] [--key FINGERPRINT] [--head FILE] [--json]
       glovebox audit prove SEQ [-o FILE] [--json]
       glovebox audit export [FILTER] [--from SEQ] [--to SEQ] [-o FILE]
       glovebox audit check RECEIPT… [--json]
       glovebox audit checkpoint [--json]
       glovebox audit prune --keep MONTHS

The log: every operation of Glovebox, in an order that nobody can quietly change.

  glovebox audit list 'module:tool.wasm kind:run.*' --last 20
  glovebox audit verify
  glovebox audit verify ./copied-ledger --key SHA256:…
  glovebox audit prove 1042 -o entry.tlog-proof
  glovebox audit export 'outcome:denied' -o denied.jsonl
  glovebox audit check *.receipt.json

  FILTER        outcome:… module:… kind:… actor:… seq:10..20 since:2026-11-01 "text" -term
  --last N      the newest N entries that match, 50 without it; 0 is all of them
  --key         the key that the log is expected to have begun with, as its owner told it
  --head FILE   the last head kept outside the folder; finds a folder that was rolled back
  --from --to   entries by number, both included; not with a FILTER
  --keep N      remove months older than N, at least 12; hashes stay, so proofs and receipts stay valid
  --json        one JSON object a line; for list, as the entry is in the file

verify reads the folder only and needs nothing but Glovebox. Exit status: 0 intact; 3 damaged; 4 changed; 2 wrong usage.
check: 0 all in the log; 4 entries are missing or the log was forked; 5 some receipts could not be checked.`;

export const audit: Command = {
  name: 'audit',
  summary: 'read, verify, prove and export the log of everything that was done',
  help,
  async run(args, shell) {
    const [verb = '', ...rest] = args;
    const action = Object.hasOwn(actions, verb) ? actions[verb as keyof typeof actions] : undefined;
    if (!action) throw new UsageError(`audit wants ${Object.keys(actions).join(', ')}`);
    return action(shell, readFlags(rest, options));
  },
};

const options = {
  last: { type: 'string' },
  key: { type: 'string' },
  head: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  keep: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const;

const actions = {
  list: listEntries,
  verify: verifyLog,
  prove: proveEntry,
  export: exportEntries,
  check: checkReceipts,
  checkpoint: signCheckpoint,
  prune: pruneMonths,
};

const PAGE_ROWS = 500;

async function listEntries(shell: Shell, flags: Flags): Promise<number> {
  const filter = flags.positionals.join(' ');
  const last = flags.text('last') === undefined ? 50 : wholeNumber('--last', flags.text('last'));
  const client = clientOf(await shell.openApp());
  const { matched } = expectValue(await client.audit.page({ filter, from: 0, length: 0, wait: true }));
  for (let from = last === 0 ? 0 : Math.max(0, matched - last); from < matched; from += PAGE_ROWS) {
    const { rows } = expectValue(
      await client.audit.page({ filter, from, length: Math.min(PAGE_ROWS, matched - from) }),
    );
    for (const row of rows) {
      if (!flags.isOn('json')) shell.terminal.print(describeRow(row));
      else shell.terminal.print(expectValue(await client.audit.get({ seq: row.seq })).line);
    }
  }
  return 0;
}

function describeRow({ seq, ts, op, actor, outcome, summary }: AuditRow): string {
  const time = new Date(ts).toISOString();
  return `${String(seq).padStart(6)}  ${time}  ${actor.padEnd(6)}  ${op.padEnd(16)}  ${(outcome ?? '').padEnd(12)}  ${summary}`.trimEnd();
}

async function proveEntry(shell: Shell, flags: Flags): Promise<number> {
  const seq = wholeNumber('audit prove', flags.positionals[0]);
  const client = clientOf(await shell.openApp());
  const proof = expectValue(await client.audit.prove({ seq }));
  const output = await openOutput(shell, flags.text('output'));
  await output.write(flags.isOn('json') ? `${JSON.stringify(proof)}\n` : proof.tlogProof);
  await output.finish();
  return 0;
}

async function exportEntries(shell: Shell, flags: Flags): Promise<number> {
  const selection = selectionOf(flags);
  const client = clientOf(await shell.openApp());
  let piece = expectValue(await client.audit.export({ selection }));
  const output = await openOutput(shell, flags.text('output'));
  for (;;) {
    await output.write(piece.text);
    if (piece.isEnd) break;
    piece = expectValue(await client.audit.exportMore({ id: piece.id }));
  }
  await output.finish();
  return 0;
}

function selectionOf(flags: Flags): AuditExportSelection {
  const filter = flags.positionals.join(' ');
  const [from, to] = [flags.text('from'), flags.text('to')];
  if (from === undefined && to === undefined) return filter === '' ? { kind: 'all' } : { kind: 'matches', filter };
  if (filter !== '') throw new UsageError('audit export takes a FILTER or --from and --to, not both');
  const fromSeq = from === undefined ? 0 : wholeNumber('--from', from);
  return { kind: 'range', fromSeq, toSeq: to === undefined ? Number.MAX_SAFE_INTEGER : wholeNumber('--to', to) };
}

async function signCheckpoint(shell: Shell, flags: Flags): Promise<number> {
  const client = clientOf(await shell.openApp());
  const made = expectValue(await client.audit.checkpoint({}));
  shell.terminal.print(flags.isOn('json') ? JSON.stringify(made) : made.note.trimEnd());
  return 0;
}

async function pruneMonths(shell: Shell, flags: Flags): Promise<number> {
  const retentionMonths = wholeNumber('--keep', flags.text('keep'));
  const client = clientOf(await shell.openApp());
  const { entries } = expectValue(await client.audit.prune({ retentionMonths }));
  shell.terminal.print(`${entries} entries removed`);
  return 0;
}

function wholeNumber(what: string, text: string | undefined): number {
  const value = Number(text ?? Number.NaN);
  if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`${what} wants a whole number`);
  return value;
}

import type { AuditRow } from '../../../shared/contract/audit.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Shell, UsageError } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';

const help = `usage: glovebox audit list [FILTER] [--last N] [--json]

Shows the log: every operation of Glovebox, oldest first.

  glovebox audit list --last 20
  glovebox audit list 'outcome:timed-out' --json
  glovebox audit list 'module:tool.wasm kind:run.*'

  FILTER      outcome:… module:… kind:… actor:… seq:10..20 since:2026-11-01 "text" -term
  --last N    the newest N entries that match, 50 without it; 0 is all of them
  --json      one JSON object a line, as the entry is in the file`;

export const audit: Command = {
  name: 'audit',
  summary: 'read the log of everything that was done',
  help,
  async run(args, shell) {
    const [verb, ...rest] = args;
    if (verb !== 'list') throw new UsageError('audit wants list');
    return listEntries(shell, readFlags(rest, { last: { type: 'string' } }));
  },
};

const PAGE_ROWS = 500;

async function listEntries(shell: Shell, flags: Flags): Promise<number> {
  const filter = flags.positionals.join(' ');
  const last = Number(flags.text('last') ?? 50);
  if (!Number.isSafeInteger(last) || last < 0) throw new UsageError('--last wants a whole number');
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

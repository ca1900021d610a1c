import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes, GiB } from '../../../shared/units.ts';
import { type HostileGuest, zoo } from '../../samples/index.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Command, type Shell, UsageError } from '../command.ts';
import { readFlags } from '../flags.ts';
import { describeOutcome } from '../run-report.ts';

const help = `usage: glovebox doctor [--json]

Looks at this machine, then runs a zoo of hostile guests through the real box, each under limits
of its own, and says of every limit whether it held. The runs are in the log like all others.

exit status: 0 everything holds; 1 something does not`;

/** `isGood` null is worth knowing and no fault. */
type Finding = { readonly check: string; readonly isGood: boolean | null; readonly message: string };

export const doctor: Command = {
  name: 'doctor',
  summary: 'check this machine, and that every limit of the box holds',
  help,
  async run(args, shell) {
    const flags = readFlags(args, {});
    if (flags.positionals.length > 0) throw new UsageError('doctor wants no arguments');
    const findings: Finding[] = [];
    const tell = (finding: Finding): void => {
      findings.push(finding);
      if (!flags.isOn('json')) shell.terminal.print(describe(shell, finding));
    };
    const client = clientOf(await shell.openApp());
    const status = expectValue(await client.system.status({}));
    tell({ check: 'Node.js', isGood: true, message: `${process.versions.node}, V8 ${process.versions.v8}` });
    tell(await checkDisk(shell.dataFolder));
    tell(checkClock());
    const { state, entries, message } = status.ledger;
    tell({ check: 'audit log', isGood: state === 'open', message: message ?? `open, ${entries} entries` });
    const isProtected = status.vault.protection !== 'file';
    const keys = isProtected
      ? `protected by ${status.vault.protection}`
      : 'in a file that only this user can read; protect them with a passphrase';
    tell({ check: 'key store', isGood: isProtected ? true : null, message: `${status.vault.state}, ${keys}` });
    for (const guest of zoo) tell(await tryGuest(shell, client, guest));
    const isGood = findings.every((finding) => finding.isGood !== false);
    if (flags.isOn('json')) shell.terminal.print(JSON.stringify({ isGood, findings }));
    return isGood ? 0 : 1;
  },
};

async function tryGuest(_shell: Shell, client: ReturnType<typeof clientOf>, guest: HostileGuest): Promise<Finding> {
  const file = path.resolve(import.meta.dirname, `../samples/zoo/${guest.name}.wasm`);
  const { record: module } = expectValue(await client.modules.loadPath({ path: file }));
  const wasi = { args: [guest.name], env: [], folders: [], files: [] };
  const { entry, limits } = guest;
  const request = { module: module.sha256, policy: 'Strict', entry, limits, grants: [...guest.grants], wasi };
  const { record } = expectValue(await client.runs.execute(request));
  const value = record.results[0]?.value;
  const isGood = record.outcome?.kind === guest.outcome && (guest.value === undefined || value === guest.value);
  const returned = value === undefined ? '' : `, returned ${value}`;
  const wanted = isGood
    ? ''
    : `; expected ${guest.outcome}${guest.value === undefined ? '' : `, returned ${guest.value}`}`;
  return { check: guest.holds, isGood, message: `${guest.name}: ${describeOutcome(record)}${returned}${wanted}` };
}

async function checkDisk(folder: string): Promise<Finding> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    return {
      check: 'disk',
      isGood: free > GiB ? true : null,
      message: `${formatBytes(free)} free for the data folder`,
    };
  } catch {
    return { check: 'disk', isGood: false, message: 'the data folder cannot be written' };
  }
}

function checkClock(): Finding {
  const year = new Date().getUTCFullYear();
  const isGood = year >= 2025 && year < 2100;
  return { check: 'clock', isGood, message: `${new Date().toISOString()}${isGood ? '' : ' cannot be true'}` };
}

function describe({ terminal }: Shell, { check, isGood, message }: Finding): string {
  const mark =
    isGood === null
      ? terminal.styled('yellow', 'note ')
      : isGood
        ? terminal.styled('green', 'holds')
        : terminal.styled('red', 'FAILS');
  return `${mark}  ${check.padEnd(32)}  ${message}`;
}

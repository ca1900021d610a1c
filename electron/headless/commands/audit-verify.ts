import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { receiptFile } from '../../../shared/model/receipt.ts';
import { fileAnchor, type VerificationReport, verifyExport, verifyFolder } from '../../ledger/index.ts';
import { clientOf, expectValue } from '../client.ts';
import { type Shell, UsageError } from '../command.ts';
import type { Flags } from '../flags.ts';

const STATUS = { intact: 0, damaged: 3, changed: 4 };
const STYLE = { intact: 'green', damaged: 'yellow', changed: 'red' } as const;
const HEADLINE = { intact: 'Intact', damaged: 'Damaged', changed: 'Changed' };

/** `audit verify`: the own log, a copied folder, or an export. The app is not opened, so nothing is repaired on the way. */
export async function verifyLog(shell: Shell, flags: Flags): Promise<number> {
  const [place, ...others] = flags.positionals;
  if (others.length > 0) throw new UsageError('audit verify wants one FOLDER or one EXPORT');
  const target = place === undefined ? path.join(shell.dataFolder, 'ledger') : path.resolve(shell.workingFolder, place);
  const found = await stat(target).catch(() => {
    throw new UsageError(`there is no log at ${place ?? 'the data folder'}`);
  });
  if (!found.isDirectory()) return verifyExportFile(shell, flags, target);
  const head = flags.text('head');
  const ownHead = place === undefined ? path.join(shell.dataFolder, 'ledger-head.json') : undefined;
  const headFile = head === undefined ? ownHead : path.resolve(shell.workingFolder, head);
  const anchor = headFile === undefined ? undefined : await fileAnchor(headFile).read();
  if (head !== undefined && anchor === undefined) throw new UsageError(`${head} is not a head`);
  const abort = new AbortController();
  const stopListening = shell.onInterrupt(() => abort.abort());
  try {
    const report = await verifyFolder(target, {
      anchor,
      expectedKeyId: keyIdOf(flags.text('key')),
      signal: abort.signal,
      onProgress: ({ bytes, totalBytes, seq }) => {
        shell.terminal.progress(`${Math.floor((100 * bytes) / Math.max(1, totalBytes))} %  entry ${seq}`);
      },
    });
    if (flags.isOn('json')) shell.terminal.print(JSON.stringify(report));
    else tell(shell, report);
    return STATUS[report.verdict];
  } finally {
    stopListening();
  }
}

function tell({ terminal }: Shell, report: VerificationReport): void {
  const { verdict, entries, size, root, signedSize, checkpoints, keys, findings, cannotKnow, durationMs } = report;
  terminal.print(terminal.styled(STYLE[verdict], HEADLINE[verdict]));
  terminal.print(
    `entries      ${entries} read, ${size} in the tree, ${Math.round(entries / (durationMs / 1000))} a second`,
  );
  terminal.print(`root         ${root ?? 'none: the entries do not make a tree'}`);
  terminal.print(`checkpoints  ${checkpoints} fit, the largest signs ${signedSize} entries`);
  for (const { keyId, fromSize, toSize } of keys) {
    const fingerprint = `SHA256:${Buffer.from(keyId, 'hex').toString('base64')}`;
    terminal.print(`key          ${fingerprint} from ${fromSize} to ${toSize ?? 'now'}`);
  }
  for (const { severity, kind, message } of findings) terminal.print(`${severity.padEnd(11)}  ${kind}: ${message}`);
  for (const sentence of cannotKnow) terminal.print(`not known    ${sentence}`);
}

async function verifyExportFile(shell: Shell, flags: Flags, file: string): Promise<number> {
  const report = await verifyExport(
    createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }),
  );
  const expected = keyIdOf(flags.text('key'));
  const isOther = report.isIntact && expected !== undefined && report.keyId !== expected;
  if (flags.isOn('json'))
    shell.terminal.print(JSON.stringify({ ...report, isExpectedKey: expected === undefined ? null : !isOther }));
  else if (!report.isIntact) {
    shell.terminal.print(shell.terminal.styled('red', HEADLINE.changed));
    shell.terminal.print(report.flaw);
  } else {
    shell.terminal.print(shell.terminal.styled(isOther ? 'red' : 'green', isOther ? 'Another key' : HEADLINE.intact));
    shell.terminal.print(
      `${report.entries} entries of ${report.origin}, under a checkpoint of ${report.checkpointSize}`,
    );
    shell.terminal.print(`signed by SHA256:${Buffer.from(report.keyId, 'hex').toString('base64')}`);
  }
  return report.isIntact && !isOther ? 0 : STATUS.changed;
}

/** `audit check`: holds the proofs in receipts against the own log. */
export async function checkReceipts(shell: Shell, flags: Flags): Promise<number> {
  if (flags.positionals.length === 0) throw new UsageError('audit check wants at least one RECEIPT');
  const proofs = await Promise.all(flags.positionals.map((name) => readProof(shell, name)));
  const client = clientOf(await shell.openApp());
  const verdicts = new Set<string>();
  for (let at = 0; at < proofs.length; at += 1000) {
    const { checked } = expectValue(await client.audit.checkProofs({ proofs: proofs.slice(at, at + 1000) }));
    for (const one of checked) {
      verdicts.add(one.verdict);
      const mark = one.verdict === 'present' ? '✓' : '✗';
      shell.terminal.print(
        flags.isOn('json') ? JSON.stringify(one) : `${mark} ${one.name}  ${one.verdict}: ${one.message}`,
      );
    }
  }
  if (verdicts.has('missing') || verdicts.has('forked')) return STATUS.changed;
  return verdicts.size === 1 && verdicts.has('present') ? 0 : 5;
}

/** The proof of a receipt file, or of a bare `.tlog-proof`. */
async function readProof(shell: Shell, name: string): Promise<{ name: string; tlogProof: string }> {
  const text = await readFile(path.resolve(shell.workingFolder, name), 'utf8').catch(() => {
    throw new UsageError(`${name} could not be read`);
  });
  if (!text.trimStart().startsWith('{')) return { name, tlogProof: text };
  try {
    const parsed = receiptFile.safeParse(JSON.parse(text));
    return { name, tlogProof: (parsed.success ? parsed.data.tlogProof : null) ?? '' };
  } catch {
    return { name, tlogProof: '' };
  }
}

/** `SHA256:…` or the same as 64 hex digits. */
function keyIdOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const base64 = /^SHA256:([A-Za-z0-9+/]{43})=?$/.exec(text)?.[1];
  if (base64 !== undefined) return Buffer.from(base64, 'base64').toString('hex');
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new UsageError('--key wants a fingerprint, SHA256: and base64');
}

import * as z from 'zod/mini';
import { count } from '../../../shared/model/scalars.ts';
import { type Checkpoint, parseCheckpoint } from '../checkpoint.ts';
import { HASH_BYTES, leafHash, toHex } from '../hashing.ts';
import { type LogKey, readLogKey } from '../log-key.ts';
import { coverNodes, Frontier, verifyInclusion } from '../merkle.ts';
import { signersOf } from '../note.ts';
import { parseRecord } from '../record.ts';

const hashes = z.array(z.base64());
const common = {
  format: z.literal('glovebox-ledger-export'),
  v: z.literal(1),
  origin: z.string(),
  keys: z.array(z.strictObject({ spki: z.base64(), fromSize: count, toSize: z.nullable(count) })),
  checkpoint: z.string(),
};
const exportHead = z.discriminatedUnion('proof', [
  z.strictObject({ ...common, proof: z.literal('cover'), fromSeq: count, before: hashes, after: hashes }),
  z.strictObject({ ...common, proof: z.literal('paths') }),
]);
type ExportHead = z.infer<typeof exportHead>;
const exportEntry = z.strictObject({ seq: count, line: z.string(), path: z.optional(hashes) });
const exportEnd = z.strictObject({ end: z.literal(true), entries: count });

/** What an export proves, or `flaw`: the first thing in it that is not right, and the entry it is about. */
export type ExportReport =
  | {
      readonly isIntact: true;
      readonly origin: string;
      readonly entries: number;
      readonly checkpointSize: number;
      /** hex id of the key that signed: whether it is the log's own, its owner must say */
      readonly keyId: string;
    }
  | { readonly isIntact: false; readonly flaw: string; readonly seq: number | null };

/** Checks an export without the log it comes from; `lines` are its lines without line feeds. */
export async function verifyExport(lines: AsyncIterable<string>): Promise<ExportReport> {
  let check: ExportCheck | undefined;
  for await (const line of lines) {
    if (check === undefined) {
      const begun = beginCheck(line);
      if (typeof begun === 'string') return { isIntact: false, flaw: begun, seq: null };
      check = begun;
    } else if (!check.visit(line)) break;
  }
  return check?.report() ?? { isIntact: false, flaw: 'the export is empty', seq: null };
}

function beginCheck(line: string): ExportCheck | string {
  const head = exportHead.safeParse(parseJson(line));
  if (!head.success) return 'the first line is not that of an export';
  const parsed = parseCheckpoint(head.data.checkpoint);
  if (!parsed || parsed.checkpoint.origin !== head.data.origin) return 'the checkpoint is not one of this log';
  const keys = head.data.keys.map(({ spki }) => keyOf(spki));
  if (!keys.every((key) => key !== undefined)) return 'a key cannot be read';
  const signers = signersOf(parsed.note, head.data.origin, keys);
  const signer = signers?.find((key) => {
    const range = head.data.keys[keys.indexOf(key)]!;
    return (
      range.fromSize <= parsed.checkpoint.size && parsed.checkpoint.size <= (range.toSize ?? Number.MAX_SAFE_INTEGER)
    );
  });
  return signer
    ? new ExportCheck(head.data, parsed.checkpoint, signer)
    : 'the checkpoint is not signed by the log’s key';
}

/** Follows the lines of an export. */
class ExportCheck {
  readonly #head: ExportHead;
  readonly #checkpoint: Checkpoint;
  readonly #signer: LogKey;
  readonly #tree = new Frontier();
  #entries = 0;
  #flaw: { flaw: string; seq: number | null } | undefined;
  #isEnded = false;

  constructor(head: ExportHead, checkpoint: Checkpoint, signer: LogKey) {
    this.#head = head;
    this.#checkpoint = checkpoint;
    this.#signer = signer;
    if (head.proof === 'cover' && !this.#addNodes(0, head.fromSeq, head.before)) {
      this.#fail('the hashes before the entries are not as many as they must be', null);
    }
  }

  /** @returns whether to go on */
  visit(line: string): boolean {
    if (this.#isEnded) return this.#fail('there is more after the last line', null);
    const value = parseJson(line);
    const end = exportEnd.safeParse(value);
    if (end.success) {
      this.#isEnded = true;
      return (
        end.data.entries === this.#entries ||
        this.#fail(`${end.data.entries} entries were exported, not ${this.#entries}`, null)
      );
    }
    const entry = exportEntry.safeParse(value);
    if (!entry.success) return this.#fail('a line is not one of an export', null);
    return this.#visitEntry(entry.data);
  }

  report(): ExportReport {
    if (!this.#flaw && !this.#isEnded) this.#fail('the export was cut: its last line is missing', null);
    if (!this.#flaw && this.#head.proof === 'cover') this.#checkRoot(this.#head);
    if (this.#flaw) return { isIntact: false, ...this.#flaw };
    return {
      isIntact: true,
      origin: this.#head.origin,
      entries: this.#entries,
      checkpointSize: this.#checkpoint.size,
      keyId: this.#signer.keyId,
    };
  }

  #visitEntry({ seq, line, path }: z.infer<typeof exportEntry>): boolean {
    const leaf = leafHash(Buffer.from(line));
    this.#entries++;
    if (parseRecord(line)?.seq !== seq) return this.#fail(`the line of entry ${seq} is another one`, seq);
    if (this.#head.proof === 'cover') {
      if (seq !== this.#tree.size) return this.#fail(`entry ${this.#tree.size} is missing before entry ${seq}`, seq);
      this.#tree.append(leaf);
      return true;
    }
    const hashesUp = path?.map((hash) => Buffer.from(hash, 'base64')) ?? [];
    const isProven = hashesUp.every(({ length }) => length === HASH_BYTES);
    const { size, root } = this.#checkpoint;
    if (isProven && verifyInclusion(leaf, seq, size, hashesUp, root)) return true;
    return this.#fail(`entry ${seq} is not in the log as it was signed`, seq);
  }

  #checkRoot(head: ExportHead & { proof: 'cover' }): void {
    const { size, root } = this.#checkpoint;
    if (!this.#addNodes(this.#tree.size, size, head.after)) {
      this.#fail('the hashes after the entries are not as many as they must be', null);
    } else if (toHex(this.#tree.root()) !== toHex(root)) {
      this.#fail('the entries do not lead to the root that was signed', null);
    }
  }

  #addNodes(from: number, to: number, nodes: readonly string[]): boolean {
    const cover = coverNodes(from, to);
    const bytes = nodes.map((hash) => Buffer.from(hash, 'base64'));
    if (to < from || cover.length !== bytes.length || !bytes.every(({ length }) => length === HASH_BYTES)) return false;
    for (const [i, { height }] of cover.entries()) this.#tree.appendNode(height, bytes[i]!);
    return true;
  }

  #fail(flaw: string, seq: number | null): false {
    this.#flaw ??= { flaw, seq };
    return false;
  }
}

function keyOf(spki: string): LogKey | undefined {
  try {
    return readLogKey(Buffer.from(spki, 'base64'));
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

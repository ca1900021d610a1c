import type { EntryDraft, LedgerEntry } from '../../shared/model/entry.ts';
import { type LogKey, readLogKey } from './log-key.ts';

/** A key and the sizes of checkpoints it may sign: from `fromSize` to `toSize`, both included. */
export type RangedKey = {
  readonly key: LogKey;
  readonly fromSize: number;
  readonly toSize: number;
  /** whether the key before it signed for it in the checkpoint that begins its range */
  readonly isVouched: boolean;
};

/** Operations that change keys. Their data is `{ key: hex id, spki: base64, old?: hex id }`. */
export const KEY_OPS = {
  /** the first key of a log that began without one */
  added: 'ledger.key-added',
  /** the next checkpoint is signed by the old and the new key */
  rotated: 'ledger.key-rotated',
  /** the old key was lost: nobody vouches for the new one */
  replaced: 'ledger.key-replaced',
} as const;

/** The keys of a log, in the order of their ranges. */
export class KeyRing {
  readonly #keys: RangedKey[] = [];

  /** @param spki the key of `log.json` @throws RangeError when it is no key */
  constructor(spki?: Uint8Array) {
    if (spki) this.#add(readLogKey(spki), 0, true);
  }

  get keys(): readonly RangedKey[] {
    return this.#keys;
  }

  get current(): RangedKey | undefined {
    return this.#keys.at(-1);
  }

  /**
   * Takes note of an entry. @returns false when it claims to change keys but does not name one
   */
  observe(entry: LedgerEntry): boolean {
    if (!isKeyOp(entry.op)) return true;
    const { spki } = entry.data;
    if (typeof spki !== 'string') return false;
    try {
      const isVouched = entry.op === KEY_OPS.rotated || this.#keys.length === 0;
      this.#add(readLogKey(Buffer.from(spki, 'base64')), entry.seq + 1, isVouched);
      return true;
    } catch {
      return false;
    }
  }

  /** The key that must sign a checkpoint of a size. */
  keyFor(size: number): RangedKey | undefined {
    return this.#keys.findLast(({ fromSize, toSize }) => fromSize <= size && size <= toSize);
  }

  #add(key: LogKey, fromSize: number, isVouched: boolean): void {
    const last = this.#keys.pop();
    if (last) this.#keys.push({ ...last, toSize: fromSize - 1 });
    this.#keys.push({ key, fromSize, toSize: Number.MAX_SAFE_INTEGER, isVouched });
  }
}

/** Whether an operation changes keys. */
export function isKeyOp(op: string): boolean {
  return op === KEY_OPS.added || op === KEY_OPS.rotated || op === KEY_OPS.replaced;
}

/** The entry that brings in a key. */
export function keyDraft(op: string, key: LogKey, old: LogKey | undefined): EntryDraft {
  const data = { key: key.keyId, spki: key.spki.toString('base64'), ...(old ? { old: old.keyId } : {}) };
  return { op, actor: 'system', data };
}

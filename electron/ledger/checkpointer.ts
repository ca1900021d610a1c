import { Refusal } from '../../shared/result.ts';
import type { AnchorStore } from './anchor.ts';
import { formatCheckpoint } from './checkpoint.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { toHex } from './hashing.ts';
import { type LogKey, readLogKey, verifySignature } from './log-key.ts';
import { formatNote } from './note.ts';
import type { TileTree } from './tile-tree.ts';

/** Signs checkpoints; the private key stays where it is. */
export type LogSigner = {
  /** DER SubjectPublicKeyInfo of a P-256 key */
  readonly publicKeySpki: Uint8Array;
  /** ECDSA over SHA-256 of `bytes`, as DER */
  sign(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array;
};

/** A checkpoint that was made: `note` is the signed note. */
export type MadeCheckpoint = { readonly size: number; readonly root: string; readonly note: string };

const EVERY_ENTRIES = 1024;
const IDLE_MS = 10_000;

export type CheckpointerOptions = {
  readonly origin: string;
  readonly tree: TileTree;
  readonly file: CheckpointFile;
  readonly anchor: AnchorStore | undefined;
  readonly clock: () => number;
  /** hex id of the key that must sign a checkpoint of a size */
  readonly keyIdFor: (size: number) => string | undefined;
  readonly last: MadeCheckpoint | undefined;
  /** a checkpoint could not be made; `isDisk` when a file could not be written */
  readonly onFailure: (error: unknown, isDisk: boolean) => void;
};

/** Makes checkpoints: after 1,024 entries, after 10 s without one, and when asked. One at a time. */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #last: MadeCheckpoint | undefined;
  #signers: { readonly key: LogKey; readonly signer: LogSigner }[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#last = options.last;
  }

  /** The newest checkpoint. */
  get last(): MadeCheckpoint | undefined {
    return this.#last;
  }

  get hasSigner(): boolean {
    return this.#signers.length > 0;
  }

  /** From now on these sign, all of them: two while a key is being rotated, none while keys are locked. */
  setSigners(signers: readonly LogSigner[]): void {
    this.#signers = signers.map((signer) => ({ key: readLogKey(signer.publicKeySpki), signer }));
  }

  /** Hears that entries were added. */
  noteAppended(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#makeInBackground(), IDLE_MS).unref();
    const isDue = this.#options.tree.size - (this.#last?.size ?? 0) >= EVERY_ENTRIES;
    if (isDue && this.hasSigner && !this.#isBusy) this.#makeInBackground();
  }

  /**
   * Signs the log as it is now, unless the newest checkpoint does already.
   * @throws Refusal `vault.locked` when there is no signer; the anchor is written all the same
   */
  make(): Promise<MadeCheckpoint> {
    const made = this.#tail.then(() => this.#make());
    this.#tail = made.catch(() => {});
    return made;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#tail;
    await this.#options.file.close();
  }

  #makeInBackground(): void {
    this.#isBusy = true;
    this.make()
      .catch((error) => {
        if (!(error instanceof Refusal)) this.#options.onFailure(error, false);
      })
      .finally(() => {
        this.#isBusy = false;
      });
  }

  async #make(): Promise<MadeCheckpoint> {
    const { tree, origin, file, anchor, clock } = this.#options;
    const { size } = tree;
    // While a key is being rotated the signers may still be those of before: then the checkpoint waits.
    const keyId = this.#options.keyIdFor(size);
    const signers = this.#signers.some(({ key }) => key.keyId === keyId) ? this.#signers : [];
    if (this.#last?.size === size) return this.#last;
    await this.#orStop(tree.flush());
    const root = await tree.root(size);
    const text = formatCheckpoint({ origin, size, root });
    await anchor?.write({ origin, size, root: toHex(root) });
    if (signers.length === 0)
      throw new Refusal('vault.locked', 'the log key is locked, so no checkpoint can be signed');
    const signatures = await Promise.all(
      signers.map(async ({ key, signer }) => {
        const signature = Buffer.from(await signer.sign(Buffer.from(text)));
        if (!verifySignature(key, Buffer.from(text), signature))
          throw new Error('the log signer made a wrong signature');
        return { name: origin, noteId: key.noteId, signature };
      }),
    );
    const note = formatNote({ text, signatures });
    await this.#orStop(file.append({ ts: clock(), note }));
    this.#last = { size, root: toHex(root), note };
    return this.#last;
  }

  async #orStop(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#options.onFailure(error, true);
      throw new Refusal('ledger.unavailable', 'the audit log could not be written; open it again to recover');
    }
  }
}

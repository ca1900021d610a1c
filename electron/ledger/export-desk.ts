import { randomBytes } from 'node:crypto';
import { Refusal } from '../../shared/result.ts';

/** A piece of an export. */
export type ExportPiece = { readonly id: string; readonly text: string; readonly isEnd: boolean };

const PIECE_CHARS = 1024 * 1024;
/** An export that nobody asks on for so long is given up. */
const IDLE_MS = 60_000;
const MOST_OPEN = 8;

type Open = { readonly chunks: AsyncGenerator<string>; timer: NodeJS.Timeout };

/** Hands exports out piece by piece, over transports that carry one answer for one question. */
export class ExportDesk {
  readonly #open = new Map<string, Open>();

  /** The first piece of an export. */
  begin(chunks: AsyncGenerator<string>): Promise<ExportPiece> {
    const id = randomBytes(16).toString('hex');
    this.#open.set(id, { chunks, timer: setTimeout(() => {}, 0) });
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MOST_OPEN) break;
      this.#giveUp(oldest);
    }
    return this.more(id);
  }

  /** The next piece. @throws Refusal `ledger.not-found` for an export that has ended or was given up */
  async more(id: string): Promise<ExportPiece> {
    const open = this.#open.get(id);
    if (!open) throw new Refusal('ledger.not-found', 'this export has ended or was given up');
    clearTimeout(open.timer);
    let text = '';
    try {
      while (text.length < PIECE_CHARS) {
        const next = await open.chunks.next();
        if (next.done) {
          this.#open.delete(id);
          return { id, text, isEnd: true };
        }
        text += next.value;
      }
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
    open.timer = setTimeout(() => this.#giveUp(id), IDLE_MS).unref();
    return { id, text, isEnd: false };
  }

  #giveUp(id: string): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    clearTimeout(open?.timer);
    void open?.chunks.return(undefined);
  }
}

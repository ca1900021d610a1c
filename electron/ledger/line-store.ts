import { type FileHandle, open } from 'node:fs/promises';
import type { Columns } from './columns.ts';
import { segmentPath } from './segment.ts';

/** Neighbouring lines are read together, up to this many bytes. */
const SPAN_BYTES = 256 * 1024;

/** Reads lines by row. Keeps the files of months open. */
export class LineStore {
  readonly #folder: string;
  readonly #columns: Columns;
  readonly #files = new Map<string, Promise<FileHandle>>();

  constructor(folder: string, columns: Columns) {
    this.#folder = folder;
    this.#columns = columns;
  }

  /** The exact bytes of the lines of `rows` (ascending), without line feeds, span by span. */
  async *read(rows: ArrayLike<number>): AsyncGenerator<{ row: number; line: Buffer }[]> {
    for (let first = 0; first < rows.length; ) {
      const start = this.#columns.placeOf(rows[first]!);
      let end = start.offset + start.lengthBytes;
      let past = first + 1;
      for (; past < rows.length; past++) {
        const place = this.#columns.placeOf(rows[past]!);
        const placeEnd = place.offset + place.lengthBytes;
        if (place.month !== start.month || placeEnd - start.offset > SPAN_BYTES) break;
        end = placeEnd;
      }
      const bytes = await this.#readSpan(start.month, start.offset, end - start.offset);
      const span: { row: number; line: Buffer }[] = [];
      for (; first < past; first++) {
        const row = rows[first]!;
        const at = this.#columns.offset[row]! - start.offset;
        span.push({ row, line: bytes.subarray(at, at + this.#columns.lengthBytes[row]!) });
      }
      yield span;
    }
  }

  /** Lets go of the files; they are opened again when lines are read. */
  async close(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    for (const file of files) await (await file).close();
  }

  async #readSpan(month: string, offset: number, lengthBytes: number): Promise<Buffer> {
    let file = this.#files.get(month);
    if (file === undefined) {
      file = open(segmentPath(this.#folder, month), 'r');
      this.#files.set(month, file);
      file.catch(() => this.#files.delete(month));
    }
    const bytes = Buffer.allocUnsafe(lengthBytes);
    const { bytesRead } = await (await file).read(bytes, 0, lengthBytes, offset);
    return bytesRead === lengthBytes ? bytes : bytes.subarray(0, bytesRead);
  }
}

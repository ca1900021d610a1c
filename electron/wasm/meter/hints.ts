import { ByteWriter } from '../byte-writer.ts';
import { Cursor } from '../cursor.ts';
import type { Module } from '../module.ts';

export const HINT_SECTION = 'metadata.code.branch_hint';
export const UNLIKELY = 0;

/** Branch hints of one function: offset from the start of its body, and 0 (unlikely) or 1 (likely). */
export type Hints = Map<number, number>;

/** Reads the module's own branch hints; a section that is not in order is worth nothing and read as empty. */
export function readHints(module: Module): Map<number, Hints> {
  const section = module.sections.find((each) => each.id === 0 && each.name === HINT_SECTION);
  const hints = new Map<number, Hints>();
  if (section === undefined) return hints;
  const cursor = new Cursor(module.bytes, section.contentOffset, section.end);
  try {
    const functions = cursor.u32();
    for (let i = 0; i < functions; i++) {
      const index = cursor.u32();
      const own: Hints = new Map();
      const count = cursor.u32();
      for (let j = 0; j < count; j++) {
        const offset = cursor.u32();
        if (cursor.u32() !== 1) return new Map();
        own.set(offset, cursor.byte());
      }
      hints.set(index, own);
    }
    return hints;
  } catch {
    return new Map();
  }
}

/** Collects the hints of the metered module, functions and offsets ascending, as the proposal wants them. */
export class HintWriter {
  readonly #out = new ByteWriter(1024);
  #functions = 0;

  addFunction(index: number, offsets: readonly number[], values: readonly number[]): void {
    if (offsets.length === 0) return;
    this.#functions++;
    this.#out.unsigned(index);
    this.#out.unsigned(offsets.length);
    offsets.forEach((offset, i) => {
      this.#out.unsigned(offset);
      this.#out.put(1, values[i]!);
    });
  }

  /** The content of the custom section, its name included; null when there is nothing to say. */
  finish(): Uint8Array | null {
    if (this.#functions === 0) return null;
    const section = new ByteWriter(this.#out.length + 64);
    section.name(HINT_SECTION);
    section.unsigned(this.#functions);
    section.append(this.#out.view());
    return section.view();
  }
}
